"""How the work of moderation goes, between two days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.oversight.area import bp
from blueprints.support.site import config, utc_now
from domain import metrics, secondopinions
from domain.metrics import Dimension

SHOWN_DAYS = 28  # where no days are given
MOST_DAYS = 400  # a little over a year


@bp.get("/metrics")
def metrics_page() -> ResponseReturnValue:
    """Show the figures of some days, all together and by article, section or moderator."""
    zone, by = ZoneInfo(config().timezone), request.args.get("by", Dimension.MODERATOR.value)
    today = utc_now().astimezone(zone).date()
    last = _day("to", today)
    first = _day("from", last - timedelta(days=SHOWN_DAYS - 1))
    if by not in {one.value for one in Dimension} or not 0 <= (last - first).days <= MOST_DAYS:
        abort(400)
    start, end = datetime.combine(first, time.min, zone), datetime.combine(last + timedelta(days=1), time.min, zone)
    return render_template(
        "oversight/metrics.html",
        metrics=metrics.measured(start, end, Dimension(by)),
        agreement=secondopinions.agreement(start, end),
        by=Dimension(by),
        dimensions=Dimension,
        first=first,
        last=last,
        most=metrics.MOST,
    )


def _day(name: str, default: date) -> date:
    """Return a day given in the address; answer 400 for what is none."""
    text = request.args.get(name, "")
    if not text:
        return default
    try:
        found = date.fromisoformat(text)
    except ValueError:
        abort(400)
    if not date(2000, 1, 1) <= found <= date(9998, 12, 31):
        abort(400)
    return found
