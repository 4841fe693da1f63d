"""Any number of readers who voted and predicted, put into the database at once and past the domain, in a statement a table.

Ledgers, current rows and counters agree, as `flask tallies verify` finds. The same each time.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, String, and_, case, cast, func, insert, literal, select, text

from domain import counting
from domain.counting import SLOTS, Cell
from extensions import Base, db
from models import (
    Article,
    Forecast,
    ForecastProbability,
    OpinionPoll,
    OpinionVote,
    OpinionVoteEvent,
    Participation,
    PollKind,
    Prediction,
    Reader,
    Role,
    Tier,
    VoteAct,
)
from tests import factories

RANKINGS = 40  # different ones: as many as readers find of a few answers
PERIOD = 20_000  # seconds from the opening: whoever comes after that comes while others do
MIXED = 7_919  # a prime, so that who comes one after another does not answer in turn
GUEST = Tier.GUEST.value


def readers(count: int, *, now: datetime) -> range:
    """Add guests and return their ids. The caller commits."""
    _take_time()
    first = _next_id(Reader)
    who = _numbers(range(first, first + count))
    columns: dict[str, ColumnElement[Any]] = {
        "id": who,
        "public_id": literal("b") + cast(who, String),
        "guest_key_hash": literal("of nobody ") + cast(who, String),  # or they would have become accounts
        "role": _text(Role.READER.value),
        "mail_pace": _text("daily"),
        "created_at": _instant(now, literal(0)),
    }
    _put(Reader, columns)
    _go_on_numbering(Reader)
    return range(first, first + count)


def take_part(article: Article, people: range, *, predicts: bool = True) -> None:
    """Let readers vote and predict, with chances, on an article of which nobody has; or vote alone. The caller commits."""
    poll, prediction = factories.asked(article)
    _take_time()
    who = _numbers(people)
    at = _instant(article.opened_at or article.created_at, (who - people.start) % PERIOD + 1)
    _put(Participation, {"article_id": literal(article.id), "reader_id": who, "began_at": at})
    _vote(poll, who, at)
    if predicts:
        _forecast(prediction, who, at)
    db.session.execute(text("ANALYZE"))  # as time would have done
    counting.move(_standings(article, poll, prediction))
    db.session.flush()


def ballots_of(poll: OpinionPoll) -> list[tuple[int, ...]]:
    """Return the ballots that are given, each about as often as the others."""
    ids = [choice.id for choice in poll.choices]
    if poll.kind is PollKind.RANKED:
        return list(itertools.islice(itertools.permutations(ids), RANKINGS))
    if poll.kind is PollKind.APPROVAL:
        return [some for size in range(1, len(ids) + 1) for some in itertools.combinations(ids, size)]
    return [(one,) for one in ids]


def _vote(poll: OpinionPoll, who: ColumnElement[int], at: ColumnElement[Any]) -> None:
    ballots, is_written = ballots_of(poll), poll.takes_several
    place = (who * MIXED) % len(ballots)
    written = [" ".join(map(str, ids)) if is_written else "" for ids in ballots]
    held = {
        "poll_id": literal(poll.id),
        "reader_id": who,
        "choice_id": _chosen(place, [ids[0] for ids in ballots]),
        "ballot": _chosen(place, written),
        "tier": _text(GUEST),
    }
    _put(OpinionVote, {**held, "cast_at": at})
    _put(OpinionVoteEvent, {**held, "act": _text(VoteAct.CAST.value), "happened_at": at})


def _forecast(prediction: Prediction, who: ColumnElement[int], at: ColumnElement[Any]) -> None:
    outcomes = [outcome.id for outcome in prediction.outcomes]
    picked, first = _chosen((who * MIXED) % len(outcomes), outcomes), _next_id(Forecast)
    number = who - select(func.min(Participation.reader_id)).where(_began_on(prediction)).scalar_subquery() + first
    made = {"id": number, "prediction_id": literal(prediction.id), "reader_id": who, "outcome_id": picked}
    _put(Forecast, {**made, "tier": _text(GUEST), "gives_chances": literal(value=True), "made_at": at})
    sure = cast(who % 50 + 45, Float) / 100  # from 45 to 94 percent
    for one in outcomes:
        chance = case((picked == one, sure), else_=(1 - sure) / (len(outcomes) - 1))
        given = {"forecast_id": number, "outcome_id": literal(one), "prediction_id": literal(prediction.id)}
        _put(ForecastProbability, {**given, "probability": chance})
    _go_on_numbering(Forecast)


def _began_on(prediction: Prediction) -> ColumnElement[bool]:
    return Participation.article_id == prediction.article_id


def _standings(article: Article, poll: OpinionPoll, prediction: Prediction) -> Iterator[tuple[int, tuple[()], Iterator[Cell]]]:
    """Yield what each slot's readers hold: the counters they stand in, as often as they do."""
    slot = OpinionVote.reader_id % SLOTS
    held = (slot, OpinionVote.choice_id, OpinionVote.ballot, Forecast.outcome_id)
    both = and_(Forecast.reader_id == OpinionVote.reader_id, Forecast.prediction_id == prediction.id)
    found = select(*held, func.count()).outerjoin(Forecast, both).where(OpinionVote.poll_id == poll.id).group_by(*held)
    for place, choice_id, ballot, outcome_id, count in db.session.execute(found).all():
        vote = OpinionVote(poll_id=poll.id, choice_id=choice_id, ballot=ballot, tier=Tier.GUEST)
        cells = counting.vote_cells(poll, vote)
        if outcome_id is not None:
            cells.append(counting.forecast_cell(prediction.id, outcome_id, Tier.GUEST))
            cells += [counting.cross_cell(article.id, one, outcome_id) for one in counting.counted_choices(poll, vote)]
        yield place, (), itertools.chain.from_iterable(itertools.repeat(cell, count) for cell in cells)


