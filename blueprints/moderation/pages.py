"""What stands around the items of the desk: where one is, how much waits, and what may be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app, request, session, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from blueprints.support.pagination import MOST_DIGITS, cursor
from blueprints.support.readers import current_reader
from blueprints.support.site import utc_now
from domain import narrowing, queues, review, savedfilters, screening
from domain.errors import N_
from domain.narrowing import EVERYTHING, Conditions
from domain.queues import Queue
from domain.review import Decision
from domain.screening import Failure
from models import Reader, SavedFilter

DECISIONS, COMMENT = "decisions", "comment"  # the pages of the desk besides its queues
FAILED_LATELY = timedelta(hours=1)  # what broke down before is mended, or has broken down again
VEIL = "desk_veil"  # in the session
ABOUT_AUTHORS = {"history": ("conduct.show", ""), "note": ("conduct.show", "notes"), "sanction": ("conduct.show", "impose")}
ELSEWHERE = (  # the desk besides its queues
    ("appeals.index", N_("Appeals")),
    ("conduct.bans", N_("Bans to review")),
    ("oversight.legal_notices", N_("Legal notices")),
    ("oversight.second_opinions", N_("Blind second opinions")),
    ("oversight.metrics_page", N_("How it goes")),
    ("policy.list_clauses", N_("Policy")),
)
QUEUES = {queue.value: queue for queue in Queue}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where on the desk a moderator is: a queue or a filter of theirs, their decisions or one comment, and how far into it."""

    name: str
    after: int | None = None
    conditions: Conditions = EVERYTHING
    filter_id: int | None = None

    @property
    def queue(self) -> Queue | None:
        """Return the queue, where it is one: what is decided there leaves the list."""
        return QUEUES.get(self.name)

    @property
    def query(self) -> dict[str, str | int | None]:
        """Return what an address carries so that the answer leads back here."""
        where = {"filter": self.filter_id} if self.filter_id else self.conditions.kept()
        return {"place": self.name, "after": self.after, **where}

    def address(self, comment_id: int = 0, *, after: int | None = None) -> str:
        """Return where to go after a decision about a comment, or for what comes after a place in the list."""
        after = after or self.after
        if self.name == COMMENT:
            return url_for("moderation.show", comment_id=comment_id)
        if self.filter_id:
            return url_for("moderation.filtered", filter_id=self.filter_id, after=after)
        if self.name in QUEUES:
            return url_for("moderation.queue", name=self.name, after=after, **self.conditions.kept())
        return url_for("moderation.decisions", after=after)

    @property
    def beginning(self) -> str:
        """Return where the list begins."""
        return Place(name=self.name, conditions=self.conditions, filter_id=self.filter_id).address()


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where the moderator is, how much waits in each queue and filter, and the decision they may want to take back."""

    place: Place
    counts: dict[Queue, int]
    last: Decision | None
    filters: Sequence[tuple[SavedFilter, int]] = field(default=())
    failing: Sequence[Failure] = field(default=())  # checks that broke down lately
    is_veiled: bool = False  # texts are folded away until pressed
    most_counted: int = queues.MOST_COUNTED


def desk(place: Place, moderator: Reader | None, now: datetime) -> Desk:
    """Return the desk as it is now."""
    last = review.last_decision(moderator, now) if moderator else None
    filters = savedfilters.seen_by(moderator) if moderator else []
    asked = [(savedfilters.queue_of(kept), savedfilters.conditions_of(kept)) for kept in filters]
    counted = list(zip(filters, queues.sizes(asked, now=now), strict=True))
    return Desk(
        place=place,
        counts=queues.counts(now),
        last=last,
        filters=counted,
        failing=screening.failures(now - FAILED_LATELY),
        is_veiled=is_veiled(),
    )


def is_veiled() -> bool:
    """Whether this browser's moderator wants texts folded away until they press."""
    return bool(session.get(VEIL))


def author_page(author: Reader, which: str) -> str:
    """Return the address of a page about an author; nothing where this site has none."""
    endpoint, anchor = ABOUT_AUTHORS[which]
    has_page = endpoint in current_app.view_functions
    return url_for(endpoint, public_id=author.public_id, _anchor=anchor or None) if has_page else ""


def elsewhere() -> list[tuple[str, str]]:
    """Return the addresses and names of what belongs to the desk besides its queues, as far as this site has it."""
    there = [(endpoint, name) for endpoint, name in ELSEWHERE if endpoint in current_app.view_functions]
    return [(url_for(endpoint), str(gettext(name))) for endpoint, name in there]


def around(place: Place) -> dict[str, object]:
    """Return what every page of the desk shows around its work."""
    return {"desk": desk(place, current_reader(), utc_now()), "Queue": Queue}


def place_here() -> Place:
    """Return where on the desk the request comes from, by what its address carries."""
    name = request.args.get("place", "")
    if name not in {*QUEUES, DECISIONS, COMMENT}:
        name = Queue.HELD.value
    return placed(name, request.args)


def placed(name: str, given: MultiDict[str, str]) -> Place:
    """Return a place of this name, as far into it and narrowed down as an address says. A filter that is gone narrows nothing."""
    filter_id, moderator = given.get("filter", ""), current_reader()
    if moderator and filter_id.isascii() and filter_id.isdigit() and len(filter_id) <= MOST_DIGITS:
        kept = next((kept for kept in savedfilters.seen_by(moderator) if kept.id == int(filter_id)), None)
        if kept:
            return place_of(kept)
    return Place(name=name, after=cursor("after"), conditions=narrowing.conditions(given))


def place_of(kept: SavedFilter) -> Place:
    """Return the place that a saved filter is."""
    name, conditions = savedfilters.queue_of(kept).value, savedfilters.conditions_of(kept)
    return Place(name=name, after=cursor("after"), conditions=conditions, filter_id=kept.id)
