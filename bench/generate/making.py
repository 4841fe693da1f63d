"""The order in which a site is made: people, articles, what is said and voted on each, and what follows from it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import click
from sqlalchemy import select

from bench.generate import afterwards, asking, people, size
from bench.generate.answers import Answering
from bench.generate.asking import Asked
from bench.generate.loading import loader
from bench.generate.size import Size
from bench.generate.talk import Talking
from bench.generate.told import Telling
from extensions import db
from models import ClauseVersion


def make(url: str, wanted: Size, *, now: datetime, is_shown: bool = False) -> None:
    """Fill the empty database of the current application. Commits, and lets nobody else write meanwhile."""
    dice = Random(wanted.seed)  # noqa: S311 - the same each time, not a secret
    everybody = people.numbered(wanted.readers, people.newsroom())
    db.session.commit()
    shares = size.shares(wanted)
    with _progress("Asking", len(shares), is_shown=is_shown) as bar:
        asked = []
        for one in asking.ask(shares, everybody, now=now, dice=dice):
            asked.append(one)
            bar.update(1)
    crowd = Crowd(everybody, asked, now, dice)
    with _progress("Filling", wanted.comments, is_shown=is_shown) as bar:
        counts = _fill(url, wanted, crowd, bar.update)
    afterwards.count_comments(counts)
    with _progress("Working out", len(asked), is_shown=is_shown) as bar:
        for _ in afterwards.work_out(asked, now=now):
            bar.update(1)


@dataclass(frozen=True)
class Crowd:
    """Who takes part in what, up to when, and the dice by which it is decided."""

    people: people.People
    asked: Sequence[Asked]
    now: datetime
    dice: Random


def _fill(url: str, wanted: Size, crowd: Crowd, step: Callable[[int], None]) -> dict[int, tuple[int, int]]:
    """Write everything that is voted and said; return how many comments each article has."""
    clause = db.session.scalars(select(ClauseVersion).order_by(ClauseVersion.id).limit(1)).one()
    told_by = clause.id, clause.statement
    db.session.remove()
    db.engine.dispose()  # nobody else holds the file
    into, everybody, dice = loader(url), crowd.people, crowd.dice
    people.put(into, everybody, (crowd.now - asking.YEARS - timedelta(days=1)).timestamp())
    answering, talking = Answering(into, everybody, dice), Talking(into, everybody, wanted, dice)
    telling = Telling(into, everybody, dice, now=crowd.now.timestamp(), clause=told_by)
    for one in crowd.asked:
        given = answering.answer(one)
        telling.tell(one, given, talking.talk(one, given))
        step(one.share.comments)
    telling.decide()
    into.finish()
    return talking.counts


@contextmanager
def _progress(label: str, length: int, *, is_shown: bool) -> Iterator[click._termui_impl.ProgressBar[int]]:
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=not is_shown) as bar:
        yield bar
