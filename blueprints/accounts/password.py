"""Changing one's password."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.accounts import mails
from blueprints.accounts.area import bp
from blueprints.accounts.forms import PasswordForm
from blueprints.accounts.limits import limit_guesses, note_wrong_password
from blueprints.support.guards import require_account
from blueprints.support.limits import CREDENTIALS
from blueprints.support.readers import begin_session, current_reader
from blueprints.support.site import utc_now
from blueprints.support.transactions import begin_writing, end_reading, reads_first
from domain import passwords, readers
from extensions import db, limiter
from jobs.tasks import send_mail


@bp.route("/me/password", methods=["GET", "POST"])
@reads_first
@limiter.limit(CREDENTIALS, methods=["POST"])
@limit_guesses
def change_password() -> ResponseReturnValue:
    """Change the password of the account; every other browser is signed out."""
    refused, account = require_account(), current_reader()
    if refused is not None or account is None or account.email is None:
        return refused or redirect(url_for(".sign_in"))
    email, password_hash = account.email, account.password_hash
    form = PasswordForm()
    form.personal = (account.name or "", email)
    if not form.validate_on_submit():
        return render_template("accounts/password.html", form=form, account=account), 422 if request.method == "POST" else 200
    end_reading()
    if not passwords.fits(form.current.data or "", password_hash):
        note_wrong_password()
        form.current.errors = [gettext("That is not your password.")]
        return render_template("accounts/password.html", form=form, account=account), 422
    new_hash = passwords.hashed(form.password.data or "")
    begin_writing()
    account = readers.account_with_password(email, password_hash)
    readers.change_password(account, new_hash, now=utc_now())
    begin_session(account)
    mails.tell_of_password(email, now=utc_now())
    db.session.commit()
    send_mail()
    flash(gettext("Your password is changed. Other browsers have been signed out."), "done")
    return redirect(url_for(".profile"), 303)
