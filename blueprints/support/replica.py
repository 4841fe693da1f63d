"""Pages that may be a moment old: for readers we do not know they are read from the replica, where there is one."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from blueprints.support.readers import is_nobody
from blueprints.support.site import config
from connections import from_replica
from domain.errors import Missing
from extensions import db
from observing.faults import described
from observing.logs import log

P = ParamSpec("P")
PAUSE = 10.0  # seconds in which a replica that has failed is not asked again
_away: dict[str, float] = {}  # until when, by address


def may_lag(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let a view that only reads be answered by the replica; by the database itself whenever that fails.

    Whoever carries a cookie of ours may have written just now, and has to find that everywhere.
    """

    @wraps(view)
    def reading(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        url = config().replica_url
        if not url or not is_nobody() or time.monotonic() < _away.get(url, 0):
            return view(*args, **kwargs)
        try:
            with from_replica():
                return view(*args, **kwargs)
        except Missing:
            pass  # perhaps it is too new
        except SQLAlchemyError as error:
            log.warning("replica_away", pause=PAUSE, **described(error))
            _away[url] = time.monotonic() + PAUSE
        finally:
            with contextlib.suppress(SQLAlchemyError):
                db.session.rollback()  # nothing that was read there is taken for what the database holds
                db.session.expunge_all()
        return view(*args, **kwargs)

    return reading
