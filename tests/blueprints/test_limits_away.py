"""Counting in a Redis that goes and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from extensions import limiter
from tests.applications import another_app, leave_empty
from tests.conftest import SeparateContextClient
from tests.servers import PrivateRedis


@pytest.fixture
def site(
    app: Flask, database_url: str, redis_server: PrivateRedis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """Return the site with its limits in Redis, which looks at each request whether that is back."""
    monkeypatch.setattr(limiter, "_Limiter__should_check_backend", lambda: True)
    with another_app(database_url, redis_url=redis_server.url, instance=tmp_path, rate_limits=True) as site:
        site.test_client_class = SeparateContextClient
        with site.app_context():
            yield site
            leave_empty()


def guess(site: Flask, times: int, first: int = 1) -> list[int]:
    """Guess the password of an account from as many networks."""
    data = {"email": "ann@example.org", "password": "not the password"}
    networks = [{"REMOTE_ADDR": f"198.51.100.{place}"} for place in range(first, first + times)]
    return [site.test_client().post("/sign-in", data=data, environ_overrides=network).status_code for network in networks]


def counts(server: PrivateRedis) -> list[Any]:
    """Return how often each account's password was guessed, as Redis knows."""
    client = server.client()
    return [client.get(key) for key in client.scan_iter(match="LIMITS:*/passwords/*")]


def test_the_count_is_in_redis(site: Flask, redis_server: PrivateRedis) -> None:
    guess(site, 4)
    assert counts(redis_server) == [b"4"]


def test_what_is_counted_in_redis_is_refused(site: Flask) -> None:
    assert guess(site, 11) == [422] * 10 + [429]


def test_without_redis_it_is_counted_here(site: Flask, redis_server: PrivateRedis) -> None:
    redis_server.kill()
    assert guess(site, 11) == [422] * 10 + [429]


def test_when_redis_is_back_it_is_counted_there(site: Flask, redis_server: PrivateRedis) -> None:
    redis_server.kill()
    guess(site, 2)
    redis_server.start()
    assert guess(site, 11, first=3) == [422] * 10 + [429]
    assert len(counts(redis_server)) == 1


def test_a_restart_of_redis_costs_no_answer(site: Flask, redis_server: PrivateRedis) -> None:
    guess(site, 2)
    redis_server.kill()
    redis_server.start()
    assert guess(site, 2, first=3) == [422] * 2
