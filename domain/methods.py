"""How near each way of combining forecasts came: out of time, at moments of a grid. Pure arithmetic, defined in `docs/numbers.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain import crowd, scoring
from domain.arrays import Floats, Integers, NDArray, np
from models import Camp

EVEN = "even"  # equal chances: knowing nothing
MEAN, MEDIAN, RECENT_MEDIAN, CROWD, BALANCED = "mean", "median", "recent_median", "crowd", "balanced"
PICKS = "picks"  # of all who picked, the share that picked each outcome

CAMPS = tuple(Camp)

Spoken = Mapping[str, tuple[int, list[float]]]  # by method, how many forecasts it combines, and what it says


def of_camp(camp: Camp) -> str:
    """Return the name of the method that listens to one camp alone."""
    return f"camp_{camp.value}"


def tells_of_takes(method: str) -> bool:
    """Whether what a method says depends on who is of which camp, so that it is for those who may see takes."""
    return method == BALANCED or method in map(of_camp, CAMPS)


@dataclass(frozen=True, kw_only=True)
class History:
    """All forecasts of a question, the oldest first. Times are seconds since it opened; `pick` is the place of an outcome.

    `rows` has the chance of each outcome, in the order of the question; not a number where a forecast is a pick and no more.
    """

    reader: Integers
    pick: Integers
    start: Floats
    end: Floats
    rows: Floats

    @property
    def gives_chances(self) -> NDArray[np.bool_]:
        """Which forecasts say more than a pick."""
        given: NDArray[np.bool_] = ~np.isnan(self.rows[:, 0])
        return given

    def only(self, places: NDArray[np.bool_]) -> History:
        """Return some of the forecasts."""
        return History(
            reader=self.reader[places],
            pick=self.pick[places],
            start=self.start[places],
            end=self.end[places],
            rows=self.rows[places],
        )

    def standing(self, at: float) -> Integers:
        """Return the places of the forecasts that were made before a moment and stood until then."""
        made = int(np.searchsorted(self.start, at))
        return np.flatnonzero(self.end[:made] >= at)


@dataclass(frozen=True, kw_only=True)
class Stances:
    """From when on each reader was of which camp, a place in `CAMPS`, or of none, -1; in the order of time."""

    reader: Integers
    since: Floats
    camp: Integers


@dataclass(frozen=True, kw_only=True)
class MethodFigures:
    """How near a method came to what happened: averages over the time it spoke, and the chance it gave when it spoke last.

    `forecasts` is how many it combined at the last moment, 0 where it was silent then.
    """

    method: str
    forecasts: int
    chance: float
    brier: float
    logarithmic: float
    ranked: float | None
    baseline: float


@dataclass
class _Told:
    """What a method said, and for how long each time."""

    seconds: list[float] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)


def figures(
    history: History, stances: Stances, moments: Sequence[float], *, happened: int, is_ordered: bool
) -> list[MethodFigures]:
    """Return how near each method came that ever had enough forecasts, when asked at `moments`, of which the last is the close.

    What is said at a moment rests on forecasts made before it, and stands until the next one.
    """
    told: dict[str, _Told] = {}
    spoken: Spoken = {}
    lasting = np.append(np.diff(np.asarray(moments, dtype=np.float64)), 0.0)
    for seconds, spoken in zip(lasting, _spoken(history, stances, moments), strict=True):
        for method, (_, chances) in spoken.items():
            mine = told.setdefault(method, _Told())
            mine.seconds.append(float(seconds))
            mine.rows.append(chances)
    at_the_end = {method: spoken[method][0] if method in spoken else 0 for method in told}
    return [_figures(method, told[method], at_the_end[method], happened, is_ordered=is_ordered) for method in sorted(told)]


def _figures(method: str, told: _Told, forecasts: int, happened: int, *, is_ordered: bool) -> MethodFigures:
    rows = np.array(told.rows)
    logs = np.log(np.clip(rows[:, happened], crowd.LEAST, crowd.MOST))
    weights = told.seconds if any(told.seconds) else None  # heard at the close alone, a method is judged by that
    logarithmic = float(np.average(logs, weights=weights))
    return MethodFigures(
        method=method,
        forecasts=forecasts,
        chance=float(rows[-1, happened]),
        brier=float(np.average(scoring.briers(rows, happened), weights=weights)),
        logarithmic=logarithmic,
        ranked=float(np.average(scoring.ranked_scores(rows, happened), weights=weights)) if is_ordered else None,
        baseline=100 * (1 + logarithmic / float(np.log(rows.shape[1]))),
    )


def _spoken(history: History, stances: Stances, moments: Sequence[float]) -> Iterator[Spoken]:
    """Yield what every method says at each moment; the same again while nothing happens."""
    asked, ends = history.only(history.gives_chances), np.sort(history.end)
    camps = _CampsInTime(asked, stances)
    before, spoken = None, None
    for at in moments:
        state = [int(np.searchsorted(times, at)) for times in (history.start, ends, stances.since)]
        if spoken is None or state != before:
            camps.go_to(state[-1])
            spoken = {**_picks(history, at), **_combined(asked, asked.standing(at), camps)}
        before = state
        yield spoken


def _picks(history: History, at: float) -> Spoken:
    picked = np.bincount(history.pick[history.standing(at)], minlength=history.rows.shape[1])
    count = int(picked.sum())
    return {PICKS: (count, (picked / count).tolist())} if count else {}


def _combined(history: History, standing: Integers, camps: _CampsInTime) -> Spoken:
    count, outcomes = len(standing), history.rows.shape[1]
    if count < crowd.EARLY:
        return {}
    newest = history.rows[standing[-crowd.newest_that_count(count) :]]
    everybody = history.rows[standing]
    together = crowd.crowd_forecast(newest, total=count)
    spoken: dict[str, tuple[int, list[float]]] = {
        EVEN: (count, [1 / outcomes] * outcomes),
        MEAN: (count, crowd.mean(everybody)),
        MEDIAN: (count, crowd.median(everybody)),
        RECENT_MEDIAN: (count, crowd.recency_weighted_median(newest, total=count)),
        CROWD: (count, together),
    }
    return {**spoken, **_by_camp(history, camps.divided(standing), (count, together))}


def _by_camp(history: History, by_camp: Mapping[Camp, Integers], together: tuple[int, list[float]]) -> Spoken:
    """Return what each camp says, and all with the same weight; that is what all say together while only one camp speaks."""
    totals = {camp: len(places) for camp, places in by_camp.items()}
    rows = {camp: history.rows[places[-crowd.newest_that_count(len(places)) :]] for camp, places in by_camp.items()}
    spoken = {of_camp(camp): (totals[camp], crowd.crowd_forecast(mine, total=totals[camp])) for camp, mine in rows.items()}
    balanced = crowd.stance_balanced(rows, totals=totals) if len(rows) > 1 else together[1]
    return spoken | {BALANCED: (together[0], balanced)}


class _CampsInTime:
    """Everybody's camp at one moment after another."""

    def __init__(self, history: History, stances: Stances) -> None:
        readers, self._reader = np.unique(history.reader, return_inverse=True)
        known = np.isin(stances.reader, readers)
        self._places = np.where(known, np.searchsorted(readers, stances.reader), len(readers))  # beyond: who never forecast
        self._stances = stances
        self._camp = np.full(len(readers) + 1, -1, dtype=np.int64)
        self._passed = 0

    def go_to(self, passed: int) -> None:
        """Go on until so many stances have been taken. Of one reader's several the last counts."""
        fresh = slice(self._passed, passed)
        self._camp[self._places[fresh]] = self._stances.camp[fresh]
        self._passed = passed

    def divided(self, standing: Integers) -> dict[Camp, Integers]:
        """Return the forecasts of each camp that has enough of them."""
        camps = self._camp[self._reader[standing]]
        divided = {camp: standing[camps == place] for place, camp in enumerate(CAMPS)}
        return {camp: places for camp, places in divided.items() if len(places) >= crowd.EARLY}
