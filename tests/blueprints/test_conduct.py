from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain import appeals, readers
from extensions import db
from models import Appeal, Article, CommentState, Reader, Role, Sanction, SanctionKind, StatementOfReasons
from tests import factories, scene_of_conduct
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")

MUTED = {"kind": "muted", "days": "7", "clause": "abuse", "seen": "0", "remark": "Third time.", "told": "Cool down."}


@pytest.fixture
def desk(app: Flask, moderator: Reader) -> FlaskClient:
    return factories.browser_of(app, moderator)


def test_a_reader_is_sanctioned_from_their_page(desk: FlaskClient, reader: Reader, now: datetime) -> None:
    done = desk.post(f"/moderation/readers/{reader.public_id}/sanctions", data=MUTED, follow_redirects=True)
    assert "Muted: no comments" in done.text
    assert "The reader is told in 20 seconds" in done.text
    sanction = db.session.scalars(select(Sanction)).one()
    assert sanction.ends_at is not None
    assert timedelta(days=6) < sanction.ends_at - now < timedelta(days=8)


def test_a_refused_sanction_is_explained_and_keeps_what_was_filled_in(
    app: Flask, desk: FlaskClient, reader: Reader, now: datetime
) -> None:
    scene_of_conduct.imposed(reader, SanctionKind.WARNED, factories.account("Mia", role=Role.MODERATOR), now)
    db.session.commit()
    refused = desk.post(f"/moderation/readers/{reader.public_id}/sanctions", data=MUTED)
    assert refused.status_code == 409
    assert "Another moderator has sanctioned this reader meanwhile" in refused.text
    assert "Cool down." in refused.text


def test_no_reader_is_told_a_clause_that_nobody_chose(desk: FlaskClient, reader: Reader) -> None:
    path = f"/moderation/readers/{reader.public_id}"
    chosen = BeautifulSoup(desk.get(path).text, "lxml").select_one("select[name=clause] option")
    assert chosen is not None
    refused = desk.post(f"{path}/sanctions", data={**MUTED, "clause": chosen["value"]})
    assert (refused.status_code, "Choose a clause: whoever" in refused.text, "Cool down." in refused.text) == (422, True, True)
    assert db.session.scalars(select(Sanction)).all() == []


def test_the_page_of_an_admin_offers_a_moderator_nothing(desk: FlaskClient) -> None:
    admin = factories.account("the boss", role=Role.ADMIN)
    page = desk.get(f"/moderation/readers/{admin.public_id}").text
    assert "whose role is lower than yours" in page
    assert "Impose it" not in page


def test_a_moderator_who_lost_the_role_is_signed_out_and_does_nothing(
    desk: FlaskClient, moderator: Reader, reader: Reader, now: datetime
) -> None:
    readers.give_role(moderator, Role.READER, now=now)
    refused = desk.post(f"/moderation/readers/{reader.public_id}/sanctions", data=MUTED)
    assert refused.status_code == 403
    assert db.session.scalars(select(Sanction)).all() == []


def test_a_note_is_read_by_colleagues(app: Flask, desk: FlaskClient, reader: Reader, editor: Reader) -> None:
    desk.post(f"/moderation/readers/{reader.public_id}/notes", data={"note": "Writes for a *party*."})
    assert "Writes for a *party*." in factories.browser_of(app, editor).get(f"/moderation/readers/{reader.public_id}").text


def test_a_readers_history_costs_the_same_however_long_it_is(
    desk: FlaskClient, article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            scene_of_conduct.removed(article, reader, moderator, now)
        db.session.commit()
        with counted_statements() as statements:
            assert "Insults and threats" in desk.get(f"/moderation/readers/{reader.public_id}").text
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_ban_near_its_review_is_listed_and_can_go_on(
    desk: FlaskClient, reader: Reader, moderator: Reader, now: datetime
) -> None:
    assert "No ban is to be looked at" in desk.get("/moderation/bans").text
    ban = scene_of_conduct.imposed(reader, SanctionKind.BANNED, moderator, now)
    db.session.commit()
    assert reader.name is not None
    assert reader.name in desk.get("/moderation/bans").text
    desk.post(f"/moderation/sanctions/{ban}/renewal", data={"days": "365"})
    assert "No ban is to be looked at" in desk.get("/moderation/bans").text


def test_of_a_ban_that_is_appealed_against_the_appeal_is_decided_first(
    desk: FlaskClient, reader: Reader, moderator: Reader, now: datetime
) -> None:
    ban = scene_of_conduct.imposed(reader, SanctionKind.BANNED, moderator, now)
    appeal = appeals.make(db.session.scalars(select(StatementOfReasons)).one(), "It was not me.", by=reader, now=now)
    db.session.commit()
    page = desk.get("/moderation/bans").text
    assert (f'href="/moderation/appeals/{appeal.id}"' in page, "Let it go on" in page) == (True, False)
    refused = desk.post(f"/moderation/sanctions/{ban}/renewal", data={"days": "365"})
    assert (refused.status_code, "Decide about the appeal first" in refused.text) == (409, True)


def test_an_appeal_is_decided_by_another(
    app: Flask, article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    first = factories.account("Mia", role=Role.MODERATOR)
    statement = scene_of_conduct.removed(article, reader, first, now)
    appeal = scene_of_conduct.appealed(statement, now)
    theirs, others = factories.browser_of(app, first), factories.browser_of(app, moderator)
    db.session.commit()
    for page in ("/moderation/appeals/", f"/moderation/appeals/{appeal.id}"):
        assert "You decided what this appeal is about" in theirs.get(page).text
    done = others.post(f"/moderation/appeals/{appeal.id}/decision", data={"decision": "granted"}, follow_redirects=True)
    assert "Everything is given back." in done.text
    assert "No appeal waits." in done.text
    assert statement.comment is not None
    assert statement.comment.state is CommentState.PUBLISHED


def test_the_list_of_appeals_says_how_long_each_waits(
    desk: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    statement = scene_of_conduct.removed(article, reader, factories.account(role=Role.MODERATOR), now - timedelta(days=4))
    scene_of_conduct.appealed(statement, now - timedelta(days=3))
    assert "waiting for 3 days" in desk.get("/moderation/appeals/").text


def test_the_second_to_decide_an_appeal_reads_who_was_first(
    app: Flask, article: Article, moderator: Reader, editor: Reader, now: datetime
) -> None:
    appeal = scene_of_conduct.appealed(
        scene_of_conduct.removed(article, factories.account(), factories.account(role=Role.MODERATOR), now), now
    )
    address, answer = f"/moderation/appeals/{appeal.id}/decision", {"decision": "refused", "argument": "It insults."}
    browsers = [factories.browser_of(app, one) for one in (moderator, editor)]
    db.session.commit()
    statuses = [browser.post(address, data=answer).status_code for browser in browsers]
    assert statuses == [303, 409]
    assert "Mo has decided about this appeal already." in browsers[1].post(address, data=answer).text
    assert db.session.scalars(select(Appeal.answer)).one() == "It insults."
