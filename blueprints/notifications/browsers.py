"""Messages to a reader's browser: asking for them, ending them, and the script that shows them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from blueprints.notifications.area import bp, reader_here
from blueprints.support.caching import shared
from blueprints.support.limits import WRITES
from blueprints.support.readers import participant, sign_in_here, takes_part
from blueprints.support.site import config, utc_now
from domain import pushing
from domain.errors import N_, Closed
from domain.pushing import Browser
from extensions import db, limiter


@bp.post("/me/push")
@limiter.limit(WRITES)
@takes_part
def subscribe() -> ResponseReturnValue:
    """Send the reader's news to this browser, too."""
    if not config().vapid_key:
        raise Closed(N_("This site sends no messages to browsers."))
    sent = {name: request.form.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    by, during = participant(), sign_in_here()
    pushing.subscribe(Browser(**sent), config().push_services, by=by, now=utc_now(), during=during)
    db.session.commit()
    return "", 204


@bp.post("/me/push/end")
@limiter.limit(WRITES)
def unsubscribe_browser() -> ResponseReturnValue:
    """Send nothing more to this browser."""
    pushing.unsubscribe(request.form.get("endpoint", ""), by=reader_here())
    db.session.commit()
    return "", 204


@bp.get("/sw.js")
@shared(for_everybody=True)
def service_worker() -> ResponseReturnValue:
    """Send the script that shows messages. It stands at the root, because it acts for pages below its address alone."""
    return Response(_script(Path(current_app.root_path)), mimetype="text/javascript")


@cache
def _script(root: Path) -> bytes:
    return (root / "static" / "js" / "service-worker.js").read_bytes()
