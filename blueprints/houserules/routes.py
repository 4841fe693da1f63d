"""The rules of the house, for everybody: what is asked of readers, and in which languages it is said."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.support.caching import shared
from blueprints.support.site import config
from domain import clauses, policies

LONGEST_CODE = 12  # of a language

bp = Blueprint("houserules", __name__)


@bp.get("/rules")
@shared("language")
def show() -> ResponseReturnValue:
    """Show what each clause in force says."""
    reasons = clauses.reasons()
    wordings = policies.wordings_of([version.id for version in reasons])
    languages = sorted({language for said in wordings.values() for language in said})
    asked = request.args.get("language", "")[:LONGEST_CODE]
    chosen = asked if asked in languages else ""
    rules = [(version, wordings[version.id].get(chosen)) for version in reasons]
    return render_template(
        "houserules/show.html", rules=rules, languages=languages, chosen=chosen, site_language=config().locale
    )
