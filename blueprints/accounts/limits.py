"""How often passwords may be guessed, accounts made and mail sent to an address that somebody typed."""

from __future__ import annotations

from flask import Response, g, make_response, request, url_for
from flask_limiter import RequestLimit
from limits import parse
from limits.errors import StorageError

from blueprints.support.errors import refused
from blueprints.support.readers import current_reader
from domain import addresses, readers
from domain.errors import N_, Invalid, TooSoon
from extensions import limiter

GUESSES = "10 per 15 minutes"  # of one account's password, from all networks together
PASSWORDS = "passwords"  # what guesses are counted as, wherever somebody guesses
SIGN_UPS = "20 per minute; 100 per hour"  # from one network: a school class, not a list of addresses
MAILS = parse("3 per hour")  # to one address: enough for one that was lost, too few to be a nuisance


def note_wrong_password() -> None:
    """Count this request as a wrong guess."""
    g.guessed_wrong = True


def may_guess(address: str) -> bool:
    """Whether the password of an address may be compared once more where that shows; taking it from the budget of guesses.

    Asked of every address alike, so that what is left of the budget tells nothing.
    """
    if not limiter.enabled:
        return True
    try:
        return limiter.limiter.hit(parse(GUESSES), readers.digest(address), PASSWORDS)
    except StorageError:  # Redis has gone since this request was counted
        return False


def may_mail(address: str) -> bool:
    """Whether another mail may go to this address now; taking it from the budget."""
    if not limiter.enabled:
        return True
    try:
        return limiter.limiter.hit(MAILS, "mail", readers.digest(address))
    except StorageError:  # Redis has gone since this request was counted
        return True


def _account_tried() -> str:
    """Return which account's password is being guessed, whether or not it exists: one's own, or that of a typed address."""
    reader = current_reader() if request.path == url_for("accounts.change_password") else None
    address = reader.email if reader else request.form.get("email", "")
    return readers.digest(_spelling(address or ""))


def _spelling(address: str) -> str:
    """Return the one spelling of an address, and what is none shortened."""
    try:
        return addresses.normalised(address)
    except Invalid:
        return address[: addresses.LONGEST]


def _refuse(_limit: RequestLimit) -> Response:
    error = TooSoon(N_("There were too many wrong passwords for this address. Wait 15 minutes, then try again."))
    return make_response(refused(error))  # raised here it would pass for a fault of counting


def _was_wrong(_response: Response) -> bool:
    return bool(g.get("guessed_wrong", False))


limit_guesses = limiter.shared_limit(
    GUESSES, scope=PASSWORDS, key_func=_account_tried, methods=["POST"], deduct_when=_was_wrong, on_breach=_refuse
)
