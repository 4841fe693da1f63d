from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from domain import chances
from extensions import db
from models import PollKind, PredictionKind
from tests import factories
from tests.applications import another_app
from tests.browser.conftest import Site
from tests.browser.test_accessibility import check, unfold, violations

SPANS = {PollKind.SCALE: PredictionKind.DATE, PollKind.APPROVAL: PredictionKind.NUMBER}
LATER = timedelta(days=900)  # closed after everything of the demo, so that the front page still begins with that
INPUTS = ".chances__field input"


@pytest.fixture(scope="session")
def asked(site: Site) -> dict[PollKind, str]:
    """Return the address of an article with each kind of poll; some have a prediction of spans."""
    now, found = datetime.now(UTC), {}
    with another_app(f"sqlite:///{site.folder / 'foresay.db'}", instance=site.folder) as app, app.app_context():
        for kind in PollKind:
            prediction = factories.prediction(now, SPANS.get(kind, PredictionKind.OUTCOMES))
            poll = replace(factories.poll(now, kind), closes_at=now + LATER)
            prediction = replace(prediction, closes_at=now + LATER)
            found[kind] = factories.open_article_with(now, poll=poll, prediction=prediction).slug
        db.session.commit()
    return {kind: f"/articles/{slug}" for kind, slug in found.items()}


@pytest.fixture(params=["phone", "without_javascript"])
def guest(request: pytest.FixtureRequest) -> Page:
    """Return a newcomer's page: on a phone, and in a browser without JavaScript."""
    page: Page = request.getfixturevalue(request.param)
    return page


def send(page: Page) -> None:
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="What readers say").wait_for()
    page.wait_for_load_state("domcontentloaded")  # without JavaScript it is another page, which comes bit by bit


def move(page: Page, button: str, place: int) -> None:
    """Press a button of a chance, and wait for what becomes of it."""
    field = page.locator(INPUTS).nth(place)
    before = field.input_value()
    page.get_by_role("button", name=button).press("Enter")
    expect(field).not_to_have_value(before)
    page.wait_for_load_state("domcontentloaded")
    expect(page.get_by_role("button", name=button)).to_be_focused()


def mine(page: Page) -> list[str]:
    labels = page.locator("#results .tally-bar--mine .tally-bar__label > :first-child").all_inner_texts()
    return [label.strip() for label in labels]


def values(page: Page) -> list[int]:
    return [int(field.input_value() or 0) for field in page.locator(INPUTS).all()]


@pytest.mark.parametrize("kind", [PollKind.AGREEMENT, PollKind.SINGLE, PollKind.SCALE])
def test_one_answer_is_given(guest: Page, asked: dict[PollKind, str], kind: PollKind) -> None:
    guest.goto(asked[kind])
    choice = guest.locator("input[name=choice]").nth(1)
    label = choice.locator("xpath=..").inner_text().strip()
    choice.check()
    send(guest)
    assert mine(guest) == [label]


def test_as_many_as_one_likes_are_approved(guest: Page, asked: dict[PollKind, str]) -> None:
    guest.goto(asked[PollKind.APPROVAL])
    for label in ("Bread", "Soup"):
        guest.get_by_label(label, exact=True).check()
    send(guest)
    assert mine(guest) == ["Soup", "Bread"]


def test_answers_are_ranked_with_a_list_each(without_javascript: Page, asked: dict[PollKind, str]) -> None:
    page = without_javascript
    page.goto(asked[PollKind.RANKED])
    page.get_by_label("Stew").select_option("1st")
    page.get_by_label("Soup").select_option("3rd")
    send(page)
    assert [text.split("·")[1].strip() for text in page.locator(".tally-bar--mine .tally-bar__label").all_inner_texts()] == [
        "your 2nd choice",
        "your 1st choice",
    ]


