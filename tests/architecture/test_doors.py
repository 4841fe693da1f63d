from __future__ import annotations

import contextvars
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from extensions import db
from tests.architecture import doors, doors_of_conduct, doors_of_oversight, doors_of_the_desk
from tests.architecture.doors import Door, request_of
from tests.scene import WHO, Scene, changes, performed

DOORS = [*doors.DOORS, *doors_of_conduct.DOORS, *doors_of_oversight.DOORS, *doors_of_the_desk.DOORS]
UNSAFE = [door for door in DOORS if door.method not in {"GET", "HEAD"}]
FOREIGN = {
    "from another site": {"Sec-Fetch-Site": "cross-site"},
    "from a sister site": {"Sec-Fetch-Site": "same-site"},
    "with another's origin": {"Origin": "https://evil.example"},
    "with our origin, but from another site": {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    "with no origin": {"Origin": "null"},
    "with neither": {},
}


ONE_CLICK = {"List-Unsubscribe": "One-Click"}  # all that RFC 8058 has a mail provider send
OURS = {
    "from our own page": {"Sec-Fetch-Site": "same-origin"},
    "typed or bookmarked": {"Sec-Fetch-Site": "none"},
    "with our origin alone": {"Origin": "http://localhost"},
}


Request = tuple[str, dict[str, Any]]  # where to, and with what


def outcome(response: TestResponse, method: str, *, is_changed: bool) -> str:
    """Return what happened in the words of the table."""
    target = urlsplit(response.headers.get("Location", "")).path
    if response.status_code == 307:
        word = "cookie" if "Set-Cookie" in response.headers else "307"
    elif response.status_code in {302, 303}:
        word = "done" if is_changed else "sign-in" if target == "/sign-in" else "moved"
    else:
        word = "page" if response.status_code == 200 else str(response.status_code)
    if is_changed and method not in {"GET", "HEAD"} and word in {"page", "204"}:
        word = "told"
    return word if word in {"done", "told"} or not is_changed else f"{word}, but something is changed"


def knock(browser: FlaskClient, door: Door, request: Request, headers: dict[str, str]) -> TestResponse:
    """Send a request with these headers alone; the browser's own `open` would say that it is on a page of ours."""
    path, data = request
    return contextvars.Context().run(FlaskClient.open, browser, path, method=door.method, data=data, headers=headers)


def tried(scene: Scene, door: Door, stage: Connection) -> dict[str, str]:
    """Try a row cell by cell, taking back what each did, and return what happened to whom."""
    found = {}
    present = [who for who, word in zip(WHO, door.cells.split(), strict=True) if word != "-"]
    with stage.begin_nested() as row:
        requests = {who: (scene.browser(who), request_of(scene, door, who)) for who in present}
        db.session.commit()
        for who, (browser, request) in requests.items():
            with stage.begin_nested() as cell, changes(stage) as is_changed:
                response = knock(browser, door, request, OURS["from our own page"])
                found[who] = outcome(response, door.method, is_changed=is_changed())
                cell.rollback()
        db.session.remove()
        row.rollback()
    return found


@pytest.fixture(scope="module")
def performance(app: Flask) -> Iterator[tuple[Scene, Connection]]:
    with performed(app) as performance:
        yield performance


@pytest.fixture
def scene(performance: tuple[Scene, Connection]) -> Scene:
    return performance[0]


@pytest.fixture
def stage(performance: tuple[Scene, Connection]) -> Connection:
    return performance[1]


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_each_door_is_open_to_whom_it_may_be(door: Door, scene: Scene, stage: Connection) -> None:
    expected = zip(WHO, door.cells.split(), strict=True)
    assert tried(scene, door, stage) == {who: word for who, word in expected if word != "-"}


def test_every_endpoint_has_its_row(app: Flask) -> None:
    there = {(method, rule.endpoint) for rule in app.url_map.iter_rules() for method in (rule.methods or set())}
    assert {(door.method, door.endpoint) for door in DOORS} == {pair for pair in there if pair[0] not in {"HEAD", "OPTIONS"}}


def statuses_of(scene: Scene, doors: list[Door], headers: dict[str, str]) -> list[int]:
    """Return how an admin is answered at each door who sends these headers alone."""
    browser, requests = scene.browser("admin"), [(door, request_of(scene, door, "admin")) for door in doors]
    db.session.commit()
    return [knock(browser, door, request, headers).status_code for door, request in requests]


@pytest.mark.parametrize("headers", [headers for headers in FOREIGN.values() if headers])
def test_one_click_from_a_page_of_another_site_is_refused(headers: dict[str, str], scene: Scene, stage: Connection) -> None:
    door = next(door for door in UNSAFE if door.endpoint == "notifications.unsubscribe")
    with stage.begin_nested() as undone:
        assert statuses_of(scene, [replace(door, sends=ONE_CLICK)], headers) == [403]
        db.session.remove()
        undone.rollback()


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
def test_nothing_is_done_for_another_site(headers: dict[str, str], scene: Scene, stage: Connection) -> None:
    with stage.begin_nested() as undone:
        found = zip(UNSAFE, statuses_of(scene, UNSAFE, headers), strict=True)
        assert [(str(door), status) for door, status in found if status != 403] == []
        db.session.remove()
        undone.rollback()


def test_one_click_in_a_mail_program_opens_one_door_alone(scene: Scene, stage: Connection) -> None:
    with stage.begin_nested() as undone:
        doors = [replace(door, sends={**door.sends, **ONE_CLICK}) for door in UNSAFE]
        found = zip(UNSAFE, statuses_of(scene, doors, {}), strict=True)
        assert {str(door): status for door, status in found if status != 403} == {
            "POST notifications.unsubscribe {unsubscribe}": 200,
            "POST notifications.unsubscribe forged": 404,
        }
        db.session.remove()
        undone.rollback()


@pytest.mark.parametrize("headers", OURS.values(), ids=OURS.keys())
def test_a_form_of_our_own_is_taken(headers: dict[str, str], scene: Scene, stage: Connection) -> None:
    door = next(door for door in UNSAFE if door.endpoint == "comments.post")
    with stage.begin_nested() as undone:
        assert statuses_of(scene, [door], headers) == [303]
        db.session.remove()
        undone.rollback()
