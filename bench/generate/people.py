"""Those who take part: three of ten have an account, the others are guests; and a newsroom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from bench.generate.loading import Loader, instant
from domain import names
from extensions import db
from models import Reader, Role
from tests import factories

MODERATORS = 5
LETTERS = "abcdefghij"
COLUMNS = (
    "id, public_id, guest_key_hash, name, name_skeleton, email, password_hash, role, mail_pace, created_at, registered_at,"
    " email_confirmed_at"
)
SIGN_IN = "id, token_hash, reader_id, started_at"


@dataclass(frozen=True)
class People:
    """The ids of all readers, of whom the first have accounts, and of the newsroom."""

    everybody: range
    accounts: range
    moderators: tuple[int, ...]
    editor: int

    def tier(self, reader_id: int) -> str:
        """Return the tier in which a reader is counted: every account has confirmed its address."""
        return "verified" if reader_id in self.accounts else "guest"


def newsroom() -> tuple[tuple[int, ...], int]:
    """Make moderators and an editor; return their ids. The caller commits."""
    moderators = tuple(factories.account(role=Role.MODERATOR).id for _ in range(MODERATORS))
    return moderators, factories.account(role=Role.EDITOR).id


def numbered(count: int, staff: tuple[tuple[int, ...], int]) -> People:
    """Return so many people, whose rows `put` writes."""
    first = (db.session.scalar(select(func.max(Reader.id))) or 0) + 1
    moderators, editor = staff
    return People(range(first, first + count), range(first, first + count * 3 // 10), moderators, editor)


def put(loader: Loader, people: People, since: float) -> None:
    """Write the readers, who have been there `since`, and a sign-in of each account."""
    loader.put("reader", COLUMNS, _rows(people, instant(since)))
    signed_in = ((number, f"of nobody {one}", one, instant(since)) for number, one in enumerate(people.accounts, 1))
    loader.put("sign_in", SIGN_IN, signed_in)


def _rows(people: People, at: str) -> Iterator[tuple[object, ...]]:
    for one in people.everybody:
        if one not in people.accounts:
            yield one, f"g{one}", f"guest {one}", None, None, None, None, "reader", "daily", at, None, None
            continue
        name = f"Someone {''.join(LETTERS[int(figure)] for figure in str(one))}"
        skeleton, email = names.skeleton(name), f"bench{one}@example.org"
        yield one, f"b{one}", None, name, skeleton, email, factories.PASSWORD_HASH, "reader", "never", at, at, at
