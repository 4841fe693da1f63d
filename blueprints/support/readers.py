"""Who is asking: an account by its sign-in, a guest by a signed cookie, or nobody yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer

from blueprints.support.forms import is_preview
from blueprints.support.site import config, utc_now
from blueprints.support.transactions import go_on_writing
from domain import readers
from domain.errors import N_, Conflict, Forbidden, NotSignedIn
from extensions import login_manager
from models import Reader, SignIn

P = ParamSpec("P")
GUEST_COOKIE_DAYS = 400  # what browsers keep at most
COOKIE_WAS_SET = "cookie"  # the query argument of a submit that was sent round once to get its cookie


class SignedIn(UserMixin):
    """What Flask-Login keeps of a signed-in reader: the token in the cookie leads to the reader, and can be ended."""

    def __init__(self, reader: Reader, token: str) -> None:
        self.reader = reader
        self.token = token

    def get_id(self) -> str:
        """Return what goes into the session cookie."""
        return self.token


def bind(app: Flask) -> None:
    """Teach Flask-Login who a session belongs to, and templates who is asking."""
    login_manager.session_protection = None  # a sign-in can be ended on the server; a changed network does not end it
    login_manager.login_view = "accounts.sign_in"
    login_manager.user_loader(_load)
    app.add_template_global(current_reader, "viewer")  # globals, because a macro does not see what context processors give
    app.add_template_global(is_nobody)


def current_reader() -> Reader | None:
    """Return the account or the guest who is asking; nothing for somebody who has never taken part."""
    if "reader" not in g:
        g.reader = current_user.reader if current_user.is_authenticated else guest_here()
    reader: Reader | None = g.reader
    return reader


def is_signed_in() -> bool:
    """Whether the request comes from an account."""
    return bool(current_user.is_authenticated)


def sign_in_here() -> SignIn | None:
    """Return the sign-in of this browser; nothing for a guest."""
    return readers.sign_in_of(current_user.token) if is_signed_in() else None


def is_nobody() -> bool:
    """Whether the request carries nothing of ours, so that its answer can be shared by all such requests."""
    return not any(name in request.cookies for name in (guest_cookie(), current_app.config["SESSION_COOKIE_NAME"]))


def participant() -> Reader:
    """Return the reader who is about to act, making the guest on their first act. Only in views under `takes_part`."""
    reader = current_reader()
    if reader is None:
        go_on_writing()
        reader = g.reader = readers.welcome_guest(guest_key() or "", now=utc_now())
    return reader


def takes_part(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let readers without an account act, as guests.

    A browser without our cookie is first sent the same request again with one (307 keeps method and body). A button pressed
    twice is therefore one guest, and nobody who only reads is given a cookie. `docs/adr/0004-guests.md` has the reasons.
    Looking at a text before posting it is no act yet.
    """

    @wraps(view)
    def with_cookie(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if is_preview():
            return view(*args, **kwargs)
        check_author()
        if is_signed_in() or guest_key() is not None:
            return view(*args, **kwargs)
        if COOKIE_WAS_SET in request.args:
            raise Forbidden(
                N_(
                    "Your browser did not keep our cookie, so we cannot tell your answer from another's. Allow cookies, or sign in."
                )
            )
        separator = "&" if request.query_string else "?"
        answer = redirect(f"{request.full_path.rstrip('?')}{separator}{COOKIE_WAS_SET}=set", 307)
        set_guest_cookie(answer, readers.new_key())
        return answer

    return with_cookie


def check_author() -> None:
    """Refuse what was written on a page that was made for an account which is not the one signed in here by now."""
    author = request.form.get("author")
    if author is None:
        return
    if not is_signed_in():
        raise NotSignedIn(
            N_("You are no longer signed in, so nothing was sent. Your text is kept: sign in, then send it again.")
        )
    if current_user.reader.public_id != author:
        raise Conflict(N_("You are signed in with another account by now, so nothing was sent. Your text is kept."))


def guest_key() -> str | None:
    """Return the key in the guest cookie, if it is one of ours."""
    try:
        key = _serializer().loads(request.cookies.get(guest_cookie(), ""))
    except BadSignature:
        return None
    return key if isinstance(key, str) else None


def guest_here() -> Reader | None:
    """Return the guest whose key this browser carries, if they have taken part."""
    key = guest_key()
    return readers.guest_with(key) if key else None


def guest_cookie() -> str:
    """Return the name of the guest cookie."""
    return "__Host-guest" if config().is_https else "guest"


def set_guest_cookie(answer: Response | ResponseReturnValue, key: str) -> None:
    """Give the browser a guest key."""
    assert isinstance(answer, Response)  # noqa: S101 - for the type checker: redirect() returns one
    answer.set_cookie(
        guest_cookie(),
        str(_serializer().dumps(key)),
        max_age=GUEST_COOKIE_DAYS * 86_400,
        secure=config().is_https,
        httponly=True,
        samesite="Lax",
    )


def forget_guest(answer: Response | ResponseReturnValue) -> None:
    """Take the guest key back from the browser."""
    assert isinstance(answer, Response)  # noqa: S101 - for the type checker: redirect() returns one
    answer.delete_cookie(guest_cookie(), secure=config().is_https, httponly=True, samesite="Lax")


def begin_session(reader: Reader) -> None:
    """Sign the browser in, in a fresh session; the sign-in it had ends on the server. The caller commits."""
    if is_signed_in():
        readers.sign_out(current_user.token, now=utc_now())
    token = readers.sign_in(reader, now=utc_now())
    session.clear()
    session.permanent = True
    login_user(SignedIn(reader, token))
    g.reader = reader


def end_session() -> None:
    """Sign the browser out, here and on the server. The caller commits."""
    if is_signed_in():
        readers.sign_out(current_user.token, now=utc_now())
    logout_user()
    session.clear()
    g.pop("reader", None)


def _load(token: str) -> SignedIn | None:
    reader = readers.signed_in_with(token, now=utc_now())
    return SignedIn(reader, token) if reader else None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="guest")
