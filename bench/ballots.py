"""One vote as statements for `pgbench`: as the site sends it, as a naive site might, and as ours would be without slots.

The variables of each script: `poll`, `one` and `other` (choices), `readers` (guests who wait to vote), `voters` (guests who have
voted) and `number` (how many of its turns each client has had).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bench.pgbench import Statement, recorded
from domain import participation
from domain.counting import SLOTS
from domain.participation import Answer
from extensions import db
from models import Article
from tests import factories

CLIENTS = 32
FIRST_READER, FIRST_CHOICE = 1_000_000, 500_000  # of those the site numbers: what is recorded tells what it is
ARRIVING = [
    "\\set number :number + 1",
    "\\set choice :one + random(0, 2)",
    f"\\set reader {FIRST_READER - 1} - permute(:number * {CLIENTS} + :client_id, :readers, 1)",
]
RETURNING = [f"\\set reader {FIRST_READER} - random(1, :voters)"]
BEGIN = [f"\\set slot mod(:reader, {SLOTS})", "BEGIN;"]

HELD = "SELECT choice_id FROM opinion_vote WHERE poll_id = :poll AND reader_id = :reader FOR UPDATE"
CAST = """\
INSERT INTO opinion_vote (poll_id, reader_id, tier, cast_at, changed_at, choice_id, ballot)
VALUES (:poll, :reader, 'guest', now(), NULL, :choice, '');"""
CHANGE = "UPDATE opinion_vote SET choice_id = :choice, changed_at = now() WHERE poll_id = :poll AND reader_id = :reader;"
NOTE = """\
INSERT INTO opinion_vote_event (poll_id, reader_id, act, tier, happened_at, choice_id, ballot)
VALUES (:poll, :reader, 'ACT', 'guest', now(), :choice, '') RETURNING id;"""
COUNT = """\
SELECT votes FROM hot_tally WHERE poll_id = :poll AND choice_id = CHOICE FOR UPDATE \\gset tally_
UPDATE hot_tally SET votes = :tally_votes::integer + AMOUNT WHERE poll_id = :poll AND choice_id = CHOICE;"""


def naive_first() -> list[str]:
    """Return a first vote of a site with one counter a choice."""
    return [*ARRIVING, *BEGIN, f"{HELD};", CAST, NOTE.replace("ACT", "cast"), _count(":choice", 1), "COMMIT;"]


def naive_changed() -> list[str]:
    """Return a changed vote of that site: the old choice is left, then the new one entered."""
    turn = [f"{HELD} \\gset held_", "\\set choice :one + :other - :held_choice_id", CHANGE, NOTE.replace("ACT", "changed")]
    return [*RETURNING, *BEGIN, *turn, _count(":held_choice_id", -1), _count(":choice", 1), "COMMIT;"]


def ordered_changed() -> list[str]:
    """Return the same where somebody has thought of deadlocks: the choice that comes first is counted first."""
    order = [
        "\\set low least(:held_choice_id, :choice)",
        "\\set high greatest(:held_choice_id, :choice)",
        "\\set more case when :choice < :held_choice_id then 1 else -1 end",
    ]
    *before, _, _, commit = naive_changed()
    counts = [_count(":low", ":more"), _count(":high", "-1 * :more")]
    return [*before, *order, *counts, commit]


def our_first(article: Article, *, has_slots: bool = True) -> list[str]:
    """Return a first vote as the site sends it, after casting one on the article."""
    reader = factories.guest()
    [choice_id] = _choice_ids(article, 1)
    names = {reader.id: ":reader", choice_id: ":choice"}
    return [*ARRIVING, *BEGIN, *_script(_submitted(article, 0, reader), names, has_slots=has_slots), "COMMIT;"]


def our_changed(article: Article, *, has_slots: bool = True) -> list[str]:
    """Return a changed vote as the site sends it, after changing one on the article to and fro.

    Which choice is left decides the order of the counters, so that both ways were recorded, and what is held decides between them.
    """
    reader = factories.guest()
    names = {reader.id: ":reader"}
    [one] = _choice_ids(article, 1)
    _submitted(article, 0, reader)
    there, back = (_script(_submitted(article, place, reader), names, has_slots=has_slots) for place in (1, 0))
    common = next(place for place, words in enumerate(there) if "JOIN opinion_vote" in words) + 1
    if there[:common] != back[:common]:
        raise RuntimeError("The site asks other things before one change of a vote than before another.")
    held = there[common - 1].removesuffix(";") + " \\gset held_"
    known = [*there[: common - 1], held, f"\\if :held_choice_id = {one}"]
    return [*RETURNING, *BEGIN, *known, *there[common:], "\\else", *back[common:], "\\endif", "COMMIT;"]


def statements(lines: Sequence[str]) -> int:
    """Return how many statements a script sends in one turn; of two ways it takes one."""
    taken = "\n".join(lines).partition("\n\\else\n")
    return sum(line.endswith(";") or "\\gset" in line for line in taken[0].splitlines()) + bool(taken[1])


def _choice_ids(article: Article, count: int) -> list[int]:
    poll, _ = factories.asked(article)
    return [choice.id for choice in poll.choices[:count]]


def _submitted(article: Article, place: int, reader: Any) -> list[Statement]:
    """Vote, and return what that sent. What a request has read before it submits is read before."""
    poll, prediction = factories.asked(article)
    choice, _ = poll.choices[place], (prediction.id, reader.id)
    with recorded(db.engine) as sent:
        participation.submit(article, Answer(choices=[choice]), by=reader, now=datetime.now(UTC))
        db.session.commit()
    return sent


def _script(sent: Sequence[Statement], names: dict[int, str], *, has_slots: bool) -> list[str]:
    def name(key: str, value: Any) -> str | None:
        return ":slot" if "slot" in key else names.get(value) if isinstance(value, int) else None

    def without_slots(one: Statement) -> str:
        choice = next(value for key, value in one.given.items() if "choice_id" in key)
        return _count(names.get(choice, str(choice)), one.given["amount"])

    return [without_slots(one) if "opinion_tally" in one.words and not has_slots else f"{one.script(name)};" for one in sent]


def _count(choice: str, amount: int | str) -> str:
    return COUNT.replace("CHOICE", choice).replace("AMOUNT", str(amount))
