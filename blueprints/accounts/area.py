"""The blueprint to which the modules beside it add their routes."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)
