"""What an author was told, and their appeals: by their account, by a guest's cookie, or by a receipt."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.statements.forms import AppealForm
from blueprints.statements.words import how_it_came, restriction_name, state_of
from blueprints.support.limits import WRITES
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader
from blueprints.support.receipts import receipt_for, secret
from blueprints.support.site import utc_now
from domain import appeals, explanations, receipts
from domain.errors import N_, Missing, NotSignedIn
from domain.explanations import Explained
from domain.receipts import Receipt
from extensions import db, limiter
from models import Reader, StatementOfReasons

bp = Blueprint("statements", __name__)
bp.add_app_template_filter(restriction_name)
bp.add_app_template_filter(how_it_came)
bp.add_app_template_filter(state_of)
bp.add_app_template_global(receipt_for)


@bp.app_template_global()
def restrictions_of(reader: Reader) -> list[Explained]:
    """Return what a reader is under just now."""
    return explanations.restricting(reader, utc_now())


@bp.get("/me/statements")
def index() -> ResponseReturnValue:
    """Show a reader, guest or account, every restriction of theirs, newest first."""
    reader = current_reader()
    if reader is None:
        return redirect(url_for("accounts.sign_in", next=url_for(".index")))
    before = cursor("before")
    return render_template(
        "statements/index.html", page=explanations.told_to(reader, before=before), is_later=before is not None
    )


@bp.get("/me/statements/<int:statement_id>")
def show(statement_id: int) -> ResponseReturnValue:
    """Show one statement to whom it is addressed."""
    reader = current_reader()
    if reader is None:
        return redirect(url_for("accounts.sign_in", next=url_for(".show", statement_id=statement_id)))
    return _page(explanations.to(reader, statement_id), AppealForm())


@bp.post("/me/statements/<int:statement_id>/appeal")
@limiter.limit(WRITES)
def appeal(statement_id: int) -> ResponseReturnValue:
    """Take an author's appeal."""
    reader = current_reader()
    if reader is None:
        raise NotSignedIn(N_("You are not signed in, or no longer, so nothing was done. Sign in, then send it again."))
    explained, form = explanations.to(reader, statement_id), AppealForm()
    if not form.validate_on_submit():
        return _page(explained, form), 422
    _appealed(explained.statement, form, reader)
    return redirect(url_for(".show", statement_id=statement_id), 303)


@bp.get("/receipts/<token>")
def receipt(token: str) -> ResponseReturnValue:
    """Show what became of something to whoever has its receipt."""
    return _by_receipt(receipts.opened(token, secret=secret()), token, AppealForm())


@bp.post("/receipts/<token>/appeal")
@limiter.limit(WRITES)
def appeal_by_receipt(token: str) -> ResponseReturnValue:
    """Take the appeal of whoever has the receipt."""
    opened, form = receipts.opened(token, secret=secret()), AppealForm()
    if opened.explained is None:
        raise Missing(N_("Nothing is restricted here, so there is nothing to appeal against."))
    if not form.validate_on_submit():
        return _by_receipt(opened, token, form), 422
    _appealed(opened.explained.statement, form, opened.reader)
    return redirect(url_for(".receipt", token=token), 303)


def _appealed(statement: StatementOfReasons, form: AppealForm, by: Reader) -> None:
    appeals.make(statement, form.argument.data or "", by=by, now=utc_now())
    db.session.commit()
    flash(gettext("Your appeal is sent. A moderator who has not decided this before will look at it."), "done")


def _page(explained: Explained, form: AppealForm) -> str:
    action = url_for(".appeal", statement_id=explained.statement.id)
    return render_template("statements/show.html", explained=explained, form=form, action=action)


def _by_receipt(opened: Receipt, token: str, form: AppealForm) -> str:
    action = url_for(".appeal_by_receipt", token=token)
    return render_template("statements/receipt.html", receipt=opened, explained=opened.explained, form=form, action=action)
