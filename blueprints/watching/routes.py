"""Whether the site lives, whether it is ready, and its figures. None of it looks at cookies or may be kept."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from blueprints.support.site import config, utc_now
from blueprints.watching.backlogs import Backlogs
from observing import sharing
from observing.readiness import CHECKS, Readiness

bp = Blueprint("watching", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer, which is all there is to say: the process is there. The database is not asked."""
    return jsonify(status="alive")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say whether requests can be sent here, and what is missing; some of it the site can do without."""
    checks: Readiness = current_app.extensions["readiness"]
    missing = checks.missing()
    is_ready = not CHECKS.keys() & missing.keys()
    status = "ready" if is_ready else "not ready"
    return jsonify(status=status, **({"missing": missing} if missing else {})), 200 if is_ready else 503


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Give the figures to who has the token. Without one there is nothing here."""
    token = config().metrics_token
    given = request.headers.get("Authorization", "").encode()
    if not token or not hmac.compare_digest(given, f"Bearer {token}".encode()):
        abort(404)
    return Response(sharing.told(Backlogs(utc_now())), content_type=CONTENT_TYPE_LATEST)
