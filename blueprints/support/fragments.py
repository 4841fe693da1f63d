"""Fragments made of their inputs alone: nothing in them depends on who is asking."""

from __future__ import annotations

from flask import current_app


def fragment(name: str, **inputs: object) -> str:
    """Return a template filled with its inputs, without what pages are given about the request and the reader."""
    return current_app.jinja_env.get_template(name).render(**inputs)