def test_answers_are_ranked_by_tapping_them(phone: Page, asked: dict[PollKind, str]) -> None:
    phone.goto(asked[PollKind.RANKED])
    for label in ("Stew", "Bread", "Soup"):
        phone.locator(f".ranking__pick:has-text('{label}')").click()
    phone.locator(".ranking__pick:has-text('Bread')").click()
    assert phone.locator(".ranking__pick").all_inner_texts()[:2] == ["1st\nStew", "2nd\nSoup"]
    send(phone)
    assert mine(phone) == ["Soup", "Stew"]


def test_answers_are_ranked_with_the_keyboard_alone_and_one_hears_how(phone: Page, asked: dict[PollKind, str]) -> None:
    phone.goto(asked[PollKind.RANKED])
    for label in ("Soup", "Salad"):
        phone.locator(f".ranking__pick:has-text('{label}')").press("Space")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("button", name="Move “Salad” up")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status").filter(has_text="Salad: 1st")).to_have_count(1)
    expect(phone.get_by_role("button", name="Move “Salad” up")).to_be_focused()
    assert phone.locator(".ranking__pick").all_inner_texts()[:2] == ["1st\nSalad", "2nd\nSoup"]


def test_a_ranking_that_was_refused_comes_back_as_it_was_sent(without_javascript: Page, asked: dict[PollKind, str]) -> None:
    page = without_javascript
    page.goto(asked[PollKind.RANKED])
    for label in ("Stew", "Soup"):
        page.get_by_label(label).select_option("1st")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("both have the place “1st”")).to_be_visible()
    assert [page.get_by_label(label).input_value() for label in ("Stew", "Soup", "Bread")] == ["1", "1", ""]


def test_plus_and_minus_keep_the_sum(guest: Page, asked: dict[PollKind, str]) -> None:
    guest.goto(asked[PollKind.SCALE])
    for _ in range(3):
        move(guest, "More for “In June”", 1)
    move(guest, "Less for “Never”", 4)
    assert values(guest)[1] > values(guest)[0] > values(guest)[4]
    assert sum(values(guest)) == 100
    guest.get_by_role("button", name="Send").press("Enter")
    expect(guest.locator("#results .tally-bar--mine")).to_contain_text("In June")


def test_a_distribution_is_given_with_the_keyboard_alone(phone: Page, asked: dict[PollKind, str]) -> None:
    phone.goto(asked[PollKind.APPROVAL])
    phone.locator("chance-fields:defined").wait_for()  # before it is there, a key does nothing
    phone.locator(INPUTS).nth(2).focus()
    for key in ("PageUp", "PageUp", "ArrowUp", "ArrowDown", "ArrowUp"):
        phone.keyboard.press(key)
    assert values(phone) == [22, 21, 36, 21]
    assert phone.locator(".chances__bar rect").nth(2).get_attribute("width") == "36"
    expect(phone.locator("[data-likeliest] label")).to_have_text("20 to 30")
    expect(phone.get_by_role("status").filter(has_text="20 to 30 36 %")).to_have_count(1)
    phone.keyboard.press("Enter")
    expect(phone.locator("#results .tally-bar--mine")).to_contain_text("20 to 30")


def test_the_pick_follows_the_chances(phone: Page, asked: dict[PollKind, str]) -> None:
    phone.goto(asked[PollKind.SINGLE])
    phone.get_by_role("radio", name="Yes").check()
    phone.get_by_label("How sure are you?").select_option("55")
    phone.get_by_text("Give every outcome a chance").click()
    phone.locator("chance-fields:defined").wait_for()  # before it is there, a press sends the form
    for _ in range(4):
        phone.get_by_role("button", name="More for “No”").click()
    assert values(phone) == [40, 43, 17]
    expect(phone.get_by_role("radio", name="No", exact=True)).to_be_checked()


