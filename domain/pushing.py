"""Messages to a reader's browser (web push): which browsers asked, and the outbox of what they are sent.

An endpoint is an address that a browser was given by its maker's push service, and that the browser gives to us. It is
kept only if it is at one of the services of the settings: we send nothing to an address of a stranger's choice.
"""

from __future__ import annotations

import binascii
import hashlib
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import delete, or_, select, update

from domain import text, turns
from domain.errors import N_, Conflict, Invalid
from domain.upserts import insert_new
from extensions import db
from lazily import lazily
from models import OutgoingPush, PushSubscription, Reader, SignIn

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec
else:
    ec = lazily("cryptography.hazmat.primitives.asymmetric.ec")

LONGEST_ENDPOINT = 1_000  # characters, as the column holds; services use about 200
KEY_BYTES = 65  # of an uncompressed point on P-256
AUTH_BYTES = 16  # as RFC 8291 has it
MOST_BROWSERS = 10  # of one reader; a new one takes the place of the oldest
FIRST_PAUSE = timedelta(minutes=1)  # doubles with each try, and is longer than a service may take to answer
TRIES = 5  # a quarter of an hour: a message about something older is a nuisance
KEPT = timedelta(days=1)  # how long it is kept that something was sent: as long as it counts against a browser, and more


@dataclass(frozen=True, kw_only=True)
class Browser:
    """What a browser says of itself: where messages to it go, its public key, and a secret it shares with us."""

    endpoint: str
    p256dh: str
    auth: str


def subscribe(browser: Browser, services: Sequence[str], *, by: Reader, now: datetime, during: SignIn | None = None) -> None:
    """Send the reader's news to a browser from now on, as long as the sign-in lasts, if there is one. The caller commits.

    A browser belongs to whoever asked last; the same again changes nothing. Raises `Invalid` for an address that is at none
    of the services, and for keys that are none; `Conflict` when the sign-in has ended meanwhile.
    """
    _check(browser, services)
    turns.hold(by)
    sign_in_id = _held(during) if during else None
    is_other = or_(PushSubscription.reader_id != by.id, PushSubscription.sign_in_id.is_distinct_from(sign_in_id))
    db.session.execute(delete(PushSubscription).where(PushSubscription.endpoint == browser.endpoint, is_other))
    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    insert_new(PushSubscription, endpoint=browser.endpoint, reader_id=by.id, sign_in_id=sign_in_id, made_at=now, **keys)
    _drop_oldest(by)


def unsubscribe(endpoint: str, *, by: Reader) -> bool:
    """Send nothing more to one of the reader's browsers; return whether it was one. The caller commits."""
    mine = (PushSubscription.endpoint == text.plain(endpoint)) & (PushSubscription.reader_id == by.id)
    return db.session.execute(delete(PushSubscription).where(mine).returning(PushSubscription.id)).first() is not None


def end_with(sign_in: SignIn) -> None:
    """Send nothing more to the browser in which a sign-in ends, nor to those of which nobody knows in which sign-in they asked."""
    mine = PushSubscription.reader_id == sign_in.reader_id
    here = or_(PushSubscription.sign_in_id == sign_in.id, PushSubscription.sign_in_id.is_(None))
    db.session.execute(delete(PushSubscription).where(mine, here))


def end_all(reader: Reader) -> None:
    """Send nothing more to any of the reader's browsers."""
    db.session.execute(delete(PushSubscription).where(PushSubscription.reader_id == reader.id))


def browsers_of(reader: Reader) -> list[str]:
    """Return the digests (SHA-256, hex) of the addresses of the reader's browsers, by which a browser knows that it is one."""
    found = select(PushSubscription.endpoint).where(PushSubscription.reader_id == reader.id).order_by(PushSubscription.id)
    return [hashlib.sha256(endpoint.encode()).hexdigest() for endpoint in db.session.scalars(found)]


