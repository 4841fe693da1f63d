from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from huey.api import TaskWrapper

from extensions import jobs as queue
from jobs import tasks
from observing.trace import Trace, current
from tests.figures import change_of
from tests.loglines import Lines, one

pytestmark = pytest.mark.usefixtures("stage")


def fails(secret: str) -> None:
    """Fail with what it was given."""
    raise ValueError(secret)


def asks() -> None:
    """Ask for another job."""
    tasks.send_mail()


@pytest.fixture
def failing() -> Iterator[TaskWrapper]:
    """Return a job that fails."""
    job = queue.task()(fails)
    yield job
    job.unregister()


@pytest.fixture
def asking() -> Iterator[TaskWrapper]:
    """Return a job that asks for another."""
    job = queue.task()(asks)
    yield job
    job.unregister()


def worked_off(job: Any, *given: str, number: str = "") -> None:
    """Queue a job, as in a request of this number, and work it off as somebody else does."""
    queue.flush()
    token = current.set(Trace(number, "articles.take_part") if number else None)
    job(*given)
    current.reset(token)
    queue.execute(queue.dequeue())


def test_a_job_is_one_line_with_its_outcome(lines: Lines) -> None:
    worked_off(tasks.send_mail)
    line = one(lines(), "job")
    assert (line["job"], line["outcome"], line["level"]) == ("send_mail", "done", "info")
    assert line.keys() >= {"time", "request_id", "job_id", "duration_ms", "queries"}


def test_a_job_has_the_number_of_the_request_that_asked_for_it(lines: Lines) -> None:
    worked_off(tasks.send_mail, number="0123456789abcdef")
    assert one(lines(), "job")["request_id"] == "0123456789abcdef"


def test_a_job_nobody_asked_for_has_a_number_of_its_own(lines: Lines) -> None:
    worked_off(tasks.send_mail)
    worked_off(tasks.send_mail)
    assert len({line["request_id"] for line in lines()}) == 2


def test_a_job_that_asked_for_another_hands_its_number_on(asking: TaskWrapper, lines: Lines) -> None:
    worked_off(asking, number="0123456789abcdef")
    queue.execute(queue.dequeue())
    assert [line["request_id"] for line in lines() if line["event"] == "job"] == ["0123456789abcdef"] * 2


def test_a_job_that_fails_says_how_and_where_but_not_with_what(failing: TaskWrapper, lines: Lines) -> None:
    worked_off(failing, "a-secret-of-mine")
    told = lines()
    line = one(told, "job")
    assert (line["outcome"], line["error"], line["level"]) == ("failed", "ValueError", "error")
    assert line["where"][-1].endswith("in fails")
    assert "a-secret-of-mine" not in str(told)


def test_jobs_are_counted_by_their_outcome(failing: TaskWrapper) -> None:
    failed, done = {"job": "fails", "outcome": "failed"}, {"job": "send_mail", "outcome": "done"}
    assert change_of("foresay_jobs_total", lambda: worked_off(failing, ""), **failed) == 1
    assert change_of("foresay_jobs_total", lambda: worked_off(tasks.send_mail), **done) == 1


def test_the_time_of_jobs_is_put_in_a_histogram() -> None:
    told = {"job": "send_mail", "le": "+Inf"}
    assert change_of("foresay_job_seconds_bucket", lambda: worked_off(tasks.send_mail), **told) == 1


def test_nothing_is_left_of_a_job_when_it_is_done(lines: Lines) -> None:
    worked_off(tasks.send_mail)
    assert current.get() is None
