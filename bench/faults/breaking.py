"""The faults. Each ends when what was broken may go on: a killed process is then started again, as systemd does."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

import sqlalchemy as sa

from bench.faults.units import Unit, WebServer, kill_postgres
from tests.servers import PrivatePostgres, PrivateRedis

FROZEN = 1.0  # seconds
FAULTY = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What can break."""

    webs: list[WebServer]
    workers: list[Unit]
    postgres: PrivatePostgres | None = None
    redis: PrivateRedis | None = None

    @property
    def units(self) -> Sequence[Unit]:
        """Return everything that is started again when it ends."""
        return [*self.webs, *self.workers]

    def settle(self) -> None:
        """Wait until everything is there again, web workers too."""
        for unit in self.units:
            unit.wait_until_ready()


Fault = Callable[[Setup, Random], None]
Ending = Callable[[Unit], None]


def _web(setup: Setup, chance: Random) -> WebServer:
    return chance.choice(setup.webs)


def _job_worker(setup: Setup, chance: Random) -> Unit:
    return chance.choice(setup.workers)


def _end(choose: Callable[[Setup, Random], Unit], how: Ending, setup: Setup, chance: Random) -> None:
    unit = choose(setup, chance)
    how(unit)
    unit.launch()


def _kill_web_worker(setup: Setup, chance: Random) -> None:
    os.kill(chance.choice(_web(setup, chance).worker_ids()), signal.SIGKILL)


def _freeze_web_worker(setup: Setup, chance: Random) -> None:
    worker = chance.choice(_web(setup, chance).worker_ids())
    os.kill(worker, signal.SIGSTOP)
    time.sleep(FROZEN)
    os.kill(worker, signal.SIGCONT)


def _kill_postgres(setup: Setup, chance: Random) -> None:
    assert setup.postgres is not None  # noqa: S101 - chosen only where there is one
    kill_postgres(setup.postgres)
    time.sleep(chance.random())
    setup.postgres.start()


def _end_connections(setup: Setup, _chance: Random) -> None:
    assert setup.postgres is not None  # noqa: S101 - the same
    engine = sa.create_engine(setup.postgres.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(FAULTY)
    engine.dispose()


def _kill_redis(setup: Setup, chance: Random) -> None:
    assert setup.redis is not None  # noqa: S101 - the same
    setup.redis.kill()
    time.sleep(chance.random())
    setup.redis.start()


def _freeze_redis(setup: Setup, _chance: Random) -> None:
    assert setup.redis is not None  # noqa: S101 - the same
    setup.redis.freeze()
    time.sleep(FROZEN)
    setup.redis.thaw()


PROCESSES: dict[str, tuple[Fault, int]] = {  # each with its weight
    "a web worker killed": (_kill_web_worker, 3),
    "a web worker frozen": (_freeze_web_worker, 1),
    "a web server killed": (partial(_end, _web, Unit.kill), 1),
    "a web server told to end": (partial(_end, _web, Unit.terminate), 1),
    "a job worker killed": (partial(_end, _job_worker, Unit.kill), 3),
    "a job worker told to end": (partial(_end, _job_worker, Unit.terminate), 1),
}
SERVERS: dict[str, tuple[Fault, int]] = {
    "PostgreSQL killed": (_kill_postgres, 2),
    "all connections to PostgreSQL ended": (_end_connections, 2),
    "Redis killed": (_kill_redis, 2),
    "Redis frozen": (_freeze_redis, 2),
}


def some_fault(setup: Setup, chance: Random) -> tuple[str, Fault]:
    """Choose what breaks next."""
    faults = PROCESSES | (SERVERS if setup.postgres else {})
    name = chance.choices(list(faults), [weight for _, weight in faults.values()])[0]
    return name, faults[name][0]
