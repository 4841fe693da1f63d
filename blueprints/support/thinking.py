"""Before a text is taken: whether its author is to think again first, and whether they write faster than a discussion bears."""

from __future__ import annotations

from flask import Flask, request

from blueprints.support.readers import participant
from blueprints.support.site import config, utc_now
from domain import pacing, screening
from domain.heat import Heat
from domain.screened import Text
from models import Article, Comment


def bind(app: Flask) -> None:
    """Let pages say that a discussion is heated."""
    app.add_template_global(heat_of)


def asked_again(body: str, article: Article, *, is_reply: bool = False, of: Comment | None = None) -> str:
    """Return what the author of a text is asked to think about before it is sent. They are asked but once."""
    if not body.strip() or request.form.get("anyway") == "1":
        return ""
    return screening.nudge(Text(body, participant(), utc_now(), article, is_reply=is_reply, of=of))


def keep_pace(article: Article) -> None:
    """Raise `TooSoon` for who writes faster than a heated discussion bears."""
    if config().rate_limits:
        pacing.check(article, by=participant(), now=utc_now())


def heat_of(article: Article) -> Heat:
    """Return how heated a discussion is just now."""
    return pacing.heat_of(article, utc_now()) if config().rate_limits else Heat.CALM
