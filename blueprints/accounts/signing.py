"""Signing in and out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.accounts.area import bp
from blueprints.accounts.confirmation import onward
from blueprints.accounts.forms import SignInForm
from blueprints.accounts.limits import limit_guesses, note_wrong_password
from blueprints.support.limits import CREDENTIALS
from blueprints.support.paths import own_path
from blueprints.support.readers import begin_session, end_session, forget_guest, guest_here, is_signed_in
from blueprints.support.returning import sign_in_here, told_at
from blueprints.support.site import utc_now
from blueprints.support.transactions import begin_writing, end_reading, reads_first
from domain import merging, passwords, readers
from extensions import db, limiter
from models import Reader

bp.add_app_template_global(sign_in_here)


@bp.route("/sign-in", methods=["GET", "POST"])
@reads_first
@limiter.limit(CREDENTIALS, methods=["POST"])
@limit_guesses
def sign_in() -> ResponseReturnValue:
    """Sign a reader in. An unknown address and a wrong password are answered alike, and after the same time."""
    form = SignInForm(data={"next": own_path(request.args.get("next"))})
    if request.method == "GET" and is_signed_in():
        return redirect(form.next.data or url_for(".profile"))
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if request.method == "POST" else 200
    known = readers.account_with(form.address)
    password_hash = known.password_hash if known else None
    end_reading()
    if not passwords.fits(form.password.data or "", password_hash):
        note_wrong_password()
        form.password.errors = [gettext("The address or the password is not right.")]
        return render_template("accounts/sign_in.html", form=form), 422
    begin_writing()
    return let_in(readers.account_with_password(form.address, password_hash), own_path(form.next.data))


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign the reader out, here and on the server."""
    end_session()
    db.session.commit()
    flash(gettext("You are signed out."), "done")
    return redirect(url_for("articles.home"), 303)


def let_in(account: Reader, target: str = "", message: str = "") -> ResponseReturnValue:
    """Sign the browser in as the account, which takes over what the browser did as a guest; commit; go on."""
    target = target or own_path(onward()) or url_for("accounts.profile")
    guest = guest_here()
    if guest is not None and merging.absorb(guest, account, now=utc_now()):
        message = message or gettext("You are signed in. What you did here before is yours now.")
    begin_session(account)
    db.session.commit()
    if message:
        flash(message, "done")
        target = told_at(target)
    answer = redirect(target, 303)
    forget_guest(answer)
    return answer
