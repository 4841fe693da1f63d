"""Readers: guests, accounts, roles, being signed in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.exc import IntegrityError

from domain import addresses, mailing, names, participation, passwords, pushing, turns
from domain.errors import N_, Conflict, Invalid, Missing
from domain.upserts import inserted
from extensions import db
from models import Article, Comment, CommentState, Reader, Role, SignIn

SIGN_IN_LASTS = timedelta(days=90)  # then the password is asked for again, whatever the cookie says
ACCOUNTS_LISTED = 1_000  # on a terminal; more is not read by anybody

hash_password = passwords.hashed
password_fits = passwords.fits


def new_key() -> str:
    """Return a random key for a guest's cookie or a sign-in."""
    return secrets.token_urlsafe(24)


def digest(key: str) -> str:
    """Return what is kept of a key, so that a copy of the database signs nobody in."""
    return hashlib.sha256(key.encode()).hexdigest()


# --- guests ----------------------------------------------------------------------------------------------------------


_GUEST = select(Reader).where(Reader.guest_key_hash == bindparam("key"), Reader.registered_at.is_(None))


def guest_with(key: str) -> Reader | None:
    """Return the guest whose cookie holds `key`, if they have taken part before. Never an account: a cookie signs nobody in."""
    return db.session.scalar(_GUEST, {"key": digest(key)})


def welcome_guest(key: str, *, now: datetime) -> Reader:
    """Return the reader with this guest key, made now if this is their first act. Two simultaneous first acts are one."""
    values = {"guest_key_hash": digest(key), "public_id": _public_id(), "role": Role.READER, "created_at": now}
    made = inserted(Reader, values)
    return made or db.session.scalars(select(Reader).where(Reader.guest_key_hash == digest(key))).one()


# --- accounts --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignUp:
    """What came of signing up: a new account, or the one that has the address already."""

    account: Reader
    is_new: bool


def sign_up(*, name: str, email: str, password_hash: str, now: datetime, site_name: str = "") -> SignUp:
    """Make an account, unless the address has one: that is for its owner to hear by mail, not for whoever asks.

    Raises what `register` raises about the name. The caller commits.
    """
    known = account_with(email)
    if known is not None:
        return SignUp(known, is_new=False)
    try:
        account = register(name=name, email=email, password_hash=password_hash, now=now, site_name=site_name)
    except Conflict:
        known = account_with(email)  # the other press of the same button may have been first
        if known is None:
            raise
        return SignUp(known, is_new=False)
    return SignUp(account, is_new=True)


