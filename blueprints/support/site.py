"""The settings of the running site."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app, url_for

from config import Config


def config() -> Config:
    """Return the settings the application was started with."""
    settings: Config = current_app.extensions["foresay"]
    return settings


def utc_now() -> datetime:
    """Return this instant: the one place where the edge reads the clock."""
    return datetime.now(UTC)


def absolute_url(endpoint: str, **values: Any) -> str:
    """Return an address of the site as others know it, whatever host this request came to."""
    return config().site_url + url_for(endpoint, **values)
