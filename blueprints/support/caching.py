"""Pages that are the same for everyone who carries nothing of ours, and say so with an ETag."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from flask import Flask, Response, current_app, g, make_response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from blueprints.support.readers import is_nobody
from blueprints.support.site import config

SHARED = "public, max-age=0, s-maxage=10, stale-while-revalidate=60"  # browsers ask each time, a CDN asks every ten seconds


class Sessions(SecureCookieSessionInterface):
    """Sessions as they are, but an answer that is the same for all has nothing to do with them.

    Flask-Login looks into the session after each request. Flask would then say of the answer that it varies by cookie, and of a
    signed-in reader's it would send the cookie along, into a cache shared with others.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save the session as ever, unless the answer is everybody's."""
        if not g.get("is_same_for_all"):
            super().save_session(app, session, response)


def bind(app: Flask) -> None:
    """Let answers that no cookie matters to say so."""
    app.session_interface = Sessions()


def page_for_all(version: object, render: Callable[[], str | dict[str, object] | Response]) -> Response:
    """Answer with a shared page, or with 304 without rendering when the asker has this version already.

    `version` has to change with whatever can be seen on the page. A reader with a cookie of ours gets a page of their own
    that nobody stores.
    """
    if not is_nobody():
        return make_response(render())
    answer = same_for_all(version, lambda: make_response(render()))
    answer.vary.add("Cookie")
    g.is_same_for_all = False
    return answer


def same_for_all(version: object, render: Callable[[], Response]) -> Response:
    """Answer with what is the same whoever asks, readers we know included: a feed. Otherwise as `page_for_all`.

    The tag is weak because the same answer leaves in several encodings.
    """
    site = config()
    text = repr((version, current_app.extensions["build"], site.site_name, site.site_url, site.locale, site.timezone))
    etag = hashlib.sha256(text.encode()).hexdigest()[:20]
    answer = Response(status=304) if request.if_none_match.contains_weak(etag) else render()
    answer.set_etag(etag, weak=True)
    answer.headers["Cache-Control"] = SHARED
    answer.vary.add("Accept-Encoding")
    g.is_same_for_all = True
    return answer