def _take_time() -> None:
    """Let this transaction's statements be as slow as a million rows are on a busy machine."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL statement_timeout = 0"))


def _numbers(these: range) -> ColumnElement[int]:
    """Return a column of numbers in order."""
    # 64 bits: a million times `MIXED` is more than 32 hold
    first = select(literal(these.start, BigInteger).label("number")).cte("numbers", recursive=True)
    table = first.union_all(select(first.c.number + 1).where(first.c.number < these.stop - 1))
    return table.c.number


def _chosen(place: ColumnElement[int], values: Sequence[Any]) -> ColumnElement[Any]:
    return case(*((place == number, literal(value)) for number, value in enumerate(values)))


def _text(value: str) -> ColumnElement[str]:
    return literal(value, String)


def _instant(start: datetime, seconds: ColumnElement[int]) -> ColumnElement[Any]:
    """Return an instant some seconds later, as the database has it."""
    if db.session.get_bind().dialect.name == "postgresql":
        return literal(start) + seconds * literal(timedelta(seconds=1))
    since = func.julianday(f"{start:%Y-%m-%d %H:%M:%S}") + seconds / 86_400.0
    return func.strftime("%Y-%m-%d %H:%M:%S.000000", since)


def _put(table: type[Base], columns: dict[str, ColumnElement[Any]]) -> None:
    source = select(*columns.values())
    db.session.execute(insert(table.__table__).from_select(list(columns), source, include_defaults=False))  # type: ignore[arg-type]


def _next_id(table: type[Reader | Forecast]) -> int:
    return (db.session.scalar(select(func.max(table.id))) or 0) + 1


def _go_on_numbering(table: type[Reader | Forecast]) -> None:
    """Let PostgreSQL give the next row the number after the last."""
    if db.session.get_bind().dialect.name == "postgresql":
        name = table.__tablename__
        db.session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), _next_id(table), False)))
