"""The picture beside a shared link, as an address."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from blueprints.articles.pages import article_page
from blueprints.articles.routes import bp
from blueprints.articles.sharing import content_of, digest_of
from blueprints.support.caching import same_for_all, shared
from blueprints.support.pictures import result_picture
from blueprints.support.site import utc_now
from domain import articles

FOR_EVER = "public, max-age=31536000, immutable"  # of an address that names its content


@bp.get("/articles/<slug>/result.png")
@shared("v", for_everybody=True)
def result_picture_of(slug: str) -> ResponseReturnValue:
    """Show the picture. Whoever asks, it is made for nobody."""
    content = content_of(article_page(articles.shown_to(None, slug), None, utc_now()))
    digest = digest_of(content)
    answer = same_for_all(digest, lambda: Response(result_picture(content), mimetype="image/png"))
    if request.args.get("v") == digest:
        answer.headers["Cache-Control"] = FOR_EVER
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is there to be shown elsewhere
    return answer
