"""The site map of the code: every blueprint, and what all of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Flask

from blueprints import (
    accounts,
    appeals,
    articles,
    comments,
    conduct,
    disputes,
    feeds,
    following,
    houserules,
    legalnotices,
    moderation,
    newsroom,
    notifications,
    oembed,
    oversight,
    policy,
    records,
    statements,
    transparency,
    watching,
)
from blueprints.support import accepting, assets, caching, compiled, errors, faults, filters, readers, security, thinking
from config import Config
from domain import factfinding
from lazily import lazily

if TYPE_CHECKING:
    from blueprints import gallery
else:
    gallery = lazily("blueprints.gallery")  # which real sites do not have


def register(app: Flask) -> None:
    """Bind what every request passes, then every area of the site."""
    config: Config = app.extensions["foresay"]
    security.bind(app)
    readers.bind(app)
    assets.bind(app)
    filters.bind(app)
    errors.bind(app)
    faults.bind(app)
    thinking.bind(app)
    accepting.bind(app)
    for area in (
        accounts,
        appeals,
        articles,
        comments,
        conduct,
        disputes,
        feeds,
        following,
        houserules,
        legalnotices,
        moderation,
        newsroom,
        notifications,
        oembed,
        oversight,
        policy,
        records,
        statements,
        transparency,
        watching,
    ):
        app.register_blueprint(area.bp)
    factfinding.site.zone = ZoneInfo(config.timezone)
    if not config.testing:
        compiled.bind(app, config)
    if config.development or config.testing:
        app.register_blueprint(gallery.bp)
    caching.bind(app, config)