def test_the_script_reckons_as_the_server_does(phone: Page, asked: dict[PollKind, str]) -> None:
    phone.goto(asked[PollKind.SINGLE])
    module = re.sub(r"app\.js$", "lib/chances.js", str(phone.locator("script[type=module]").get_attribute("src")))
    chance = random.Random(4)
    cases = [_case(chance) for _ in range(2_000)]
    found = phone.evaluate(
        """async ([module, cases]) => {
          const { completed, leaning, moved } = await import(module);
          return cases.map(([typed, place, by]) => [moved(completed(typed), place, by), leaning(typed.length, place, Math.abs(by))]);
        }""",
        [module, cases],
    )
    assert found == [_reckoned(*case) for case in cases]


def _case(chance: random.Random) -> tuple[list[int | None], int, int]:
    count = chance.randint(2, 16)
    row = [chance.choice([None, 0, chance.randint(0, 100), chance.randint(0, 999 // count)]) for _ in range(count)]
    return row, chance.randrange(count), chance.randint(-100, 100)


def _reckoned(typed: list[int | None], place: int, by: int) -> list[list[int]]:
    ids = list(range(len(typed)))
    after = chances.moved(chances.completed(dict(enumerate(typed))), place, by)
    return [list(after.values()), list(chances.leaning(ids, place, abs(by)).values())]


def test_a_take_and_a_prediction_are_taken_back(guest: Page, asked: dict[PollKind, str]) -> None:
    guest.goto(asked[PollKind.AGREEMENT])
    guest.locator("input[name=choice]").first.check()
    guest.locator("input[name=outcome]").first.check()
    send(guest)
    for what in ("take", "prediction"):
        if guest.get_by_text("Change your answer").count():
            guest.get_by_text("Change your answer").click()
        guest.get_by_role("button", name=f"Take back my {what}").click()
        expect(guest.get_by_text(f"Your {what} is taken back")).to_be_visible()
    expect(guest.get_by_role("heading", name="What readers say")).to_have_count(0)
    guest.get_by_text("Your predictions over time").click()
    expect(guest.get_by_text("You took your prediction back.")).to_be_visible()


def test_a_double_click_sends_a_ranking_once(phone: Page, asked: dict[PollKind, str]) -> None:
    phone.goto(asked[PollKind.RANKED])
    phone.locator(".ranking__pick").first.click()
    phone.get_by_role("button", name="Send").dblclick()
    phone.get_by_role("heading", name="What readers say").wait_for()
    phone.wait_for_load_state()  # it comes bit by bit
    before = phone.locator(".tally-bar__numbers").all_inner_texts()
    phone.reload()
    assert phone.locator(".tally-bar__numbers").all_inner_texts() == before


def test_places_are_shown_as_they_were_left_when_one_comes_back(phone: Page, asked: dict[PollKind, str]) -> None:
    phone.goto(asked[PollKind.RANKED])
    phone.locator(".ranking__pick:has-text('Bread')").click()
    phone.goto("/")
    phone.go_back()
    phone.locator(".ranking__place").first.wait_for(state="attached")
    selects = phone.locator(".ranking select").evaluate_all("all => all.map(one => one.value)")
    badges = phone.locator(".ranking__place").all_inner_texts()
    assert [bool(badge) for badge in badges] == [bool(value) for value in selects]


@pytest.mark.parametrize("kind", list(PollKind))
def test_no_card_has_violations(page: Page, asked: dict[PollKind, str], kind: PollKind) -> None:
    page.goto(asked[kind])
    page.wait_for_load_state("networkidle")
    check(page, [(320, "light"), (1280, "dark")])


def test_a_readers_own_forecasts_have_no_violations(signed_in: Callable[..., Page], asked: dict[PollKind, str]) -> None:
    page = signed_in("reader")
    for plus in ("In June", "Never"):
        page.goto(asked[PollKind.SCALE])
        unfold(page)
        page.locator("chance-fields:defined").wait_for()  # before it is there, a press sends the form
        page.get_by_role("button", name=f"More for “{plus}”").click()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Thank you. Your answer counts")).to_be_visible()
    page.goto(f"{asked[PollKind.SCALE]}/forecasts")
    expect(page.locator(".timeline__moment")).to_have_count(2)
    assert violations(page) == []
