"""Who is in the demo. Pure: the same names and times for the same chance and `now`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from commands.demo.stories import Story
from domain.names import skeleton

GUEST = "guest"  # what the key of everyone without an account begins with
VERIFIED = 0.76  # the part of accounts whose address is confirmed
LONG_AGO = (timedelta(days=36), timedelta(days=420))  # before now: when most accounts were made
LATELY = (timedelta(hours=7), timedelta(days=5, hours=12))


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone with an account. `key` is what the stories call them: their name, or the role they sign in with."""

    key: str
    name: str
    email: str
    joined_at: datetime
    confirmed_at: datetime | None
    is_newcomer: bool = False
    was_guest: bool = False  # took part before they made the account


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everyone, in a fixed order; guests by key only."""

    accounts: Sequence[Person]
    guests: Sequence[str]


def address(role: str) -> str:
    """Return the e-mail address of a sign-in."""
    return f"{role}@demo.example"


def gather(table: Mapping[str, Any], told: Sequence[Story], *, now: datetime, chance: Random) -> Cast:
    """Return those the stories name, filled up with names drawn from the table."""
    staff: dict[str, str] = table["staff"]
    spoken = {name: None for story in told for name in _named(story)}
    names = [name for name in spoken if name not in staff and not name.startswith(GUEST)]
    missing = table["accounts"] - len(staff) - len(names)
    drawn = _drawn(table["names"], missing, taken={*names, *staff.values()}, chance=chance)
    accounts = [_person(key, name, address(key), LONG_AGO, now=now, chance=chance, verified=1.0) for key, name in staff.items()]
    settled = [*names, *drawn[: missing - table["newcomers"]]]
    for number, name in enumerate(settled, start=1):
        accounts.append(_person(name, name, f"reader{number}@demo.example", LONG_AGO, now=now, chance=chance))
    for number, name in enumerate(drawn[len(settled) - len(names) :]):
        email = f"reader{len(settled) + number + 1}@demo.example"
        accounts.append(_person(name, name, email, LATELY, now=now, chance=chance, newcomer=number))
    guests = [name for name in spoken if name.startswith(GUEST)]
    guests += [f"{GUEST} {number}" for number in range(1, table["guests"] - len(guests) + 1)]
    return Cast(accounts=accounts, guests=guests)


def _named(story: Story) -> Iterator[str]:
    for remark in story.remarks:
        yield remark.by
        yield from (complaint.by for complaint in remark.complaints)


def _drawn(table: Mapping[str, Any], count: int, *, taken: set[str], chance: Random) -> list[str]:
    pool: list[str] = list(table["whole"])
    for block in table["mixed"]:
        mixed = [f"{given} {family}" for given in block["given"] for family in block["family"]]
        pool += chance.sample(mixed, block["most"])
    chance.shuffle(pool)
    used = {skeleton(name) for name in taken}
    free = [name for name in pool if skeleton(name) not in used]
    if len(free) < count:
        message = f"demo/readers.toml has {len(free)} names to draw from; {count} are needed"
        raise ValueError(message)
    return free[:count]


def _person(
    key: str,
    name: str,
    email: str,
    since: tuple[timedelta, timedelta],
    *,
    now: datetime,
    chance: Random,
    verified: float = VERIFIED,
    newcomer: int | None = None,
) -> Person:
    joined_at = now - since[0] - (since[1] - since[0]) * chance.random()
    confirms = chance.random() < verified
    return Person(
        key=key,
        name=name,
        email=email,
        joined_at=joined_at,
        confirmed_at=joined_at + timedelta(minutes=chance.randint(1, 50)) if confirms else None,
        is_newcomer=newcomer is not None,
        was_guest=newcomer is not None and newcomer % 2 == 0,
    )
