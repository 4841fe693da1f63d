"""Confirming an address: the link in the mail shows a button, the button confirms."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.accounts import mails
from blueprints.accounts.area import bp
from blueprints.accounts.confirmation import Claim, Unusable, claim_in, is_where_it_began
from blueprints.accounts.limits import may_mail
from blueprints.accounts.signing import let_in
from blueprints.support.limits import CREDENTIALS
from blueprints.support.readers import current_reader, is_signed_in
from blueprints.support.site import utc_now
from domain import merging, readers
from domain.errors import N_, TooSoon
from extensions import db, limiter
from jobs.tasks import send_mail
from models import Reader

GONE = 410


@dataclass(frozen=True)
class Opened:
    """A link that was followed: what it says and whose account it is, if it can still confirm anything."""

    claim: Claim
    account: Reader


@bp.get("/email-confirmation/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    """Show the button that confirms an address. Programs that follow every link in a mail confirm nothing."""
    opened = _opened(token)
    if isinstance(opened, Unusable):
        return _unusable(opened)
    return render_template("accounts/confirm_email.html", account=opened.account, token=token)


@bp.post("/email-confirmation/<token>")
@limiter.limit(CREDENTIALS)
def email_confirmed(token: str) -> ResponseReturnValue:
    """Confirm the address; the browser that signed up is signed in with it."""
    opened = _opened(token)
    if isinstance(opened, Unusable):
        return _unusable(opened)
    account, now = opened.account, utc_now()
    guest = db.session.get(Reader, opened.claim.guest_id)
    if guest is not None:
        merging.absorb(guest, account, now=now)
    is_first = account.email_confirmed_at is None
    readers.confirm_email(account, now=now)
    if is_first and not is_signed_in() and is_where_it_began(opened.claim):
        return let_in(account, message=gettext("Thank you. Your address is confirmed, and you are signed in."))
    db.session.commit()
    if is_signed_in():
        flash(gettext("Thank you. The address %(address)s is confirmed.", address=account.email), "done")
        return redirect(url_for(".profile"), 303)
    flash(gettext("Thank you. Your address is confirmed. Sign in to go on."), "done")
    return redirect(url_for(".sign_in"), 303)


@bp.post("/me/confirmation-mail")
@limiter.limit(CREDENTIALS)
def send_again() -> ResponseReturnValue:
    """Send the link once more."""
    account = current_reader()
    if account is None or account.email is None:
        return redirect(url_for(".sign_in", next=url_for(".profile")), 303)
    if account.email_confirmed_at is not None:
        flash(gettext("Your address is confirmed already."), "done")
        return redirect(url_for(".profile"), 303)
    if not may_mail(account.email):
        raise TooSoon(N_("We have sent several mails to your address within the hour. Look for them, also among the spam."))
    mails.ask_to_confirm(Claim(account.id, account.email), now=utc_now())
    db.session.commit()
    send_mail()
    flash(gettext("The mail is on its way to %(address)s.", address=account.email), "done")
    return redirect(url_for(".profile"), 303)


def _opened(token: str) -> Opened | Unusable:
    claim = claim_in(token)
    if isinstance(claim, Unusable):
        return claim
    account = db.session.get(Reader, claim.reader_id)
    if account is None or account.email != claim.address:
        return Unusable.FORGED
    return Opened(claim, account)


def _unusable(why: Unusable) -> ResponseReturnValue:
    page = render_template("accounts/unusable_link.html", is_expired=why is Unusable.EXPIRED)
    return page, GONE if why is Unusable.EXPIRED else 404
