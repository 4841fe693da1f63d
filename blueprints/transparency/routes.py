"""What everybody may know of moderation: the public log, and a report of each half-year."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from blueprints.support.caching import page_for_all, shared
from blueprints.support.categories import CATEGORIES
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader
from blueprints.support.replica import may_lag
from blueprints.support.site import utc_now
from blueprints.support.spreadsheets import csv_of
from blueprints.transparency import files
from domain import audit, periods, publiclog, transparency
from domain.errors import N_, Missing
from domain.periods import Period
from domain.permissions import can_moderate
from domain.transparency import Transparency
from extensions import limiter
from models import DecisionSeal

REPORTS = "60 per minute"  # each is counted anew, which takes half a second of a hundred thousand decisions

bp = Blueprint("transparency", __name__)


@bp.get("/moderation-log")
@shared("before")
@may_lag
def log() -> ResponseReturnValue:
    """Show what was decided, the newest first."""
    before = cursor("before")
    page = publiclog.page(utc_now(), before=before)
    return page_for_all(
        ("log", before, page.version),
        lambda: render_template("transparency/log.html", page=page, is_later_page=before is not None),
    )


@bp.get("/transparency")
@shared()
@may_lag
def reports() -> ResponseReturnValue:
    """Show of which half-years there are reports."""
    now = utc_now()
    first = transparency.first_entry()
    found = [period for period in periods.between(first, now) if _may_be_seen(period, now)] if first else []
    head = audit.head()
    version = ("reports", tuple(found), head.hash if head else "")
    return page_for_all(version, lambda: render_template("transparency/reports.html", periods=found[::-1], now=now, seal=head))


@bp.get("/transparency/<period>")
@shared()
@limiter.limit(REPORTS)
@may_lag
def report(period: str) -> ResponseReturnValue:
    """Show the report of a half-year."""
    made, head = transparency.report_on(_asked(period)), audit.head()
    return page_for_all((made, head.hash if head else ""), lambda: _rendered(made, head))


@bp.get("/transparency/<period>.csv")
@shared()
@limiter.limit(REPORTS)
@may_lag
def report_file(period: str) -> ResponseReturnValue:
    """Hand out the report of a half-year in the shape of the templates of the Digital Services Act."""
    made, head = transparency.report_on(_asked(period)), audit.head()
    rows = files.rows_of(made, head)
    headers = {"Content-Disposition": f'attachment; filename="transparency-{made.period}.csv"'}
    return page_for_all(
        rows, lambda: Response(csv_of(files.HEADER, rows), content_type="text/csv; charset=utf-8", headers=headers)
    )


def _asked(name: str) -> Period:
    """Return the period that is named, if its report can be read: moderators see how the running one stands."""
    period = periods.named(name)
    if not _may_be_seen(period, utc_now()):
        raise Missing(N_("There is no such report yet: this half-year is not over."))
    return period


def _may_be_seen(period: Period, now: datetime) -> bool:
    return period.is_over(now) or (can_moderate(current_reader()) and period.start <= now)


def _rendered(made: Transparency, seal: DecisionSeal | None) -> str:
    is_running = not made.period.is_over(utc_now())
    return render_template("transparency/report.html", report=made, category_names=CATEGORIES, seal=seal, is_running=is_running)
