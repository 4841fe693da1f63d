"""The provider's one address (oembed.com, version 1.0). Whoever asks is a program, so refusals are plain text."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from blueprints.oembed.addresses import page_at
from blueprints.oembed.answers import Embed, of_article, of_comment
from blueprints.support import xml
from blueprints.support.caching import about, same_for_all, shared
from blueprints.support.errors import explained
from blueprints.support.replica import may_lag
from domain import articles, comments
from domain.errors import N_, Missing
from models import CommentState

bp = Blueprint("oembed", __name__)

MOST_DIGITS = 5  # of a size in pixels


@bp.get("/oembed")
@shared("format", "url", "maxwidth", "maxheight", for_everybody=True)
@may_lag
def show() -> ResponseReturnValue:
    """Say how a comment or an article is shown on another site."""
    form = request.args.get("format", "json").lower()
    if form not in WRITTEN:
        abort(501, gettext("There is json and xml, no other format."))
    address = request.args.get("url", "")
    if not address:
        abort(400, gettext("Say in “url” what is to be shown: the address of a comment or an article."))
    room = (_pixels("maxwidth"), _pixels("maxheight"))
    embed = _found(address, *room)
    return same_for_all((form, room, embed.version), lambda: WRITTEN[form](embed.values()))


@bp.errorhandler(Missing)
def missing(error: Missing) -> ResponseReturnValue:
    """Say in plain text that there is nothing."""
    return _refused(404, explained(error))


@bp.errorhandler(HTTPException)
def failed(error: HTTPException) -> ResponseReturnValue:
    """Say in plain text what was wrong with the question."""
    return _refused(error.code or 500, error.description or error.name)


def _found(address: str, most_wide: int | None, most_high: int | None) -> Embed:
    """Return what nobody in particular would see there."""
    endpoint, names = page_at(address)
    if endpoint == "comments.show":
        comment = comments.visible_to(None, names["comment_id"])
        if comment.state is not CommentState.PUBLISHED:  # elsewhere nobody would be told why it was put aside
            raise Missing(N_("There is nothing at that address that can be shown elsewhere."))
        about(comment.article)
        return of_comment(comment, most_wide, most_high)
    if endpoint == "articles.show":
        article = articles.shown_to(None, names["slug"])
        about(article)
        return of_article(article, most_wide, most_high)
    raise Missing(N_("There is nothing at that address that can be shown elsewhere."))


def _pixels(name: str) -> int | None:
    """Return a size in the address, if there is one; answer 400 for what is no size."""
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text)):
        abort(400, gettext("A size is a whole number of pixels."))
    return int(text) if text else None


def _refused(status: int, why: str) -> Response:
    return Response(f"{why}\n", status, mimetype="text/plain")


def _as_json(values: Mapping[str, object]) -> Response:
    return Response(json.dumps(values, ensure_ascii=False), mimetype="application/json")


def _as_xml(values: Mapping[str, object]) -> Response:
    outermost = xml.root("oembed")
    for name, value in values.items():
        xml.add(outermost, name, str(value))
    return Response(xml.document(outermost), mimetype="text/xml")


WRITTEN = {"json": _as_json, "xml": _as_xml}
