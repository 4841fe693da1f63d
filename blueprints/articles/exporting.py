"""Results as plain data, for files: what the page's reader may see and nothing else. `docs/results.md` describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from blueprints.articles.pages import ArticlePage
from blueprints.support.site import absolute_url
from blueprints.support.spreadsheets import Cell
from domain import crowd, crowds, series
from domain.crowds import Crowd
from domain.runoff import Round
from domain.tallies import CrossRow, Tally
from models import OpinionPoll, Prediction, Question, Tier

DECIMALS = 6  # of shares and chances
HEADER = ("part", "at", "answer", "given", "tier", "measure", "value")
BY_OUTCOME = ("chances", "low", "high", "mean", "median", "recent_median")
WITH_TAKES = ("balanced", "gap")  # of the crowd, where takes may be seen as well

Told = dict[str, Any]


def told(page: ArticlePage) -> Told:
    """Return everything of the results that the page's reader may see."""
    article, poll, prediction = page.article, page.article.poll, page.article.prediction
    return {
        "article": {"headline": article.headline, "url": absolute_url("articles.show", slug=article.slug)},
        "takes": _takes(poll, page.takes) if poll and page.takes else None,
        "prediction": _prediction(prediction, page.outcomes, page) if prediction and page.outcomes else None,
        "predictions_by_take": [_cross(row, page) for row in page.cross],
    }


def rows(results: Told) -> Iterator[Sequence[Cell]]:
    """Yield the same as rows below `HEADER`, one figure each."""
    takes, prediction = results["takes"], results["prediction"]
    if takes:
        yield from _tally_rows("takes", "votes", takes["choices"], takes["voters"])
        for number, one in enumerate(takes["rounds"], 1):
            yield from (("round", number, key, None, None, "votes", votes) for key, votes in one["votes"].items())
            yield ("round", number, None, None, None, "exhausted", one["exhausted"])
            for word in ("eliminated", "winners"):
                yield from (("round", number, label, None, None, word, 1) for label in one[word])
        for then in takes["over_time"]:
            yield from (
                ("takes over time", then["at"], key, None, None, "votes", count) for key, count in then["votes"].items()
            )
            yield ("takes over time", then["at"], None, None, None, "voters", then["voters"])
    if prediction:
        yield from _tally_rows("predictions", "picks", prediction["outcomes"], prediction["readers"])
        yield from _crowd_rows(prediction)
    for row in results["predictions_by_take"]:
        for outcome, figures in row["outcomes"].items():
            yield from (("predictions by take", None, outcome, row["choice"], None, *pair) for pair in figures.items())


def _takes(poll: OpinionPoll, tally: Tally) -> Told:
    labels = {choice.id: choice.label for choice in poll.choices}
    camps = {choice.id: choice.camp.value for choice in poll.choices}
    return {
        **_asked(poll),
        "kind": poll.kind.value,
        **_counted("choices", "votes", "voters", tally),
        "camps": {labels[choice_id]: camp for choice_id, camp in camps.items()},
        "rounds": [_round(one, labels) for one in tally.rounds],
        "over_time": [
            {
                "at": _instant(then.at),
                "voters": then.total,
                "votes": {label: then.votes.get(choice_id, 0) for choice_id, label in labels.items()},
            }
            for then in series.takes_of(poll, tally.tiers)
        ],
    }


def _prediction(prediction: Prediction, tally: Tally, page: ArticlePage) -> Told:
    labels = {outcome.id: outcome.label for outcome in prediction.outcomes}
    resolution = prediction.resolution
    return {
        **_asked(prediction),
        "kind": prediction.kind.value,
        "criteria": prediction.criteria,
        **_counted("outcomes", "picks", "readers", tally),
        "happened": labels[resolution.outcome_id] if resolution and resolution.outcome_id else None,
        "crowd": _crowd(crowds.crowd_of(prediction), labels, sees_takes=page.seen.takes),
        "over_time": [
            {
                "at": _instant(then.at),
                "forecasts": then.forecasts,
                "outcomes": {
                    labels[key]: dict(zip(("chance", "low", "high"), figures, strict=True))
                    for key, figures in then.chances.items()
                },
            }
            for then in series.crowd_of(prediction)
        ],
    }


