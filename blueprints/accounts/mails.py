"""The mails about accounts. None of them holds what a stranger typed, except the address it goes to."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from blueprints.accounts.confirmation import Claim, token_of
from blueprints.support.site import config
from domain.outbox import queue_mail


def ask_to_confirm(claim: Claim, *, now: datetime) -> None:
    """Write the mail with the link that confirms the address. The caller commits."""
    body = gettext(
        "Somebody signed up at %(site)s with this address.\n\n"
        "If it was you, open this link within three days and press the button there:\n\n"
        "%(link)s\n\n"
        "If it was not you, ignore this mail. Without the button the address stays unconfirmed.",
        site=config().site_name,
        link=config().site_url + url_for("accounts.confirm_email", token=token_of(claim)),
    )
    _queue(claim.address, gettext("Confirm your address at %(site)s", site=config().site_name), body, now)


def tell_of_account(address: str, *, now: datetime) -> None:
    """Write to the owner of an account whose address somebody signed up with again. The caller commits."""
    body = gettext(
        "Somebody, perhaps you, tried to sign up at %(site)s with this address. It has an account there already.\n\n"
        "If it was you, sign in instead:\n\n"
        "%(link)s\n\n"
        "If it was not you, there is nothing to do: your account is as it was.",
        site=config().site_name,
        link=config().site_url + url_for("accounts.sign_in"),
    )
    _queue(address, gettext("Your account at %(site)s", site=config().site_name), body, now)


def tell_of_password(address: str, *, now: datetime) -> None:
    """Write to the owner of an account whose password was changed. The caller commits."""
    body = gettext(
        "The password of your account at %(site)s was changed. Every other browser in which you were signed in has been "
        "signed out.\n\n"
        "If it was not you, write to the newsroom at once.",
        site=config().site_name,
    )
    _queue(address, gettext("Your password at %(site)s was changed", site=config().site_name), body, now)


def _queue(address: str, subject: str, body: str, now: datetime) -> None:
    queue_mail(address, subject, f"{body}\n\n-- \n{config().site_name}\n{config().site_url}\n", now=now)