def register(*, name: str, email: str, password_hash: str, now: datetime, site_name: str = "") -> Reader:
    """Make an account. The caller commits.

    `email` is already normalised. Raises `Invalid` for a name that cannot be used, `Conflict` for a name or an address
    that is taken.
    """
    name = names.checked(name, site_name=site_name)
    if name_is_taken(name):
        raise Conflict(N_("That name is taken, or looks like one that is. Choose another."))
    if account_with(email) is not None:
        raise Conflict(N_("There is an account with this address already. Sign in instead."))
    account = Reader(
        public_id=_public_id(),
        name=name,
        name_skeleton=names.skeleton(name),
        email=email,
        password_hash=password_hash,
        created_at=now,
        registered_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError as error:
        raise Conflict(N_("Somebody has just taken that name or that address. Choose another name, or sign in.")) from error
    return account


def name_is_taken(name: str) -> bool:
    """Whether an account has this name, or one that looks like it."""
    return db.session.scalar(select(Reader.id).where(Reader.name_skeleton == names.skeleton(name))) is not None


def account_with(email: str) -> Reader | None:
    """Return the account with this normalised address."""
    return db.session.scalar(select(Reader).where(Reader.email == email))


def unconfirmed_with(email: str, name: str) -> Reader | None:
    """Return the account that signed up with this normalised address and this name, as long as its address is not confirmed."""
    account = account_with(email)
    is_it = account is not None and account.email_confirmed_at is None and account.name_skeleton == names.skeleton(name)
    return account if is_it else None


def author_with(email: str) -> Reader | None:
    """Return the account whose answers get the badge of an article's author; nothing for an empty address.

    Raises `Invalid` unless it is an account, and its address confirmed: anybody can sign up with a journalist's address.
    """
    if not email.strip():
        return None
    account = account_with(addresses.normalised(email))
    if account is None:
        raise Invalid(N_("There is no account with this address. Its owner has to sign up first."))
    if account.email_confirmed_at is None:
        raise Invalid(N_("Nobody has confirmed yet that this address is theirs. Its owner has to follow the link we mailed."))
    return account


def account_with_password(email: str, password_hash: str | None) -> Reader:
    """Return the account whose password has just been found right; raise `Conflict` if it was changed meanwhile."""
    account = account_with(email)
    if account is None or account.password_hash != password_hash:
        raise Conflict(N_("The password was changed a moment ago. Sign in with the new one."))
    return account


def shown_as(public_id: str) -> Reader:
    """Return the reader with a public page: any account, and guests who can be read. Raises `Missing` for others."""
    found = select(Reader).where(Reader.public_id == public_id)
    reader = db.session.scalar(found) if public_id.isalnum() else None
    if reader is None or (reader.is_guest and not _is_read(reader)):
        raise Missing(N_("There is no such reader."))
    return reader


def accounts(role: Role | None = None) -> list[Reader]:
    """Return accounts, newest first, of one role or of all."""
    found = select(Reader).where(Reader.registered_at.is_not(None)).order_by(Reader.id.desc()).limit(ACCOUNTS_LISTED)
    return list(db.session.scalars(found if role is None else found.where(Reader.role == role)))


def confirm_email(reader: Reader, *, now: datetime) -> None:
    """Record that the reader's address is theirs; their votes become verified, and from now on they may get mail.

    The caller commits.
    """
    turns.take_all(reader)
    db.session.refresh(reader, with_for_update={"key_share": True})
    if reader.email_confirmed_at is None:
        reader.email_confirmed_at = now
        mailing.pass_over(reader, now=now)
        participation.retier(reader, now)


def give_role(reader: Reader, role: Role, *, now: datetime) -> None:
    """Let an account do more, or less; they sign in anew, so that no old cookie carries the new rights. The caller commits.

    Raises `Invalid` for a guest.
    """
    if reader.is_guest:
        raise Invalid(N_("Only somebody with an account can have a role."))
    if reader.role is not role:
        reader.role = role
        end_sign_ins(reader, now=now)
        show_anew(reader)


def show_anew(reader: Reader) -> None:
    """Let the pages on which the reader's comments stand be made anew: they show another name or badge from now on."""
    written = exists().where(Comment.article_id == Article.id, Comment.reader_id == reader.id)
    for article in db.session.scalars(select(Article).where(written).order_by(Article.id)):
        article.version = Article.version + 1
    db.session.flush()


def change_password(reader: Reader, password_hash: str, *, now: datetime) -> None:
    """Set a new password; whoever is signed in with the old one no longer is. The caller commits."""
    reader.password_hash = password_hash
    end_sign_ins(reader, now=now)


# --- being signed in -------------------------------------------------------------------------------------------------


def sign_in(reader: Reader, *, now: datetime) -> str:
    """Start a sign-in and return the token for the browser's cookie. The caller commits."""
    token = new_key()
    db.session.add(SignIn(token_hash=digest(token), reader_id=reader.id, started_at=now))
    db.session.flush()
    return token


_LIVE = (SignIn.token_hash == bindparam("token")) & SignIn.ended_at.is_(None) & (SignIn.started_at > bindparam("since"))
_SIGNED_IN = select(Reader).join(SignIn).where(_LIVE)


def signed_in_with(token: str, *, now: datetime) -> Reader | None:
    """Return the reader a sign-in token belongs to, unless it has been ended or is too old."""
    return db.session.scalar(_SIGNED_IN, {"token": digest(token), "since": now - SIGN_IN_LASTS})


def sign_in_of(token: str) -> SignIn | None:
    """Return the sign-in a token belongs to, whether it lasts or not."""
    return db.session.scalar(select(SignIn).where(SignIn.token_hash == digest(token)))


def sign_out(token: str, *, now: datetime) -> None:
    """End a sign-in, so that a copy of its cookie is worth nothing, and its browser shows no more messages. The caller commits."""
    row = sign_in_of(token)
    if row is not None and row.ended_at is None:
        row.ended_at = now
        pushing.end_with(row)
        db.session.flush()


def end_sign_ins(reader: Reader, *, now: datetime) -> None:
    """Sign the reader out everywhere; no browser shows messages any more. The caller commits."""
    live = (SignIn.reader_id == reader.id) & SignIn.ended_at.is_(None)
    db.session.execute(update(SignIn).where(live).values(ended_at=now))
    pushing.end_all(reader)
    db.session.flush()


def _is_read(reader: Reader) -> bool:
    read = (Comment.reader_id == reader.id) & (Comment.state == CommentState.PUBLISHED)
    return db.session.scalar(select(Comment.id).where(read).limit(1)) is not None


def _public_id() -> str:
    return secrets.token_hex(5)
