"""Who works off the queue. There may be many, on several hosts; what is due each minute is done by one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from huey.consumer import Consumer, Scheduler

FORGOTTEN = timedelta(minutes=10)  # clocks of hosts differ less


class OneOfMany(Scheduler):
    """A scheduler that leaves the jobs of a minute to whoever of all of them comes first."""

    def enqueue_periodic_tasks(self, now: datetime | None) -> None:
        """Queue what is due in this minute, unless another has."""
        minute = now or datetime.now(UTC)
        try:
            is_first = self.huey.put_if_empty(_claim(minute), b"")
            self.huey.delete(_claim(minute - FORGOTTEN))
        except self.huey.away as error:
            self._logger.warning("the queue is away, and with it the jobs of this minute: %s", error)
            return
        if is_first:
            super().enqueue_periodic_tasks(now)


class EmbeddedConsumer(Consumer):
    """A consumer that runs inside another program and leaves its signals alone."""

    scheduler_class = OneOfMany

    def _set_signal_handlers(self) -> None:
        pass


def _claim(minute: datetime) -> str:
    return f"minute {minute:%Y-%m-%d %H:%M}"
