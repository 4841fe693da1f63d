"""Votes and forecasts where there are few and where there are a million; what follows a forecast; scoring them all."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from bench import inside
from bench.load import Load, Period, Script, post
from bench.report import Check, Comparison, Plan, Report, Target, alternate, beside, same
from bench.servers import GRANIAN, UNLIMITED, RunningServer, database_server, served
from bench.sites import prepared
from domain import articles, crowds, participation, scorekeeping, series, tallies, verifying
from domain.participation import Answer
from extensions import db
from models import Article, ForecastScore, OpinionChoice, OpinionPoll, PollKind, Prediction, Reader
from tests import factories, ledgers, multitudes

FEW = 10  # votes
FORECASTERS = 100_000
KINDS = (PollKind.SINGLE, PollKind.APPROVAL, PollKind.RANKED)
VOTERS = 20_000  # who have not voted yet, for as many acts as a round has
CONNECTIONS = 4
AS_QUICK = Target(bound=1.2, why="issue 4", is_least=False)
CROWD_WITHIN = 50  # milliseconds
SCORED_WITHIN, MEMORY_WITHIN = 60, 2  # seconds, gigabytes: for a million forecasts


@dataclass(frozen=True)
class Asked:
    """An article by its number and its address."""

    id: int
    slug: str


Made = dict[tuple[PollKind, int], Asked]  # by kind of poll and number of votes
Fields = dict[tuple[PollKind, int], Mapping[str, str]]  # that a guest sends there


def measure(plan: Plan) -> Report:
    """Measure on each database."""
    comparisons: list[Comparison] = []
    checks: list[Check] = []
    for database in plan.databases:
        with tempfile.TemporaryDirectory(prefix="bench-") as name, database_server(database, Path(name)) as url:
            found = _on(database, plan, url, Path(name))
        comparisons += found[0]
        checks += found[1]
    return Report(
        name="predictions",
        title=f"votes and forecasts where there are {plan.many:,} beside the same where there are {FEW}",
        comparisons=comparisons,
        checks=checks,
        facts=[
            "in this process: a verb of the domain and the commit, each on the disk; over HTTP: guests who have never been here",
            f"the crowd is worked out at once up to {crowds.AT_ONCE} forecasts; above that no request waits for it",
        ],
    )


def _on(database: str, plan: Plan, url: str, folder: Path) -> tuple[list[Comparison], list[Check]]:
    with prepared(url, folder):
        made = _made(plan)
        comparisons, fields = list(_inside(database, plan, made)), _fields(made)
    with served(GRANIAN, UNLIMITED, url, folder, plan.size) as site:
        comparisons += _over_http(database, plan, site, made, fields)
    with prepared(url, folder):
        looked, checks = _crowd(database, plan)
        checks += [*_verified(database), *_scored(database, plan, made[PollKind.SINGLE, plan.many])]
    return comparisons + looked, checks


def _made(plan: Plan) -> Made:
    """Make an article of each kind with few votes and with many; those of the first kind with as many forecasts."""
    people = multitudes.readers(plan.many, now=datetime.now(UTC))
    return {(kind, count): _filled(kind, people[:count]) for kind, count in itertools.product(KINDS, (FEW, plan.many))}


def _filled(kind: PollKind, people: range) -> Asked:
    article = _open(kind, datetime.now(UTC))
    multitudes.take_part(article, people, predicts=kind is PollKind.SINGLE)
    asked = Asked(article.id, article.slug)
    db.session.commit()
    return asked


def _open(kind: PollKind, now: datetime) -> Article:
    draft = factories.draft(now)
    assert draft.poll is not None  # noqa: S101 - the factory's has one
    article = articles.create(replace(draft, poll=replace(draft.poll, kind=kind)), now=now)
    articles.open_to_readers(article, now=now - timedelta(days=1))
    return article


def _inside(database: str, plan: Plan, made: Made) -> Iterator[Comparison]:
    fresh = iter(multitudes.readers(VOTERS, now=datetime.now(UTC)))
    db.session.commit()
    for name, act, kinds in (("vote", _vote, KINDS), ("forecast", _forecast, KINDS[:1]), ("read the tally", _read, KINDS)):
        for kind in kinds:
            acts = {f"{database}: {name}, {kind.value}, {count:,}": act(made[kind, count], fresh) for count in (FEW, plan.many)}
            found = inside.alternate(plan, acts)
            few, many = acts
            yield beside(found, many, few, by="quick_milliseconds", target=AS_QUICK)
            yield beside(found, many, few, by="cpu_milliseconds", target=AS_QUICK)


def _vote(asked: Asked, fresh: Iterator[int]) -> Callable[[], None]:
    def act() -> None:
        article, reader = articles.by_id(asked.id), db.session.get_one(Reader, next(fresh))
        poll, _ = factories.asked(article)
        participation.submit(article, Answer(choices=_ballot(poll)), by=reader, now=datetime.now(UTC))
        db.session.commit()

    return act


def _ballot(poll: OpinionPoll) -> list[OpinionChoice]:
    ids = multitudes.ballots_of(poll)[-1]
    return [next(choice for choice in poll.choices if choice.id == one) for one in ids]


def _forecast(asked: Asked, fresh: Iterator[int]) -> Callable[[], None]:
    def act() -> None:
        article, reader = articles.by_id(asked.id), db.session.get_one(Reader, next(fresh))
        _, prediction = factories.asked(article)
        chances = {one.id: 1 / len(prediction.outcomes) for one in prediction.outcomes}
        answer = Answer(outcome=prediction.outcomes[0], probabilities=chances)
        participation.submit(article, answer, by=reader, now=datetime.now(UTC))
        db.session.commit()

    return act


def _read(asked: Asked, _fresh: Iterator[int]) -> Callable[[], None]:
    def act() -> None:
        article = articles.by_id(asked.id)
        poll, prediction = factories.asked(article)
        tallies.takes(poll)
        tallies.outcomes(prediction)
        tallies.cross_tab(article)
        db.session.rollback()

    return act


def _arrivals(asked: Asked, fields: Mapping[str, str]) -> Load:
    """Return the load of guests who have never been here, each voting and predicting."""
    path = f"/articles/{asked.slug}/participation"

    def arrive(period: Period) -> Script:
        while period.lasts():
            sent_round = (yield post(path, fields)).must(307)
            cookie = sent_round.header("Set-Cookie").partition(";")[0]
            period.note((yield post(sent_round.header("Location"), fields, cookie)).must(303))

    return lambda period: [arrive(period) for _ in range(CONNECTIONS)]


def _over_http(database: str, plan: Plan, site: RunningServer, made: Made, fields: Fields) -> Iterator[Comparison]:
    few, many = (f"{database}: take and forecast over HTTP, {count:,}" for count in (FEW, plan.many))
    at = {few: (PollKind.SINGLE, FEW), many: (PollKind.SINGLE, plan.many)}
    found = alternate(plan, {name: (site, _arrivals(made[key], fields[key])) for name, key in at.items()})
    yield beside(found, many, few, by="quick_milliseconds", target=AS_QUICK)
    yield beside(found, many, few, by="cpu_milliseconds")


def _fields(made: Made) -> Fields:
    """Return what a guest sends to each article."""
    sent: Fields = {}
    for key, asked in made.items():
        poll, prediction = factories.asked(articles.by_id(asked.id))
        sent[key] = {"choice": str(poll.choices[0].id), "outcome": str(prediction.outcomes[0].id), "confidence": "70"}
    db.session.rollback()
    return sent


def _crowd(database: str, plan: Plan) -> tuple[list[Comparison], list[Check]]:
    """Measure what follows a forecast: a look at the newest of the others, beside one at all of them."""
    asked = _filled(PollKind.SINGLE, multitudes.readers(FORECASTERS, now=datetime.now(UTC)))
    _, prediction = factories.asked(articles.by_id(asked.id))
    crowds.refresh(prediction, now=datetime.now(UTC))
    _forecast(asked, iter(multitudes.readers(1, now=datetime.now(UTC))))()
    later = datetime.now(UTC) + crowds.PAUSE
    newest, whole = (f"{database}: crowd of {FORECASTERS:,}, {what}" for what in ("its newest", "all of it"))

    def look(at: Callable[[Prediction], object]) -> Callable[[], None]:
        def act() -> None:
            _, prediction = factories.asked(articles.by_id(asked.id))
            assert at(prediction) is not None  # noqa: S101 - there is one forecast more
            db.session.rollback()

        return act

    acts = {newest: look(lambda one: crowds.newest_worked_out(one, now=later)), whole: look(crowds.worked_out)}
    found = inside.alternate(plan, acts)
    best = median(one.quick_milliseconds for one in found[newest])
    check = Check(
        name=f"{database}: a look at the newest of {FORECASTERS:,} forecasts, by a job",
        found=f"{best:.0f} ms, {median(one.cpu_milliseconds for one in found[newest]):.0f} ms CPU of ours",
        wanted=f"≤ {CROWD_WITHIN} ms (issue 4), or not in the voter's request",
        passes=best <= CROWD_WITHIN,
        must_hold=False,
    )
    return [beside(found, newest, whole, by=by) for by in ("quick_milliseconds", "cpu_milliseconds")], [check]


def _verified(database: str) -> Iterator[Check]:
    """Let the jobs catch up, then hold everything against the ledger, as `flask tallies verify` does."""
    now = datetime.now(UTC)
    for question in series.due(now):
        series.extend(question, now=now)
        db.session.commit()
    for prediction in db.session.scalars(select(Prediction)).all():
        if (found := crowds.worked_out(prediction)) is not None:
            crowds.keep(found, now=now)
        db.session.commit()
    wrong = [str(one) for check in verifying.checks() for one in verifying.findings(check, now=now) if not one.is_waiting]
    yield same(f"{database}: what is not as the ledger says", wrong, [])


def _scored(database: str, plan: Plan, asked: Asked) -> Iterator[Check]:
    """Let the question with many forecasts have ended, and score them."""
    prediction = _ended(asked)
    seconds, gigabytes = inside.once(lambda: scorekeeping.score(prediction, now=datetime.now(UTC)))
    db.session.commit()
    scores = db.session.scalar(select(func.count()).where(ForecastScore.prediction_id == prediction.id)) or 0
    yield Check(
        name=f"{database}: scoring {scores:,} forecasts of one question",
        found=f"{seconds:.0f} s, {gigabytes:.2f} GB at most",
        wanted=f"< {SCORED_WITHIN} s and {MEMORY_WITHIN} GB for a million (issue 4)",
        passes=scores >= plan.many and seconds < SCORED_WITHIN and gigabytes < MEMORY_WITHIN,
        must_hold=False,
    )


def _ended(asked: Asked) -> Prediction:
    _, prediction = factories.asked(articles.by_id(asked.id))
    prediction.closes_at = prediction.closed_at = datetime.now(UTC)
    ledgers.end(prediction)
    db.session.commit()
    return prediction