def _asked(question: Question) -> Told:
    ends = min(question.closes_at, question.closed_at or question.closes_at)
    opened = _instant(question.opened_at) if question.opened_at else None
    return {"question": question.question, "opened_at": opened, "closes_at": _instant(ends)}


def _counted(answers: str, what: str, whom: str, tally: Tally) -> Told:
    """Return a tally: its answers, and those who gave them, by tier. Shares are of those in the tiers of the headline."""
    return {
        "tiers": [tier.value for tier in tally.tiers],
        whom: {tier.value: tally.by_tier[tier] for tier in Tier},
        answers: [
            {
                "label": share.label,
                what: {tier.value: share.by_tier[tier] for tier in Tier},
                "counted": share.count,
                "share": round(share.share, DECIMALS),
            }
            for share in tally.shares
        ],
    }


def _round(one: Round, labels: Mapping[int, str]) -> Told:
    return {
        "votes": {labels[choice_id]: votes for choice_id, votes in one.counts.items()},
        "exhausted": one.exhausted,
        "eliminated": [labels[choice_id] for choice_id in one.eliminated],
        "winners": [labels[choice_id] for choice_id in one.winners],
        "tie_break": one.tie_break.value if one.tie_break else None,
    }


def _crowd(together: Crowd, labels: Mapping[int, str], *, sees_takes: bool) -> Told | None:
    if together.chances is None:
        return None
    names = (*BY_OUTCOME, *WITH_TAKES) if sees_takes else BY_OUTCOME
    camps = [view for view in together.camps if view.forecasts >= crowd.EARLY] if sees_takes else []
    return {
        "forecasts": together.forecasts,
        "is_early": together.forecasts < crowd.CROWD,
        **{name: _figures(getattr(together, name), labels) for name in names},
        "camps": {view.camp.value: {"forecasts": view.forecasts, "chances": _figures(view.chances, labels)} for view in camps},
    }


def _cross(row: CrossRow, page: ArticlePage) -> Told:
    outcomes = page.article.prediction.outcomes if page.article.prediction else []
    figures = zip(outcomes, row.counts, row.shares, row.intervals, strict=True)
    return {
        "choice": row.label,
        "readers": row.total,
        "outcomes": {
            outcome.label: {
                "readers": count,
                "share": round(share, DECIMALS),
                "low": round(low, DECIMALS),
                "high": round(high, DECIMALS),
            }
            for outcome, count, share, (low, high) in figures
        },
    }


def _tally_rows(part: str, what: str, answers: Sequence[Told], by_tier: Told) -> Iterator[Sequence[Cell]]:
    for one in answers:
        label = one["label"]
        yield from ((part, None, label, None, tier, what, count) for tier, count in one[what].items())
        yield (part, None, label, None, None, "counted", one["counted"])
        yield (part, None, label, None, None, "share", one["share"])
    yield from ((part, None, None, None, tier, "readers", count) for tier, count in by_tier.items())


def _crowd_rows(prediction: Told) -> Iterator[Sequence[Cell]]:
    together = prediction["crowd"]
    if together:
        yield ("crowd", None, None, None, None, "forecasts", together["forecasts"])
        for name in (*BY_OUTCOME, *WITH_TAKES):
            yield from (
                ("crowd", None, label, None, None, name, figure) for label, figure in (together.get(name) or {}).items()
            )
        for camp, view in together["camps"].items():
            yield ("crowd of a camp", None, None, camp, None, "forecasts", view["forecasts"])
            yield from (("crowd of a camp", None, key, camp, None, "chances", one) for key, one in view["chances"].items())
    for then in prediction["over_time"]:
        yield ("crowd over time", then["at"], None, None, None, "forecasts", then["forecasts"])
        for label, figures in then["outcomes"].items():
            yield from (("crowd over time", then["at"], label, None, None, *pair) for pair in figures.items())


def _figures(chances: Mapping[int, float] | None, labels: Mapping[int, str]) -> dict[str, float] | None:
    if chances is None:
        return None
    return {labels[outcome_id]: round(chance, DECIMALS) for outcome_id, chance in chances.items() if outcome_id in labels}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
