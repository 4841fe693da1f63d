"""The queues of the desk: what waits, oldest first, narrowed down as one likes."""

from __future__ import annotations

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.moderation.area import bp
from blueprints.moderation.forms import RemovalForm
from blueprints.moderation.pages import Place, around, author_page, elsewhere, place_here, place_of, placed
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader, participant
from blueprints.support.site import utc_now
from domain import cards, queues, savedfilters
from domain.queues import Queue

bp.add_app_template_global(author_page)
bp.add_app_template_global(elsewhere, "beside_the_queues")
NAMES = ", ".join(f'"{queue.value}"' for queue in Queue)


@bp.get("/", defaults={"name": Queue.HELD.value})
@bp.get(f"/<any({NAMES}):name>")
def queue(name: str) -> ResponseReturnValue:
    """Show what waits in a queue, oldest first."""
    return _page(placed(name, request.args))


@bp.get("/filters/<int:filter_id>")
def filtered(filter_id: int) -> ResponseReturnValue:
    """Show what a saved filter finds."""
    kept = savedfilters.seen(filter_id, participant())
    return _page(place_of(kept), kept.name)


@bp.get("/waiting")
def waiting() -> ResponseReturnValue:
    """Answer how much waits, for a page that has been open for a while, and how much of it came after its last item."""
    place, end = place_here(), cursor("end")
    asked = [(place.queue, place.conditions)] if place.queue and end is not None else []
    arrived = sum(queues.sizes(asked, now=utc_now(), after=end or 0))
    around_it = around(place)
    regions = {part: render_template(f"moderation/_{part}.html", **around_it) for part in ("queues", "failing")}
    if asked:
        regions["arrived"] = render_template("moderation/_arrived.html", arrived=arrived, end=end, **around_it)
    return jsonify(regions=regions)


def _page(place: Place, name: str = "") -> ResponseReturnValue:
    queue = place.queue or Queue.ALL
    now = utc_now()
    found = queues.waiting(queue, now=now, after=place.after or 0, conditions=place.conditions)
    items = cards.items(found.comment_ids, now=now, viewer=current_reader())
    shown = {
        "page": found,
        "items": items,
        "queue": queue,
        "name": name,
        "conflict": None,
        "looked_through": queues.LOOKED_THROUGH,
    }
    return render_template("moderation/queue.html", form=RemovalForm(), **shown, **around(place))
