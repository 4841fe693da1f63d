"""Whom a comment can mention: names for completing what somebody has begun to type."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.comments.area import bp
from blueprints.support.caching import about, same_for_all, shared
from blueprints.support.readers import current_reader
from domain import articles, mentions
from domain.permissions import can_edit, can_moderate
from models import Article, Reader


@bp.get("/articles/<slug>/people")
@shared("q")
def people(slug: str) -> ResponseReturnValue:
    """Answer who of the discussion has a name that begins with `q`, as JSON: `[{"name": "Ann Lee", "role": ""}]`.

    `role` is what the badge beside the name says, if there is one.
    """
    article = articles.shown_to(current_reader(), slug)
    about(article)
    start = request.args.get("q", "")

    def found() -> Response:
        called = mentions.people_called(article, start)
        return jsonify([{"name": person.name, "role": _role(person, article)} for person in called])

    return found() if article.is_draft else same_for_all((article.id, article.version, start), found)


def _role(person: Reader, article: Article) -> str:
    if person.id == article.author_id:
        return gettext("author of the article")
    if can_edit(person):
        return gettext("newsroom")
    return gettext("moderator") if can_moderate(person) else ""
