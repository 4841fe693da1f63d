"""Votes of 32 clients on one poll in PostgreSQL, the statements alone: ours, beside a naive counter (target 12).

All are scripts of `pgbench` on one server, in one database, on the same tables of votes and ledger with the same indexes and foreign
keys, so that neither Flask nor a driver hides what the database does. A commit is on the disk when it is answered.

- ours: what one real `participation.submit` sent, recorded and replayed word for word. Only the reader, the choice and the slot
  vary; times are `now()`. It holds the reader's turn, looks for sanctions and a forecast and reads again what it wrote, so it is
  about twice as many statements as the naive one. What a request reads before it submits (the article, the session) is missing.
- naive: is there a vote; the same vote and the same entry of the ledger; then, for each choice it concerns, one counter is read
  under a lock and written. Nothing else. A changed vote leaves the old choice first, so that two of them may wait for each other:
  the ratio is then that to a standstill. So it is also measured in one order, which is the fairer rival.
- slotless: our statements in our order, but each counter is the naive one's: it tells what slots bring from what the rest costs.

First votes are for any of three choices by chance, changed votes go to and fro between two. The clients share the processors with
the server: where those are few, statements cost more than waiting does, and the ratio says more about their number than about locks.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench import ballots
from bench.ballots import CLIENTS, FIRST_CHOICE, FIRST_READER
from bench.pgbench import Pressed, press
from bench.report import Check, Comparison, Plan, Report, Target, same
from bench.servers import database_server
from bench.sites import prepared
from domain.counting import SLOTS
from extensions import db
from tests import factories

LEAST_SECONDS = 3  # a round: it takes PostgreSQL a second to notice a deadlock
FASTEST = 500  # first votes a second of one client, for whom so many guests have to be there
VOTERS = 20_000  # of whom somebody changes a vote
FIRST, CHANGED = "first votes", "changed votes"
OURS, NAIVE, ORDERED, SLOTLESS = "ours", "naive hot row", "the same in order", "slotless"
THREE_TIMES = Target(bound=3, why="target 12")

GUESTS = """\
INSERT INTO reader (id, public_id, guest_key_hash, role, created_at, mail_pace)
SELECT n, 'g' || n, 'guest ' || n, 'reader', now(), 'daily' FROM generate_series(:first, :last) AS n"""
HOT = "CREATE TABLE hot_tally (poll_id bigint, choice_id bigint, votes integer NOT NULL, PRIMARY KEY (poll_id, choice_id))"
VOTED = [
    """\
INSERT INTO opinion_vote (poll_id, reader_id, tier, cast_at, choice_id, ballot)
SELECT :poll, id, 'guest', now(), :one + id / 16 % 2, '' FROM reader WHERE id >= :first AND id < :last""",
    """\
INSERT INTO opinion_vote_event (poll_id, reader_id, act, tier, happened_at, choice_id, ballot)
SELECT poll_id, reader_id, 'cast', tier, cast_at, choice_id, ballot FROM opinion_vote
WHERE poll_id = :poll AND reader_id >= :first AND reader_id < :last""",
    """\
INSERT INTO participation (article_id, reader_id, began_at)
SELECT p.article_id, v.reader_id, v.cast_at FROM opinion_vote v JOIN opinion_poll p ON p.id = v.poll_id
WHERE p.id = :poll AND v.reader_id >= :first AND v.reader_id < :last""",
]
COUNTED = [
    "DELETE FROM opinion_tally WHERE poll_id = :poll",
    """\
INSERT INTO opinion_tally (poll_id, choice_id, tier, slot, votes)
SELECT poll_id, choice_id, tier, reader_id % :slots, count(*) FROM opinion_vote WHERE poll_id = :poll GROUP BY 1, 2, 3, 4""",
    """\
