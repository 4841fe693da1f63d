"""The pulse of an article: a few numbers, the same for everybody, that open pages ask for every other second."""

from __future__ import annotations

import hashlib
import hmac

from flask import Response, abort, current_app, jsonify, url_for
from flask.typing import ResponseReturnValue

from blueprints.articles.routes import bp
from blueprints.support.caching import same_for_all, shared
from blueprints.support.site import utc_now
from domain import pulses
from domain.pulses import Pulse
from domain.tallies import NOTHING, Seen
from models import Article

# A shared cache asks once a second, however many listen. It may not hand out an old answer while it asks for a new one: after
# a quiet second that would be a whole round late.
KEPT = "public, max-age=0, s-maxage=1"
KEY = 32  # hexadecimal digits: nobody guesses 128 bits
GRANTS = (Seen(takes=True, outcomes=True), Seen(takes=True, outcomes=False), Seen(takes=False, outcomes=True))


@bp.get("/articles/<slug>/pulse")
@shared(for_everybody=True)
def pulse(slug: str) -> ResponseReturnValue:
    """Tell whether anything has changed that everybody may see."""
    found = pulses.pulse_of(slug, now=utc_now())
    return _told(found, found.seen)


@bp.get("/articles/<slug>/pulse/<key>")
@shared(for_everybody=True)
def pulse_with_results(slug: str, key: str) -> ResponseReturnValue:
    """Tell the same, and whether results have changed that are open only to those whose page has this address."""
    found = pulses.pulse_of(slug, now=utc_now())
    granted = next(
        (grant for grant in GRANTS if hmac.compare_digest(key_of(found.article_id, grant).encode(), key.encode())), None
    )
    if granted is None:
        abort(404)
    if found.hides_counts:
        return _told(found, NOTHING)  # the page had its key before
    return _told(found, Seen(takes=granted.takes or found.seen.takes, outcomes=granted.outcomes or found.seen.outcomes))


@bp.app_template_global()
def pulse_address(article: Article, seen: Seen) -> str:
    """Return where the page of a reader who may see these results listens."""
    if not (seen.takes or seen.outcomes):
        return url_for("articles.pulse", slug=article.slug)
    return url_for("articles.pulse_with_results", slug=article.slug, key=key_of(article.id, seen))


def key_of(article_id: int, seen: Seen) -> str:
    """Return what only the pages of readers who may see these results know."""
    text = f"pulse {article_id} {seen.takes:d} {seen.outcomes:d}"
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:KEY]


def _told(found: Pulse, seen: Seen) -> Response:
    told: dict[str, object] = {
        "version": found.version,
        "appeared": found.appeared,
        "comments": found.comments,
        "open": found.is_open,
    }
    if mark := pulses.tallies_mark(found.poll_id, found.prediction_id, seen):
        told["tallies"] = mark
    answer = same_for_all(told, lambda: jsonify(told))
    answer.headers["Cache-Control"] = KEPT
    return answer
