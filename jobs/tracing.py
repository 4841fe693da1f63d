"""A line for each job, under the number of the request that asked for it."""

from __future__ import annotations

from typing import Any

from huey.api import Task
from huey.signals import SIGNAL_ENQUEUED

from extensions import jobs
from observing import faults, metrics
from observing.logs import log
from observing.trace import Trace, current, milliseconds, new_id, request_id


@jobs.signal(SIGNAL_ENQUEUED)
def _carry(_signal: str, task: Task) -> None:
    """Begin the job's number with that of the request, which is all that is kept of it in the queue."""
    number = request_id()
    if number and "." not in task.id:
        task.id = f"{number}.{task.id}"
        task.revoke_id = f"r:{task.id}"


@jobs.pre_execute()
def _begin(task: Task) -> None:
    number, found, _ = task.id.partition(".")
    current.set(Trace(number if found else new_id(), task.name, kind="job"))


@jobs.post_execute()
def _end(task: Task, _value: Any, error: BaseException | None) -> None:
    trace = current.get()
    if trace is None:
        return
    told = {"job_id": task.id.rpartition(".")[2], "duration_ms": milliseconds(trace.seconds), "queries": trace.queries}
    metrics.count_job(trace, "done" if error is None else "failed")
    if error is None:
        log.info("job", outcome="done", **told)
    else:
        log.error("job", outcome="failed", **told, **faults.described(error))
    current.set(None)
