"""The report as a table: one figure a row, under the headings of the templates of Implementing Regulation (EU) 2024/2835."""

from __future__ import annotations

from collections.abc import Iterator

from blueprints.support.site import config
from domain.transparency import (
    ACTS,
    APPEALS,
    CATEGORIES,
    DECIDERS,
    DETECTION,
    MACHINE,
    NOTICES,
    PERSON,
    REPORTS,
    RESTRICTIONS,
    REVERSALS,
    SANCTIONS,
    STATEMENT_CATEGORIES,
    Middle,
    Transparency,
)
from models import DecisionSeal, ReportReason, SanctionKind

HEADER = ("template", "indicator", "category", "detail", "value", "remark")
HIDDEN = "below 10, or hidden so that a count below 10 cannot be worked out"
VISIBILITY = {
    "limited": "visibility restriction: behind a notice",
    "removed": "visibility restriction: removal",
    "disabled": "visibility restriction: disabling of access",
}
Row = tuple[str, str, str, str, str | int | float, str]


def rows_of(report: Transparency, seal: DecisionSeal | None) -> list[Row]:
    """Return the rows of the file."""
    return [
        *_identification(report, seal),
        *_notices(report),
        *_own_initiative(report),
        *_complaints(report),
        *_automated(report),
    ]


def _identification(report: Transparency, seal: DecisionSeal | None) -> Iterator[Row]:
    part = "1_identification"
    yield part, "Name of the service", "", "", config().site_name, ""
    yield part, "Starting date of the reporting period", "", "", f"{report.period.start:%Y-%m-%d}", ""
    yield part, "Ending date of the reporting period", "", "exclusive", f"{report.period.end:%Y-%m-%d}", ""
    if seal is not None:
        yield part, "Newest hash of the chain of decisions", "", f"seal {seal.number}", seal.hash, "outside the template"


def _notices(report: Transparency) -> Iterator[Row]:
    part = "4_notices"
    yield _count(report, part, "Number of notices received", (NOTICES, "received"))
    yield _count(report, part, "Number of notices processed", (NOTICES,))
    yield _count(report, part, "Number of actions taken on the basis of the law", (NOTICES, "upheld"))
    yield _count(report, part, "Number of notices refused", (NOTICES, "refused"))
    yield part, "Number of notices processed by automated means", "", "", 0, ""
    yield _median(part, "Median time to take action, in seconds", report.medians[NOTICES])
    for reason in ReportReason:
        yield _count(report, part, "Number of reports by readers", (REPORTS, reason.value), detail=reason.value)


def _own_initiative(report: Transparency) -> Iterator[Row]:
    part = "6_own_initiative_tc"
    for clause in report.clauses:
        code = STATEMENT_CATEGORIES[clause.category]
        yield _count(
            report, part, "Number of measures by clause", (RESTRICTIONS, clause.key), category=code, detail=clause.title
        )
    for category in report.categories:
        for act in ACTS:
            yield _count(
                report,
                part,
                "Number of measures by type of restriction",
                (CATEGORIES, category.value, act),
                category=STATEMENT_CATEGORIES[category],
                detail=VISIBILITY[act],
            )
        yield _count(report, part, "Number of measures", (CATEGORIES, category.value), category=STATEMENT_CATEGORIES[category])
    for act in ACTS:
        yield _count(report, part, "Number of measures by type of restriction", (CATEGORIES, "", act), detail=VISIBILITY[act])
    yield _count(report, part, "Number of measures", (RESTRICTIONS,))
    for kind in SanctionKind:
        yield _count(report, part, "Number of measures against accounts", (SANCTIONS, kind.value), detail=kind.value)
    yield _count(report, part, "Number of measures against accounts", (SANCTIONS,))
    yield _count(report, part, "Number of measures taken back", (REVERSALS, "undone"))


def _complaints(report: Transparency) -> Iterator[Row]:
    part = "7_appeals_and_recidivism"
    yield _count(report, part, "Number of complaints received", (APPEALS, "received"))
    yield _count(report, part, "Number of decisions on complaints", (APPEALS,))
    yield _count(report, part, "Number of decisions upheld", (APPEALS, "refused"))
    yield _count(report, part, "Number of decisions reversed", (APPEALS, "granted"))
    yield _median(part, "Median time to decide on complaints, in seconds", report.medians[APPEALS])


def _automated(report: Transparency) -> Iterator[Row]:
    part = "8_automated_means"
    for who, words in ((MACHINE, "solely automated"), (PERSON, "not solely automated")):
        yield _count(report, part, "Number of measures", (DECIDERS, who), detail=words)
    for who, words in ((MACHINE, "detected by automated means"), (PERSON, "detected otherwise")):
        yield _count(report, part, "Number of measures by detection", (DETECTION, who), detail=words)
    share = report.automated_share
    yield (
        part,
        "Share of solely automated measures",
        "",
        "",
        "" if share is None else round(share, 4),
        "" if share is not None else HIDDEN,
    )
    yield _median(part, "Median time held texts waited for a person, in seconds", report.medians["held"])


def _count(
    report: Transparency, part: str, indicator: str, at: tuple[str, ...], *, category: str = "", detail: str = ""
) -> Row:
    count = report.at(*at)
    return part, indicator, category, detail, "" if count is None else count, HIDDEN if count is None else ""


def _median(part: str, indicator: str, middle: Middle) -> Row:
    if middle.time is None:
        return part, indicator, "", "", "", HIDDEN
    return part, indicator, "", "", int(middle.time.total_seconds()), ""
