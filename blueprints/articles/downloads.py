"""Results as files, for whoever may see them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.articles import exporting
from blueprints.articles.pages import ArticlePage, article_page
from blueprints.articles.routes import bp
from blueprints.support.caching import page_for_all, shared
from blueprints.support.readers import current_reader
from blueprints.support.replica import may_lag
from blueprints.support.site import utc_now
from blueprints.support.spreadsheets import csv_of
from domain import articles


@bp.get("/articles/<slug>/results.csv")
@shared()
@may_lag
def results_csv(slug: str) -> ResponseReturnValue:
    """Give the results as a table, one figure a row."""
    return _file(slug, "csv", _csv, lambda why: _csv_file(slug, csv_of(("error",), [(why,)])))


@bp.get("/articles/<slug>/results.json")
@shared()
@may_lag
def results_json(slug: str) -> ResponseReturnValue:
    """Give the results as JSON."""
    return _file(slug, "json", lambda page: jsonify(exporting.told(page)), lambda why: jsonify(error=why))


def _file(
    slug: str, kind: str, made: Callable[[ArticlePage], Response], refused: Callable[[str], Response]
) -> ResponseReturnValue:
    """Answer with a file of what this reader may see; in the same form with why not, where that is nothing."""
    reader = current_reader()
    page = article_page(articles.shown_to(reader, slug), reader, utc_now())
    if page.shows_results:
        return page_for_all((kind, page.version), lambda: made(page))
    if page.article.hides_counts:
        return refused(gettext("For legal reasons it is not shown how readers answered.")), 403
    return refused(gettext("Results appear once you have voted, or when voting is over, as the newsroom has set it.")), 403


def _csv(page: ArticlePage) -> Response:
    return _csv_file(page.article.slug, csv_of(exporting.HEADER, exporting.rows(exporting.told(page))))


def _csv_file(slug: str, body: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{slug}.csv"'}
    return Response(body, content_type="text/csv; charset=utf-8", headers=headers)
