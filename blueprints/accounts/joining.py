"""Signing up. The answer is the same whether or not the address has an account; the mail is not."""

from __future__ import annotations

import time

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.accounts import mails
from blueprints.accounts.area import bp
from blueprints.accounts.confirmation import Claim, awaited_address, mark_browser
from blueprints.accounts.forms import SignUpForm
from blueprints.accounts.limits import SIGN_UPS, may_guess, may_mail
from blueprints.support.paths import own_path
from blueprints.support.readers import guest_here, is_signed_in
from blueprints.support.site import config, utc_now
from blueprints.support.transactions import begin_writing, end_reading, reads_first
from domain import passwords, readers
from extensions import db, limiter
from jobs.tasks import send_mail

EVEN_TIME = 0.25  # seconds that an accepted sign-up takes: more than either way needs, so that the time tells nothing


@bp.route("/sign-up", methods=["GET", "POST"])
@reads_first
@limiter.limit(SIGN_UPS, methods=["POST"])
def sign_up() -> ResponseReturnValue:
    """Make an account, or let the owner of the address hear that somebody tried."""
    began = time.monotonic()
    if is_signed_in():
        return redirect(url_for(".profile"))
    form = SignUpForm(data={"next": own_path(request.args.get("next"))})
    if not form.validate_on_submit():
        return render_template("accounts/sign_up.html", form=form), 422 if request.method == "POST" else 200
    name_is_taken, guest = readers.name_is_taken(form.name.data or ""), guest_here()
    earlier = readers.unconfirmed_with(form.address, form.name.data or "")  # after the name: both find it, or this alone
    earlier_hash, guest_id = earlier.password_hash if earlier else None, guest.id if guest else 0
    end_reading()
    is_again = passwords.fits(form.password.data or "", earlier_hash)  # asked of every address, so that the time tells nothing
    password_hash = passwords.hashed(form.password.data or "")
    if name_is_taken and not (may_guess(form.address) and is_again):
        form.name.errors = [gettext("That name is taken, or looks like one that is. Choose another.")]
        return render_template("accounts/sign_up.html", form=form), 422
    begin_writing()
    _join(form, password_hash, guest_id, is_again=is_again)
    time.sleep(max(0.0, began + EVEN_TIME - time.monotonic()))
    return redirect(url_for(".mail_sent"), 303)


@bp.get("/sign-up/mail")
def mail_sent() -> ResponseReturnValue:
    """Say that a mail is on its way, and what to do meanwhile."""
    address = awaited_address()
    if is_signed_in() or not address:
        return redirect(url_for(".profile" if is_signed_in() else ".sign_up"))
    return render_template("accounts/mail_sent.html", address=address)


def _join(form: SignUpForm, password_hash: str, guest_id: int, *, is_again: bool) -> None:
    """Make the account unless the address has one; write the mail that fits; commit.

    `is_again` is the same sign-up, with the password the account has: the button was pressed twice, or the first mail was lost.
    """
    now, name = utc_now(), form.name.data or ""
    result = readers.sign_up(name=name, email=form.address, password_hash=password_hash, now=now, site_name=config().site_name)
    browser = mark_browser(form.address, own_path(form.next.data))
    if may_mail(form.address):
        if result.is_new or (is_again and result.account.email_confirmed_at is None):
            mails.ask_to_confirm(Claim(result.account.id, form.address, browser, guest_id), now=now)
        else:
            mails.tell_of_account(form.address, now=now)
    db.session.commit()
    send_mail()
