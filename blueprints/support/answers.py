"""What a page that stays open is told, where another page would be shown otherwise."""

from __future__ import annotations

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue
from wtforms import Form


def stays_open() -> bool:
    """Whether the page that asks is going to take in by itself what comes of it."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def led_on(target: str) -> ResponseReturnValue:
    """Lead on to a page; one that stays open is told where, so that it can first forget what it kept."""
    return jsonify(location=target) if stays_open() else redirect(target, 303)


def mistakes(form: Form) -> ResponseReturnValue:
    """Tell a page that stays open what is wrong with what it sent."""
    return jsonify(said=" ".join(str(error) for field in form for error in field.errors)), 422
