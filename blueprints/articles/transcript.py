"""The whole discussion on one page, to read through, search or print."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.articles.routes import bp
from blueprints.support.caching import about, page_for_all, shared
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader
from domain import articles, transcripts
from models import Article


@bp.get("/articles/<slug>/transcript")
@shared("after")
def transcript(slug: str) -> ResponseReturnValue:
    """Show what was said in a discussion, in the order of its writing."""
    article, after = articles.written_on(current_reader(), slug), cursor("after") or 0
    about(article)
    return page_for_all((article.slug, article.version, after), lambda: _rendered(article, after))


def _rendered(article: Article, after: int) -> str:
    found = transcripts.transcript_of(article, viewer=current_reader(), after=after)
    return render_template("articles/transcript.html", article=article, transcript=found, is_later_page=after > 0)
