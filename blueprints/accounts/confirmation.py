"""The link in the mail that confirms an address: signed, for three days, and worth nothing once used."""

from __future__ import annotations

import enum
import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, session
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from domain import readers

LINK_LASTS = timedelta(days=3)  # a weekend away
_SIGN_UP = "sign_up"  # where a browser keeps what it signed up with


@dataclass(frozen=True)
class Claim:
    """What a link says: which account, at which address, made by which browser, out of which guest (0: none)."""

    reader_id: int
    address: str
    browser: str = ""
    guest_id: int = 0


class Unusable(enum.Enum):
    """Why a link confirms nothing."""

    FORGED = "forged"
    EXPIRED = "expired"


def token_of(claim: Claim) -> str:
    """Return the end of the link."""
    return str(_serializer().dumps([claim.reader_id, claim.address, claim.browser, claim.guest_id]))


def claim_in(token: str) -> Claim | Unusable:
    """Return what the link says, if it is ours and not too old."""
    try:
        reader_id, address, browser, guest_id = _serializer().loads(token, max_age=int(LINK_LASTS.total_seconds()))
    except SignatureExpired:
        return Unusable.EXPIRED
    except BadSignature:
        return Unusable.FORGED
    return Claim(reader_id, address, browser, guest_id)


def mark_browser(address: str, onward: str) -> str:
    """Let this browser be known again as the one that signed up; return what its link says of it.

    Set in the same way whether or not an account was made. Only this browser is signed in by the link alone: whoever signs
    up with another's address, and knows the password, gains nothing when its owner follows the link.
    """
    key = readers.new_key()
    session[_SIGN_UP] = {"key": key, "address": address, "next": onward}
    return readers.digest(key)


def is_where_it_began(claim: Claim) -> bool:
    """Whether the account of the link was made by this browser."""
    key = session.get(_SIGN_UP, {}).get("key", "")
    return bool(key) and hmac.compare_digest(readers.digest(key), claim.browser)


def awaited_address() -> str:
    """Return the address with which this browser signed up and has not signed in yet."""
    return str(session.get(_SIGN_UP, {}).get("address", ""))


def onward() -> str:
    """Return where the reader wanted to go when they signed up."""
    return str(session.get(_SIGN_UP, {}).get("next", ""))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="confirm address")
