"""What a measurement found: ours beside its floor, round by round, and what has to be true whatever the speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.load import Load, Period, run
from bench.servers import RunningServer, Size

ANSWERS_EACH = 5  # on each connection, so that the last ones, which are answered while others rest, weigh little
WARM_UP = 0.2  # of a round, unread: the first requests of a thread cost more


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured."""

    rounds: int = 5
    seconds: float = 1.5  # of each thing in each round
    clients: int = 8
    many: int = 1_000_000  # votes, where a measurement is about how little their number matters
    size: Size = field(default_factory=Size)
    databases: Sequence[str] = ("sqlite", "postgresql")
    kept: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # by database, a small and a large site that are there


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One thing measured in one round."""

    seconds: float
    latencies: Sequence[float]
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Return the answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def milliseconds(self) -> float:
        """Return the median time of an answer."""
        return median(self.latencies) * 1000

    @property
    def quick_milliseconds(self) -> float:
        """Return the time within which a tenth of the answers came: what else runs on the machine hardly touches it."""
        return percentile(self.latencies, 10)

    @property
    def total(self) -> float:
        """Return the time until the last answer, in milliseconds."""
        return self.seconds * 1000

    @property
    def cpu_milliseconds(self) -> float:
        """Return the server's processor time for an answer."""
        return self.cpu_seconds / len(self.latencies) * 1000


def sample(server: RunningServer, load: Load, seconds: float) -> Sample:
    """Put the load on the server."""
    period = Period(seconds)
    scripts = load(period)
    period.least = ANSWERS_EACH * len(scripts)
    before = server.cpu_seconds()
    took = run(server.port, scripts)
    return Sample(seconds=took, latencies=period.latencies, cpu_seconds=server.cpu_seconds() - before)


def alternate(plan: Plan, things: Mapping[str, tuple[RunningServer, Load]]) -> dict[str, list[Sample]]:
    """Measure each thing once a round, forwards and backwards in turn, so that what disturbs the machine disturbs all."""
    for server, load in things.values():
        sample(server, load, plan.seconds * WARM_UP)
    found: dict[str, list[Sample]] = {name: [] for name in things}
    for number in range(plan.rounds):
        for name in list(things)[:: -1 if number % 2 else 1]:
            found[name].append(sample(*things[name], plan.seconds))
    return found


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a ratio should be, and whose wish that is."""

    bound: float
    why: str
    is_least: bool = True

    def allows(self, ratio: float) -> bool:
        """Whether the ratio is good enough."""
        return ratio >= self.bound if self.is_least else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.is_least else '≤'} {self.bound:g} ({self.why})"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Ours and what it is held against, a figure of each a round."""

    name: str
    against: str
    unit: str
    ours: Sequence[float]
    theirs: Sequence[float]
    target: Target | None = None

    @property
    def ratios(self) -> list[float]:
        """Return the ratio of each round: what slowed one of the two is likely to have slowed the other."""
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """Return the ratio of the median round."""
        return median(self.ratios)

    @property
    def verdict(self) -> str:
        """Return whether the target is met."""
        if self.target is None:
            return ""
        return "pass" if self.target.allows(self.ratio) else "falls short"

    def as_json(self) -> dict[str, Any]:
        """Return everything, for a machine."""
        return {
            "name": self.name,
            "against": self.against,
            "unit": self.unit,
            "ours": list(self.ours),
            "theirs": list(self.theirs),
            "ratio": self.ratio,
            "target": str(self.target) if self.target else None,
            "verdict": self.verdict or None,
        }


def beside(
    found: Mapping[str, Sequence[Sample]], ours: str, theirs: str, *, by: str = "rate", target: Target | None = None
) -> Comparison:
    """Hold two of the things that were measured against each other, by one of a sample's figures."""
    units = {
        "rate": "/s",
        "milliseconds": " ms",
        "quick_milliseconds": " ms at best",
        "total": " ms in all",
        "cpu_milliseconds": " ms CPU",
    }
    figures = [[getattr(one, by) for one in found[name]] for name in (ours, theirs)]
    return Comparison(name=ours, against=theirs, unit=units[by], ours=figures[0], theirs=figures[1], target=target)


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something found that is not a ratio. One that `must_hold` makes the whole run fail."""

    name: str
    found: str
    wanted: str
    passes: bool
    must_hold: bool = True

    @property
    def verdict(self) -> str:
        """Return what came of it."""
        if self.passes:
            return "pass"
        return "WRONG" if self.must_hold else "falls short"

    def as_json(self) -> dict[str, Any]:
        """Return everything, for a machine."""
        return {"name": self.name, "found": self.found, "wanted": self.wanted, "verdict": self.verdict}


def same(name: str, found: object, wanted: object) -> Check:
    """Check that what was found is what is right."""
    return Check(name=name, found=str(found), wanted=str(wanted), passes=found == wanted)


def percentile(latencies: Sequence[float], percent: int) -> float:
    """Return the time in milliseconds within which so many percent were answered."""
    ordered = sorted(latencies)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one measurement found."""

    name: str
    title: str
    comparisons: Sequence[Comparison] = ()
    checks: Sequence[Check] = ()
    facts: Sequence[str] = ()

    @property
    def is_right(self) -> bool:
        """Whether everything that must hold does. Being slow is no error."""
        return all(check.passes for check in self.checks if check.must_hold)

    def as_json(self) -> dict[str, Any]:
        """Return everything, for a machine."""
        return {
            "name": self.name,
            "title": self.title,
            "facts": list(self.facts),
            "comparisons": [one.as_json() for one in self.comparisons],
            "checks": [one.as_json() for one in self.checks],
        }

    def __str__(self) -> str:
        parts = [f"{self.name}: {self.title}", *(f"  {fact}" for fact in self.facts)]
        if self.comparisons:
            head = ["ours", "", "beside", "", "ratio", "lowest–highest", "target", ""]
            parts += ["", *_table([head, *map(_cells, self.comparisons)])]
        if self.checks:
            rows = [[check.name, check.found, check.wanted, check.verdict] for check in self.checks]
            parts += ["", *_table([["checked", "found", "wanted", ""], *rows])]
        return "\n".join([*parts, ""])


def _cells(one: Comparison) -> list[str]:
    return [
        one.name,
        _figure(median(one.ours)) + one.unit,
        one.against,
        _figure(median(one.theirs)) + one.unit,
        _figure(one.ratio),
        f"{_figure(min(one.ratios))}–{_figure(max(one.ratios))}",
        str(one.target or ""),
        one.verdict,
    ]


def _figure(number: float) -> str:
    """Return a number with three digits that matter."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"  # noqa: PLR2004 - three digits


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [lines[0], "  " + "─" * (sum(widths) + 2 * len(widths) - 2), *lines[1:]]
