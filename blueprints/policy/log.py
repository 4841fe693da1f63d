"""What was changed in the policy, by whom."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.policy.area import bp
from blueprints.support.pagination import cursor
from domain import policylog


@bp.get("/")
def index() -> ResponseReturnValue:
    """Lead to the clauses."""
    return redirect(url_for("policy.list_clauses"))


@bp.get("/changes")
def changes() -> ResponseReturnValue:
    """Show what was changed, newest first."""
    entries, next_after = policylog.changes(before=cursor("after"))
    return render_template("policy/changes.html", entries=entries, next_after=next_after)
