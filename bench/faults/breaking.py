"""The faults, and how soon the site answers after each."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

import sqlalchemy as sa

from bench.faults.clients import Front
from bench.faults.scene import Scene
from bench.faults.units import Unit, WebServer, kill_postgres
from tests.servers import PrivatePostgres, PrivateRedis

FROZEN = 1.0  # seconds
BETWEEN_TRIES = 0.01
LONGEST_RECOVERY = 60.0
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

    def settle(self) -> int:
        """Wait until everything is there again, web workers too; start what has ended by itself, and return how much that was."""
        units = (*self.webs, *self.workers)
        ended = sum(unit.revive() for unit in units)
        for unit in units:
            unit.wait_until_ready()
        return ended


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One fault: how long it lasted, and how many seconds after its end every web server had read and stored.

    `calm` is how many seconds the same took just before it: what the machine's load alone makes of it.
    """

    fault: str
    calm: float
    lasted: float
    read_after: float
    stored_after: float

    @property
    def seconds(self) -> float:
        """Return when the site answered again."""
        return max(self.read_after, self.stored_after)


Fault = Callable[[Setup, Random], None]


def _kill_web_worker(setup: Setup, chance: Random) -> None:
    os.kill(chance.choice(chance.choice(setup.webs).worker_ids()), signal.SIGKILL)


def _kill_web_server(setup: Setup, chance: Random) -> None:
    web = chance.choice(setup.webs)
    web.kill()
    web.start()


def _end_web_server(setup: Setup, chance: Random) -> None:
    web = chance.choice(setup.webs)
    web.terminate()
    web.start()


def _kill_job_worker(setup: Setup, chance: Random) -> None:
    worker = chance.choice(setup.workers)
    worker.kill()
    worker.start()


def _end_job_worker(setup: Setup, chance: Random) -> None:
    worker = chance.choice(setup.workers)
    worker.terminate()
    worker.start()


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
    "a web server killed": (_kill_web_server, 1),
    "a web server told to end": (_end_web_server, 1),
    "a job worker killed": (_kill_job_worker, 3),
    "a job worker told to end": (_end_job_worker, 1),
}
SERVERS: dict[str, tuple[Fault, int]] = {
    "PostgreSQL killed": (_kill_postgres, 2),
    "all connections to PostgreSQL ended": (_end_connections, 2),
    "Redis killed": (_kill_redis, 2),
    "Redis frozen": (_freeze_redis, 2),
}


def break_something(setup: Setup, scene: Scene, front: Front, chance: Random) -> Happened:
    """Let one fault happen and end, and return when every web server had read and stored again."""
    faults = PROCESSES | (SERVERS if setup.postgres else {})
    name = chance.choices(list(faults), [weight for _, weight in faults.values()])[0]
    calm = _all_answer(setup, scene, front)
    began = time.monotonic()
    faults[name][0](setup, chance)
    lasted = time.monotonic() - began
    read, stored = _all_answer(setup, scene, front)
    return Happened(fault=name, calm=max(calm), lasted=lasted, read_after=read, stored_after=stored)


def _all_answer(setup: Setup, scene: Scene, front: Front) -> tuple[float, float]:
    """Return after how many seconds every server has read, and stored; all are asked at once."""
    now = time.monotonic()
    with ThreadPoolExecutor(len(setup.webs)) as pool:
        found = list(pool.map(lambda web: _answers_again(scene, front, web.port, now), setup.webs))
    return max(one[0] for one in found), max(one[1] for one in found)


def _answers_again(scene: Scene, front: Front, port: int, since: float) -> tuple[float, float]:
    """Return when a server has answered a signed-in reader with a page, and when it has stored something of theirs."""
    cookie, path = scene.accounts[-1], f"/comments/{scene.rated[-1]}/rating"

    def reads() -> bool:
        answer = front.read(f"/comments/{scene.rated[-1]}", cookie, port)
        return answer is not None and answer.status == 200  # noqa: PLR2004

    def stores() -> bool:
        answer = front.send(path, {"verdict": "good" if time.time_ns() % 2 else "none"}, cookie, port)
        return answer is not None and answer.status == 303  # noqa: PLR2004

    return _when(reads, since), _when(stores, since)


def _when(succeeds: Callable[[], bool], since: float) -> float:
    while not succeeds():
        if time.monotonic() - since > LONGEST_RECOVERY:
            break
        time.sleep(BETWEEN_TRIES)
    return time.monotonic() - since
