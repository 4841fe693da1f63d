from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask_migrate import upgrade
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from blueprints.gallery import samples
from blueprints.support.errors import TITLES
from commands.translations import PSEUDO_LOCALE, write_pseudo
from extensions import db
from tests.applications import another_app
from tests.architecture import doors, doors_of_oversight, doors_of_the_desk
from tests.architecture.doors import Door, request_of
from tests.architecture.markup import has_letters
from tests.conftest import SeparateContextClient
from tests.forgotten import forgotten_on, outside_marks
from tests.scene import WHO, Scene, changes, performed, rows_of

LOOKING = ("nobody", "guest", "reader", "moderator", "editor")
DOORS = [*doors.DOORS, *doors_of_oversight.DOORS, *doors_of_the_desk.DOORS]
READ = [door for door in DOORS if door.method == "GET"]
WRITE = [door for door in DOORS if door.method == "POST"]
Performance = tuple[Scene, Connection, str]  # and what was written before anything is tried


@pytest.fixture(scope="module")
def performance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Performance]:
    """Return a scene on a site in the made-up language."""
    folder = tmp_path_factory.mktemp("pseudo")
    write_pseudo(folder)
    settings = {"instance": folder, "locale": PSEUDO_LOCALE, "translations": folder, "site_name": "Foresay"}
    with another_app(f"sqlite:///{folder}/pseudo.db", **settings) as app:
        app.test_client_class = SeparateContextClient
        with app.app_context():
            upgrade()
            db.session.remove()
        with performed(app) as (scene, stage):
            yield scene, stage, known(stage)


def known(stage: Connection) -> str:
    """Return every text that somebody wrote, and the site's name."""
    rows = (row for rows in rows_of(stage).values() for row in rows)
    written = [value for row in rows for value in row if isinstance(value, str)]
    return "\n".join(["Foresay", samples.LONG_TEXT, *(" ".join(text.split()) for text in written)])


def html_of(response: TestResponse) -> str:
    """Return what of an answer is shown."""
    if response.mimetype == "application/json":
        answer = response.get_json()
        if isinstance(answer, list):  # people, each with the badge beside their name
            return "".join(f"<p>{person['role']}</p>" for person in answer)
        return "".join([answer.get("said", ""), *answer.get("regions", {}).values()])
    return response.text if response.mimetype == "text/html" and response.status_code not in {302, 303, 307} else ""


def in_mail(stage: Connection, texts: str) -> list[str]:
    """Return the lines of written mail that are neither between marks, nor an address, nor what somebody wrote."""
    mails = [f"{subject}\n{body}" for subject, body in stage.exec_driver_sql("SELECT subject, body FROM outgoing_mail")]
    lines = [line.strip() for mail in mails for line in outside_marks(mail)[0].replace("·", "").splitlines()]
    return [line for line in lines if has_letters(line) and line not in texts.splitlines() and not line.startswith("http://")]


def forgotten(performance: Performance, door: Door, who: str, *, sends: bool = True, accept: str = "text/html") -> list[str]:
    """Knock, follow where it leads, and return the texts that were forgotten on what is shown, and in mail."""
    scene, stage, written = performance
    with stage.begin_nested() as undone:
        browser = scene.browser(who)
        path, data = request_of(scene, door, who) if sends else (scene.address(door.endpoint, door.at, who), {})
        with changes(stage) as is_changed:
            answer = browser.open(path, method=door.method, data=data, headers={"Accept": accept})
            shown = browser.get(answer.headers["Location"]) if answer.status_code in {302, 303} else answer
            texts = known(stage) if is_changed() else written
        found = forgotten_on(html_of(shown), texts) + in_mail(stage, texts)
        db.session.remove()
        undone.rollback()
    return found


def visitors(door: Door) -> list[str]:
    """Return those who have something of their own to try the door with."""
    return [who for who, word in zip(WHO, door.cells.split(), strict=True) if word != "-" and who in LOOKING]


@pytest.mark.parametrize("door", READ, ids=str)
def test_no_text_of_a_page_was_forgotten(door: Door, performance: Performance) -> None:
    assert not {who: texts for who in visitors(door) if (texts := forgotten(performance, door, who))}


@pytest.mark.parametrize("door", WRITE, ids=str)
def test_no_text_of_what_is_said_afterwards_was_forgotten(door: Door, performance: Performance) -> None:
    assert not {who: texts for who in visitors(door) if (texts := forgotten(performance, door, who))}


@pytest.mark.parametrize("door", WRITE, ids=str)
def test_no_text_of_a_complaint_was_forgotten(door: Door, performance: Performance) -> None:
    assert not {who: texts for who in visitors(door) if (texts := forgotten(performance, door, who, sends=False))}


@pytest.mark.parametrize("door", [door for door in WRITE if door.endpoint.startswith("moderation")], ids=str)
def test_no_text_of_a_part_of_a_page_was_forgotten(door: Door, performance: Performance) -> None:
    assert not forgotten(performance, door, "moderator", accept="application/json")


@pytest.mark.parametrize("status", TITLES)
def test_no_text_of_an_error_page_was_forgotten(status: int, performance: Performance) -> None:
    door = Door("GET", "gallery.error", "", {"status": str(status)})
    assert not forgotten(performance, door, "nobody")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing/here"])
def test_pages_run_from_right_to_left(path: str, performance: Performance) -> None:
    page = BeautifulSoup(performance[0].app.test_client().get(path).text, "lxml")
    assert page.html is not None
    assert (page.html["lang"], page.html["dir"]) == (PSEUDO_LOCALE, "rtl")


@pytest.mark.parametrize(
    "html",
    [
        "<p>Send</p>",
        "<p>⟦Šéñď⟧ now</p>",
        "<p dir=auto>Send</p>",
        "<p>⟦a ⟦b⟧ c⟧ d</p>",
        '<p title="Send">7</p>',
        '<input aria-label="Your text">',
        '<input type=submit value="Send">',
        "<title>⟦Ťéšť⟧ · Home</title>",
    ],
)
def test_a_forgotten_text_is_found(html: str) -> None:
    assert forgotten_on(html, "what somebody wrote")


@pytest.mark.parametrize(
    "html",
    [
        "<p>⟦Šéñď⟧ 7 %</p>",
        "<p>⟦řéáď <a>ťhîš</a> ñöw⟧</p>",
        "<p dir=auto>somebody</p>",
        "<p translate=no>Ada</p>",
        "<time>May, UTC</time>",
        "<textarea aria-label='⟦á⟧'>typed</textarea>",
        "<title>what · ⟦Ťéšť⟧</title>",
    ],
)
def test_what_somebody_wrote_is_let_through(html: str) -> None:
    assert not forgotten_on(html, "what somebody wrote")
