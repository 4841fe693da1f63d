"""From what an editor says happened to what stands for good, and the records that come of it: in a browser, with JavaScript and
without."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from domain import articles, boardkeeping, finality, scorekeeping
from extensions import db
from models import Article, Prediction, Reader, Role
from tests import factories, ledgers, resolving
from tests.applications import another_app
from tests.browser.conftest import Site
from tests.browser.test_accessibility import check

SignIn = Callable[..., Page]
LATER = timedelta(days=900)  # closed after everything of the demo, so that the front page still begins with that
LONG_AGO = 5_000  # hours: the front page ends with what nobody looks for there
OPEN, TAKEN_BACK, DISPUTED = "What happened is asked", "What happened was said too soon", "What happened is in doubt"
RIPE, LOOKED_AT = "Time is over", "Looked at all over"
BEST = "Ada Quill"
WITH_OR_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])


@dataclass(frozen=True)
class Asked:
    """Where a question is on the site."""

    article: int
    prediction: int
    slug: str


@pytest.fixture(scope="session")
def asked(site: Site) -> dict[str, Asked]:
    """Return questions by their headline: open ones, some of which something is said of, and two editors to decide."""
    now = datetime.now(UTC)
    with another_app(f"sqlite:///{site.folder / 'foresay.db'}", instance=site.folder) as app, app.app_context():
        first = db.session.query(Reader).filter_by(email=site.sign_ins["editor"][0]).one()
        second = factories.account("Olga Second", role=Role.EDITOR)
        site.sign_ins["second editor"] = (str(second.email), factories.PASSWORD)
        made = [_article(now - timedelta(hours=2), f"{OPEN}, {way}") for way in (True, False)]
        for headline in (*(f"{one}, {way}" for one in (TAKEN_BACK, DISPUTED) for way in (True, False)), RIPE, LOOKED_AT):
            ago = timedelta(hours=73 if headline == RIPE else 1)
            made.append(_article(now - ago - timedelta(hours=1), headline))
            resolving.resolve(made[-1], first, now - ago)
            if headline in {RIPE, LOOKED_AT}:
                resolving.dispute(factories.asked(made[-1])[1], factories.account(), now - ago + timedelta(minutes=1))
        _record(now)
        boardkeeping.renew(now=now)
        db.session.commit()
        return {one.headline: Asked(one.id, factories.asked(one)[1].id, one.slug) for one in made}


def _article(opened_at: datetime, headline: str) -> Article:
    draft = factories.draft(opened_at, headline)
    assert draft.poll is not None
    assert draft.prediction is not None
    later = opened_at + LATER
    poll, prediction = replace(draft.poll, closes_at=later), replace(draft.prediction, closes_at=later)
    article = articles.create(replace(draft, poll=poll, prediction=prediction), now=opened_at)
    articles.open_to_readers(article, now=opened_at)
    return article


def _record(now: datetime) -> None:
    """Let one reader have been nearer than four others ten times."""
    best, others = factories.account(BEST), [factories.account() for _ in range(4)]
    for number in range(10):
        prediction: Prediction = ledgers.question(now, ago=LONG_AGO, headline=f"Decided long ago, {number}")
        prediction.article.opened_at = prediction.opened_at
        ledgers.say(prediction, best, 0, (0.8, 0.1, 0.1))
        for other in others:
            ledgers.say(prediction, other, 0, (0.2, 0.4, 0.4), pick=1)
        ledgers.end(prediction)
        scorekeeping.score(prediction, now=now)


def desk(page: Page, headline: str) -> None:
    """Go to the desk of a question as an editor does."""
    page.goto("/newsroom")
    entry = page.get_by_role("article").filter(has_text=headline)
    entry.get_by_role("link", name=re.compile("^(Resolve|How it ended)")).click()


def fill_in(page: Page, outcome: str) -> None:
    """Type what happened, an hour ago."""
    an_hour_ago = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    page.get_by_role("radio", name=outcome, exact=True).check()
    page.get_by_label("Source", exact=True).fill("https://example.org/minutes")
    page.get_by_label("What it says").fill("“The tolls end,” it says.")
    page.get_by_label("When it happened").fill(an_hour_ago)
    page.get_by_label("When it became known").fill(an_hour_ago)


def look_and_confirm(page: Page, button: str) -> None:
    page.get_by_role("button", name="Go on to a last look").click()
    page.get_by_role("button", name=button).click()


@WITH_OR_WITHOUT
def test_what_happened_is_said_after_a_last_look(signed_in: SignIn, asked: dict[str, Asked], *, scripts: bool) -> None:
    page = signed_in("editor", java_script_enabled=scripts)
    desk(page, f"{OPEN}, {scripts}")
    fill_in(page, "Against")
    page.get_by_role("button", name="Go on to a last look").click()
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("What it says")).to_have_value("“The tolls end,” it says.")
    page.get_by_role("radio", name="For ending them").check()
    look_and_confirm(page, "Yes, this happened")
    said = page.get_by_role("region", name="What happened")
    for words in ("For ending them", "“The tolls end,” it says.", "Source: example.org", "Provisional: it becomes final on"):
        expect(said).to_contain_text(words)


@pytest.mark.parametrize(
    ("act", "title", "forms", "scripts"), [("Reopen", "Reopened", 1, True), ("Annul", "Annulled", 0, False)]
)
def test_what_was_said_is_taken_back_with_a_reason(
    signed_in: SignIn, asked: dict[str, Asked], *, scripts: bool, act: str, title: str, forms: int
) -> None:
    page, headline = signed_in("editor", java_script_enabled=scripts), f"{TAKEN_BACK}, {scripts}"
    desk(page, headline)
    page.get_by_role("link", name=f"{act} the prediction").click()
    page.get_by_label("Why").fill("It was premature.")
    look_and_confirm(page, f"{act} the prediction")
    page.goto(f"/articles/{asked[headline].slug}")
    expect(page.get_by_role("region", name=title)).to_contain_text("It was premature.")
    expect(page.get_by_role("group", name="How will the council vote?")).to_have_count(forms)


@WITH_OR_WITHOUT
def test_a_readers_dispute_is_upheld_by_a_second_editor(signed_in: SignIn, asked: dict[str, Asked], *, scripts: bool) -> None:
    headline, mode = f"{DISPUTED}, {scripts}", {"java_script_enabled": scripts}
    reader = signed_in("reader", **mode)
    reader.goto(f"/articles/{asked[headline].slug}")
    reader.get_by_role("link", name="Dispute this").click()
    reader.get_by_label("Your source").fill("https://example.org/correction")
    reader.get_by_label("What it shows").fill("They voted against it.")
    reader.get_by_role("button", name="Send the dispute").click()
    expect(reader.get_by_role("article").filter(has_text="They voted against it.")).to_contain_text(
        "Waits for a second editor."
    )
    first = signed_in("editor", **mode)
    desk(first, headline)
    expect(first.get_by_text("so another editor has to decide this")).to_be_visible()
    second = signed_in("second editor", **mode)
    desk(second, headline)
    second.get_by_role("link", name="Decide").click()
    second.get_by_role("radio", name="something else happened").check()
    fill_in(second, "Against")
    second.get_by_label("Why").fill("The reader is right.")
    look_and_confirm(second, "Yes, decide it so")
    reader.reload()
    expect(reader.get_by_role("article").filter(has_text="The reader is right.")).to_contain_text("Upheld")
    reader.get_by_role("link", name="Back to the article").click()
    expect(reader.get_by_role("region", name="What happened")).to_contain_text("Against")


def test_a_dismissed_dispute_lets_what_was_said_become_final(signed_in: SignIn, asked: dict[str, Asked], site: Site) -> None:
    page = signed_in("second editor")
    desk(page, RIPE)
    page.get_by_role("link", name="Decide").click()
    expect(page.get_by_label("Source", exact=True)).to_be_hidden()
    page.get_by_role("radio", name="what was said stands").check()
    page.get_by_label("Why").fill("That is another vote.")
    look_and_confirm(page, "Yes, decide it so")
    with another_app(f"sqlite:///{site.folder / 'foresay.db'}", instance=site.folder) as app, app.app_context():
        finality.finalise(db.session.get_one(Prediction, asked[RIPE].prediction), now=datetime.now(UTC))
        db.session.commit()
    page.goto(f"/articles/{asked[RIPE].slug}")
    expect(page.get_by_role("region", name="What happened")).to_contain_text("Final since")
    expect(page.get_by_role("link", name="Dispute this")).to_have_count(0)


@pytest.mark.usefixtures("asked")
def test_the_nearest_reader_leads_the_leaderboard_and_the_league_is_beside_it(without_javascript: Page) -> None:
    page = without_javascript
    page.goto("/leaderboard")
    page.get_by_label("Section").select_option("City")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("rowheader").first).to_have_text(BEST)
    page.get_by_label("Became final in").select_option("the last 30 days")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name=BEST)).to_have_count(0)
    page.go_back()
    page.get_by_role("link", name=BEST).click()
    record = page.get_by_role("region", name="Track record")
    expect(record).to_contain_text("10 of 10")
    page.go_back()
    page.get_by_role("link", name="Which way of combining").click()
    expect(page.get_by_role("rowheader")).to_have_count(6)
    with page.expect_download() as file:
        page.get_by_role("link", name="as a CSV file").click()
    assert file.value.path().read_text().startswith("prediction")


def test_the_desk_and_its_last_looks_have_no_violations(signed_in: SignIn, asked: dict[str, Asked]) -> None:
    page = signed_in("second editor")
    desk(page, LOOKED_AT)
    check(page)
    page.get_by_role("link", name="Annul the prediction").click()
    page.get_by_role("button", name="Go on to a last look").click()
    check(page)
    desk(page, LOOKED_AT)
    page.get_by_role("link", name="Decide").click()
    page.get_by_role("radio", name="something else happened").check()
    page.get_by_role("button", name="Go on to a last look").click()
    check(page)
    fill_in(page, "Against")
    page.get_by_label("Why").fill("The reader is right.")
    page.get_by_role("button", name="Go on to a last look").click()
    check(page)


def test_disputes_and_records_have_no_violations(page: Page, asked: dict[str, Asked]) -> None:
    page.goto(f"/predictions/{asked[LOOKED_AT].prediction}/disputes")
    page.get_by_role("button", name="Send the dispute").click()
    check(page)
    for path in ("/league", "/leaderboard"):
        page.goto(path)
        check(page)
    page.get_by_role("link", name=BEST).click()
    check(page)
