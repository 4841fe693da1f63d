"""What waits, counted when it is asked for: a few statements, each bounded, so that a long queue costs no more than a short one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from domain import appeals, outbox, queues
from extensions import db, jobs


class Backlogs(Collector):
    """The figures of what waits at this moment. Where the database does not answer, that is told instead of what it holds;
    where the queue is away, its length is left out."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Return the figures."""
        try:
            found = self._found()
        except SQLAlchemyError:
            db.session.rollback()
            found = []
        yield GaugeMetricFamily("foresay_database_answers", "Whether the database answers (1).", value=int(bool(found)))
        yield from found
        with suppress(*jobs.away):
            yield _family("foresay_jobs_waiting", "Jobs in the queue.", "queue", {jobs.name: jobs.storage.queue_size()})

    def _found(self) -> list[Metric]:
        waiting = {queue.value: size for queue, size in queues.counts(self._now).items()}
        waiting["appeals"] = appeals.waiting_count()
        return [
            _family("foresay_moderation_waiting", "What waits for moderators; 100 is many.", "queue", waiting),
            _family("foresay_mail_waiting", "Mail that has to leave; 1001 is many.", "state", outbox.backlog()),
        ]


def _family(name: str, meaning: str, label: str, sizes: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, size in sizes.items():
        family.add_metric([key], size)
    return family
