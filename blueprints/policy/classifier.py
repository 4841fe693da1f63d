"""The classifier: training one from the newsroom's decisions, how well each did, and which one advises."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.policy.area import CHANGES_A_MINUTE, bp
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import classifiers, training
from extensions import db, limiter
from jobs.policy import ask_for_training, last_training

MODEL = "/classifier/<version>"
TRAININGS_AN_HOUR = "12 per hour"  # of an address: each takes a core for a minute


@bp.get("/classifier")
def show_classifier() -> ResponseReturnValue:
    """Show which model advises, those there are, and how the last training went."""
    models = classifiers.models()
    reports = {row.version: classifiers.report_of(row) for row in models}
    return render_template(
        "policy/classifier.html", models=models, active=classifiers.active(), reports=reports, last=_last(), limits=training
    )


@bp.post("/classifier/training")
@limiter.limit(TRAININGS_AN_HOUR)
def train() -> ResponseReturnValue:
    """Let a model be trained, beside everything else."""
    classifiers.check_enough()
    ask_for_training(participant(), now=utc_now())
    flash(gettext("A model is being trained. It takes a minute or two; load this page again then."), "done")
    return redirect(url_for("policy.show_classifier"), 303)


@bp.get(MODEL)
def show_model(version: str) -> ResponseReturnValue:
    """Show how well a model did on decisions that it had not learned from."""
    row = classifiers.by_version(version)
    report = classifiers.report_of(row)
    return render_template("policy/model.html", row=row, report=report, active=classifiers.active(), limits=training)


@bp.post(f"{MODEL}/activation")
@limiter.limit(CHANGES_A_MINUTE)
def activate_model(version: str) -> ResponseReturnValue:
    """Let a model advise from now on."""
    classifiers.activate(classifiers.by_version(version), by=participant(), now=utc_now())
    db.session.commit()
    flash(gettext("It advises from now on: it may hold or mark a comment, and never removes one."), "done")
    return redirect(url_for("policy.show_classifier"), 303)


@bp.post(f"{MODEL}/end")
@limiter.limit(CHANGES_A_MINUTE)
def end_model(version: str) -> ResponseReturnValue:
    """Let a model advise no more."""
    classifiers.end(classifiers.by_version(version), by=participant(), now=utc_now())
    db.session.commit()
    flash(gettext("It advises no more."), "done")
    return redirect(url_for("policy.show_classifier"), 303)


def _last() -> dict[str, object] | None:
    """Return how the last training went, with its instants."""
    found = last_training()
    if found is None:
        return None
    ended = datetime.fromisoformat(found["ended_at"]) if found["ended_at"] else None
    said = str(gettext(found["refusal"])) if found["refusal"] else ""
    return {**found, "said": said, "asked_at": datetime.fromisoformat(found["asked_at"]), "ended_at": ended}