INSERT INTO hot_tally (poll_id, choice_id, votes) SELECT c.poll_id, c.id, count(v.reader_id)
FROM opinion_choice c LEFT JOIN opinion_vote v ON v.choice_id = c.id WHERE c.poll_id = :poll GROUP BY 1, 2""",
]
RECOUNT = "SELECT choice_id, count(*) FROM opinion_vote WHERE poll_id = :poll GROUP BY 1 ORDER BY 1"
TALLIES = {
    True: "SELECT choice_id, sum(votes) FROM opinion_tally WHERE poll_id = :poll GROUP BY 1 ORDER BY 1",
    False: "SELECT choice_id, votes FROM hot_tally WHERE poll_id = :poll ORDER BY 1",
}
ENTRIES = "SELECT count(*) FROM opinion_vote_event WHERE poll_id = :poll"


@dataclass
class Side:
    """One way of voting, on a poll of its own."""

    name: str
    numbers: dict[str, int]  # the script's variables
    script: Path
    statements: int  # with BEGIN and COMMIT
    entries: int  # of the ledger before the first run
    runs: list[Pressed] = field(default_factory=list)

    def told(self) -> str:
        """Return what it took."""
        retries, failed = (sum(getattr(run, name) for run in self.runs) for name in ("retries", "failed"))
        return f"{self.name} {self.statements} statements, {retries:,} retries, {failed:,} given up"


def measure(plan: Plan) -> Report:
    """Measure first votes and changed votes. On SQLite there is one writer, and so no row is hotter than another."""
    seconds = max(LEAST_SECONDS, round(plan.seconds * 2))
    turns = FASTEST * seconds  # of a client in a round, at most
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        database_server("postgresql", Path(name)) as url,
        prepared(url, Path(name)),
    ):
        readers = turns * CLIENTS * plan.rounds
        _fill(readers)
        kinds = {kind: _sides(kind, Path(name), readers) for kind in (FIRST, CHANGED)}
        _settle()
        for number in range(plan.rounds):
            for side in [side for sides in kinds.values() for side in sides][:: -1 if number % 2 else 1]:
                numbers = {**side.numbers, "number": number * turns}
                side.runs.append(press(url, side.script, clients=CLIENTS, seconds=seconds, numbers=numbers))
        checks = [check for kind, sides in kinds.items() for side in sides for check in _checks(kind, side)]
    told = [f"{kind}: {'; '.join(side.told() for side in sides)}" for kind, sides in kinds.items()]
    return Report(
        name="hotrow",
        title=f"the statements of {CLIENTS} clients who vote in one poll, beside those of a site with one counter a choice",
        facts=[f"PostgreSQL alone, {seconds} s a round; a retry is a transaction that a deadlock undid", *told],
        comparisons=[one for kind, sides in kinds.items() for one in _compared(kind, *sides)],
        checks=checks,
    )


def _do(words: str, **given: Any) -> Any:
    return db.session.execute(text(words), given)


def _fill(readers: int) -> None:
    for table, first in (("reader", FIRST_READER), ("opinion_choice", FIRST_CHOICE)):
        _do("SELECT setval(pg_get_serial_sequence(:table, 'id'), :first)", table=table, first=first)
    _do(GUESTS, first=FIRST_READER - readers, last=FIRST_READER - 1)
    _do(HOT)
    db.session.commit()


def _sides(kind: str, folder: Path, readers: int) -> list[Side]:
    return [_side(kind, name, folder, readers) for name in (OURS, NAIVE, *([ORDERED] if kind == CHANGED else []), SLOTLESS)]


def _side(kind: str, name: str, folder: Path, readers: int) -> Side:
    """Return one way of voting, ready to be pressed."""
    article = factories.open_article(datetime.now(UTC))
    poll, _ = factories.asked(article)
    numbers = {"poll": poll.id, "one": poll.choices[0].id, "other": poll.choices[1].id, "readers": readers, "voters": VOTERS}
    if name == NAIVE:
        lines = ballots.naive_first() if kind == FIRST else ballots.naive_changed()
    elif name == ORDERED:
        lines = ballots.ordered_changed()
    else:
        lines = (ballots.our_first if kind == FIRST else ballots.our_changed)(article, has_slots=name == OURS)
    script = folder / f"{kind}-{name}.sql".replace(" ", "-")
    script.write_text("\n".join([*lines, ""]))
    for words in [*(VOTED if kind == CHANGED else []), *COUNTED]:
        _do(words, poll=poll.id, slots=SLOTS, one=poll.choices[0].id, first=FIRST_READER - VOTERS, last=FIRST_READER)
    db.session.commit()
    return Side(name, numbers, script, ballots.statements(lines), _entries(numbers["poll"]))


def _entries(poll: int) -> int:
    return int(_do(ENTRIES, poll=poll).scalar())


def _settle() -> None:
    """Give PostgreSQL the statistics it would have, and write out what is new."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def _compared(kind: str, ours: Side, naive: Side, *others: Side) -> Iterator[Comparison]:
    for other, target in ((naive, THREE_TIMES), *((side, None) for side in others)):
        rates = [[run.rate for run in side.runs] for side in (ours, other)]
        yield Comparison(name=f"{kind}: ours", against=other.name, unit="/s", ours=rates[0], theirs=rates[1], target=target)


def _checks(kind: str, side: Side) -> Iterator[Check]:
    """Hold what the clients were told, and what is counted, against the rows that are there."""
    poll = side.numbers["poll"]
    tally, recount = (
        {choice: int(votes) for choice, votes in _do(words, poll=poll) if votes}
        for words in (TALLIES[side.name == OURS], RECOUNT)
    )
    yield same(f"{kind}, {side.name}: the tally of each choice, as recounted", tally, recount)
    yield same(
        f"{kind}, {side.name}: new entries of the ledger", _entries(poll) - side.entries, sum(run.done for run in side.runs)
    )
