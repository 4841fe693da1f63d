"""Readers: guests, accounts, being signed in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from domain import names, participation
from domain.errors import N_, Conflict, Invalid
from domain.upserts import insert_new
from extensions import db
from models import Reader, Role, SignIn

SHORTEST_PASSWORD = 10  # characters; length is what makes a password hard to guess
LONGEST_PASSWORD = 200  # characters; hashing is not to be made expensive by a sender

# OWASP's parameters for argon2id: 19 MiB, two passes, about 40 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_no_account_hash = _hasher.hash(secrets.token_hex())


def new_key() -> str:
    """Return a random key for a guest's cookie or a sign-in."""
    return secrets.token_urlsafe(24)


def digest(key: str) -> str:
    """Return what is kept of a key, so that a copy of the database signs nobody in."""
    return hashlib.sha256(key.encode()).hexdigest()


def guest_with(key: str) -> Reader | None:
    """Return the reader whose guest cookie holds `key`, if they have taken part before."""
    return db.session.scalar(select(Reader).where(Reader.guest_key_hash == digest(key)))


def welcome_guest(key: str, *, now: datetime) -> Reader:
    """Return the reader with this guest key, made now if this is their first act. Two simultaneous first acts are one."""
    insert_new(Reader, guest_key_hash=digest(key), public_id=_public_id(), role=Role.READER, created_at=now)
    return db.session.scalars(select(Reader).where(Reader.guest_key_hash == digest(key))).one()


def hash_password(password: str) -> str:
    """Return the argon2id hash. Takes tens of milliseconds: call it outside a transaction. Raises `Invalid` by length."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            N_("A password needs from %(least)s to %(most)s characters."), least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD
        )
    return _hasher.hash(password)


def password_fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is right. Takes as long for an account that does not exist (None): call it outside a transaction."""
    try:
        return _hasher.verify(password_hash or _no_account_hash, password[:LONGEST_PASSWORD]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def register(*, name: str, email: str, password_hash: str, now: datetime, guest: Reader | None = None) -> Reader:
    """Make an account, out of the guest if one is given, who keeps everything. The caller commits.

    `email` is already normalised. Raises `Invalid` for a name that cannot be used, `Conflict` for a name or an address
    that is taken.
    """
    name = names.checked(name)
    skeleton = names.skeleton(name)
    if db.session.scalar(select(Reader.id).where(Reader.name_skeleton == skeleton)):
        raise Conflict(N_("That name is taken, or looks like one that is. Choose another."))
    if account_with(email) is not None:
        raise Conflict(N_("There is an account with this address already. Sign in instead."))
    reader = guest if guest is not None and guest.is_guest else Reader(public_id=_public_id(), created_at=now)
    reader.name, reader.name_skeleton, reader.email = name, skeleton, email
    reader.password_hash, reader.registered_at = password_hash, now
    reader.guest_key_hash = None
    db.session.add(reader)
    db.session.flush()
    participation.retier(reader, now)
    return reader


def confirm_email(reader: Reader, *, now: datetime) -> None:
    """Record that the reader's address is theirs; their votes become verified. The caller commits."""
    if reader.email_confirmed_at is None:
        reader.email_confirmed_at = now
        participation.retier(reader, now)


def account_with(email: str) -> Reader | None:
    """Return the account with this normalised address."""
    return db.session.scalar(select(Reader).where(Reader.email == email))


def sign_in(reader: Reader, *, now: datetime) -> str:
    """Start a sign-in and return the token for the browser's cookie. The caller commits."""
    token = new_key()
    db.session.add(SignIn(token_hash=digest(token), reader_id=reader.id, started_at=now))
    db.session.flush()
    return token


def signed_in_with(token: str) -> Reader | None:
    """Return the reader a sign-in token belongs to, unless it has been ended."""
    live = (SignIn.token_hash == digest(token)) & SignIn.ended_at.is_(None)
    return db.session.scalar(select(Reader).join(SignIn).where(live))


def sign_out(token: str, *, now: datetime) -> None:
    """End a sign-in, so that a copy of its cookie is worth nothing. The caller commits."""
    row = db.session.scalar(select(SignIn).where(SignIn.token_hash == digest(token)))
    if row is not None and row.ended_at is None:
        row.ended_at = now
        db.session.flush()


def _public_id() -> str:
    return secrets.token_hex(5)
