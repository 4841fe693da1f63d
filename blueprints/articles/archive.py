"""The list of all that was published, where what the home page no longer shows is still found."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.articles.routes import bp
from blueprints.support import head
from blueprints.support.caching import page_for_all, shared
from blueprints.support.pagination import cursor
from domain import archive


@bp.get("/articles")
@shared("before")
def index() -> ResponseReturnValue:
    """List all articles, the newest first."""
    before = cursor("before")
    found = archive.shelf(before)
    version = (*((article.id, article.version) for article in found.articles), found.next_before, before is None)
    return page_for_all(
        version,
        lambda: render_template("articles/index.html", shelf=found, is_later_page=before is not None, head=head.of_archive()),
    )
