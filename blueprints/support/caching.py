"""Pages that are the same for everyone who carries nothing of ours, and say so with an ETag.

A view says so with `shared`, and is then answered by the cache before Flask; in it, `page_for_all` spares the rendering
where nothing has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, current_app, g, make_response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from blueprints.support.readers import guest_cookie, is_nobody
from blueprints.support.site import config
from cache import FRESH, OLDEST, Cache, Rule, Settings
from cache.front import Event
from config import Config
from models import Article
from observing import metrics

P = ParamSpec("P")
# Browsers ask each time, a CDN asks every ten seconds, and shows what it has while it asks or while the site does not answer.
SHARED = "public, max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=600"
MEGABYTE = 1_000_000
DIGITS = 20  # of a tag, hexadecimal


class Sessions(SecureCookieSessionInterface):
    """Sessions as they are, but an answer that is the same for all has nothing to do with them.

    Flask-Login looks into the session after each request. Flask would then say of the answer that it varies by cookie, and of a
    signed-in reader's it would send the cookie along, into a cache shared with others.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save the session as ever, unless the answer is everybody's."""
        if not g.get("is_same_for_all"):
            super().save_session(app, session, response)


def bind(app: Flask, config: Config) -> None:
    """Let answers that no cookie matters to say so, and put the cache before the application."""
    app.session_interface = Sessions()
    if config.cache_megabytes == 0:
        return
    with app.app_context():
        cookies = (guest_cookie(), app.config["SESSION_COOKIE_NAME"])

    def note(event: Event) -> None:
        metrics.cache_answered(event)
        if event == "made":  # what it takes is added next, and told with the one after it
            metrics.cache_holds(cache.store.bytes)

    settings = Settings(
        rule_of=lambda path: _rule_of(app, path),
        known_by=cookies,
        prefix="__Host-" if config.is_https else "",
        room=config.cache_megabytes * MEGABYTE,
        note=note,
    )
    ages = (0, 0) if config.testing else (FRESH, OLDEST)  # a test sees what it has just done
    cache = Cache(app.wsgi_app, settings, fresh=ages[0], oldest=ages[1])
    app.extensions["cache"] = app.wsgi_app = cache  # type: ignore[method-assign]


def shared(
    *arguments: str, remembered: tuple[str, frozenset[str]] | None = None, for_everybody: bool = False
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let a view be answered from memory: it depends on its address, on these arguments of the query and on nothing else.

    `remembered` is an argument for which a cookie can stand, and its values. `for_everybody`: readers whom we know get the same.
    A view that does not give its answer a tag gets one by what is in it.
    """
    rule = Rule(arguments=arguments, remembered=remembered, for_everybody=for_everybody)

    def declared(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def answered(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            answer = make_response(view(*args, **kwargs))
            is_plain = answer.status_code == 200 and "Cache-Control" not in answer.headers  # noqa: PLR2004
            if is_plain and (for_everybody or is_nobody()):
                _tag(answer, hashlib.sha256(answer.get_data()).hexdigest()[:DIGITS], for_everybody=for_everybody)
                answer.make_conditional(request)
            return answer

        answered.rule = rule  # type: ignore[attr-defined]
        return answered

    return declared


def page_for_all(version: object, render: Callable[[], str | dict[str, object] | Response]) -> Response:
    """Answer with a shared page, or with 304 without rendering when the asker has this version already.

    `version` has to change with whatever can be seen on the page. A reader with a cookie of ours gets a page of their own
    that nobody stores.
    """
    if not is_nobody():
        return make_response(render())
    return _tagged(version, lambda: make_response(render()), for_everybody=False)


def same_for_all(version: object, render: Callable[[], Response]) -> Response:
    """Answer with what is the same whoever asks, readers we know included: a feed. Otherwise as `page_for_all`."""
    return _tagged(version, render, for_everybody=True)


def about(article: Article) -> None:
    """Say what the answer is about, so that a CDN can be told to forget all there is about it."""
    g.surrogates = {*g.get("surrogates", ()), f"article-{article.id}"}


def _tagged(version: object, render: Callable[[], Response], *, for_everybody: bool) -> Response:
    site = config()
    text = repr((version, current_app.extensions["build"], site.site_name, site.site_url, site.locale, site.timezone))
    etag = hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
    answer = Response(status=304) if request.if_none_match.contains_weak(etag) else render()
    return _tag(answer, etag, for_everybody=for_everybody)


def _tag(answer: Response, etag: str, *, for_everybody: bool) -> Response:
    """Say of an answer that it may be shared. The tag is weak because the same answer leaves in several encodings."""
    answer.set_etag(etag, weak=True)
    answer.headers["Cache-Control"] = SHARED
    answer.headers["Surrogate-Key"] = " ".join(("foresay", *sorted(g.get("surrogates", ()))))
    answer.headers["Cache-Tag"] = answer.headers["Surrogate-Key"].replace(" ", ",")
    answer.vary.add("Accept-Encoding")
    if not for_everybody:
        answer.vary.add("Cookie")
    g.is_same_for_all = for_everybody
    return answer


def _rule_of(app: Flask, path: str) -> Rule | None:
    """Return the rule of the view at a path, as WSGI writes paths; nothing where there is none."""
    try:
        endpoint, _ = app.url_map.bind("").match(path.encode("latin-1").decode(errors="replace"), "GET")
    except HTTPException:
        return None
    return getattr(app.view_functions[endpoint], "rule", None)
