"""Which of our pages an address leads to. Nothing is fetched, and no other site's address is looked at."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

from blueprints.support.site import config
from domain.errors import N_, Missing


def page_at(address: str) -> tuple[str, dict[str, Any]]:
    """Return the endpoint and what is named in the address; raise `Missing` where there is no page of this site."""
    try:
        parts = urlsplit(address)
        endpoint, names = current_app.url_map.bind("").match(parts.path, "GET")
    except (ValueError, HTTPException) as error:  # an address that is none, a path of nothing or of a redirect
        raise _missing() from error
    if f"{parts.scheme}://{parts.netloc}" != config().site_url:
        raise _missing()
    return str(endpoint), dict(names)


def _missing() -> Missing:
    return Missing(N_("There is nothing at that address that can be shown elsewhere."))