def is_at_a_service(endpoint: str, services: Sequence[str]) -> bool:
    """Whether an address is at one of the services: a host (`*.` in front: any below it) over https, or an origin in full."""
    try:
        parts = urlsplit(endpoint)
        (parts.hostname or "").encode("idna")  # refuses names that no host can have, as who connects would
        is_plain = not (parts.username or parts.password or parts.fragment) and parts.port in {None, 443}
    except ValueError:
        return False
    if f"{parts.scheme}://{parts.netloc}" in services:
        return True
    return parts.scheme == "https" and is_plain and any(_is_host(parts, service) for service in services)


# --- the outbox ------------------------------------------------------------------------------------------------------


def claim_push(*, now: datetime) -> OutgoingPush | None:
    """Take the next message that is due, planning its next try already, so that nobody else sends it meanwhile.

    The caller commits before sending: no transaction waits for a push service.
    """
    due = OutgoingPush.sent_at.is_(None) & OutgoingPush.given_up_at.is_(None) & (OutgoingPush.next_try_at <= now)
    next_due = select(OutgoingPush).where(due).order_by(OutgoingPush.id).limit(1)
    push = db.session.scalar(next_due.with_for_update(skip_locked=True))
    if push is not None:
        push.tries += 1
        push.next_try_at = now + FIRST_PAUSE * 2 ** (push.tries - 1)
        db.session.flush()
    return push


def push_left(push_id: int, *, now: datetime) -> None:
    """Record that the service took the message. The browser, and the message with it, may be forgotten by now."""
    db.session.execute(update(OutgoingPush).where(OutgoingPush.id == push_id).values(sent_at=now))


def push_failed(push_id: int, *, now: datetime, for_good: bool = False) -> None:
    """Give up after `TRIES`, or at once; until then the claim has planned the next try."""
    this = OutgoingPush.id == push_id if for_good else (OutgoingPush.id == push_id) & (OutgoingPush.tries >= TRIES)
    db.session.execute(update(OutgoingPush).where(this).values(given_up_at=now))


def end_subscription(subscription_id: int) -> None:
    """Forget a browser that its service no longer knows, with what was to be sent to it."""
    db.session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))


def forget_old(*, now: datetime) -> None:
    """Delete the record of what was sent or given up long ago."""
    done = or_(OutgoingPush.sent_at < now - KEPT, OutgoingPush.given_up_at < now - KEPT)
    db.session.execute(delete(OutgoingPush).where(done))


def _held(sign_in: SignIn) -> int:
    """Let a sign-in not end until the transaction does, because who ends it ends its messages; return its id."""
    lasts = select(SignIn.id).where(SignIn.id == sign_in.id, SignIn.ended_at.is_(None))
    if (sign_in_id := db.session.scalar(lasts.with_for_update(read=True))) is None:
        raise Conflict(N_("You have signed out meanwhile, so this browser gets no messages. Sign in, then ask for them again."))
    return sign_in_id


def _check(browser: Browser, services: Sequence[str]) -> None:
    endpoint = browser.endpoint
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise Invalid(N_("Your browser gave us no address to write to. Try again, or use mail."))
    if not is_at_a_service(endpoint, services):
        raise Invalid(N_("Your browser uses a push service that is not known here. Use mail instead."))
    if len(_bytes(browser.auth)) != AUTH_BYTES or not _is_point(_bytes(browser.p256dh)):
        raise Invalid(N_("Your browser gave us no key to write with. Try again, or use mail."))


def _bytes(encoded: str) -> bytes:
    """Return the bytes of base64url without padding; of anything else none."""
    if len(encoded) > KEY_BYTES * 2 or not encoded.isascii():
        return b""
    try:
        return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):
        return b""


def _is_point(point: bytes) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == KEY_BYTES


def _is_host(parts: SplitResult, service: str) -> bool:
    host = parts.hostname or ""
    return host.endswith(service[1:]) and len(host) > len(service) - 1 if service.startswith("*.") else host == service


def _drop_oldest(by: Reader) -> None:
    mine = select(PushSubscription.id).where(PushSubscription.reader_id == by.id)
    beyond = mine.order_by(PushSubscription.id.desc()).offset(MOST_BROWSERS)
    if ids := db.session.scalars(beyond).all():
        db.session.execute(delete(PushSubscription).where(PushSubscription.id.in_(ids)))
