"""The lists of words that screening goes by, as the newsroom changes them. What was removed stays as a row.

Each verb writes its entry, and the caller commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from domain import policylog, words
from domain.errors import N_, Conflict, Invalid
from domain.innocents import INNOCENT
from domain.upserts import insert_all_new
from domain.wordkeeping import VERSIONS, Kept
from domain.words import Hit, TooMuch
from domain.words import WordList as Matcher
from extensions import db
from models import ListedWord, ModerationAct, Reader, WordList

MOST_LISTED = (
    20_000  # words of one list: far more than the longest that is published, and found in one walk of a text all the same
)
WORDS_A_PAGE = 100
MOST_TOLD = 20  # refused words that are named one by one; the rest are counted
LONGEST_NOTE = 2_000  # characters of the words that an entry names
LONGEST_TRIAL = 5_000  # characters of a text that is tried
FINDING = (WordList.BANNED, WordList.SUSPECT, WordList.ALLEGATION)  # the lists by which something is found


@dataclass(frozen=True)
class Refused:
    """A line that cannot be listed, and why."""

    line: int
    why: Invalid


@dataclass(frozen=True)
class Typed:
    """What somebody typed into the field, one word or phrase on each line: what can be listed, each once, and what cannot."""

    words: tuple[str, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class Added:
    """What became of words: how many are new, and how many stood on the list before."""

    new: int
    known: int


@dataclass(frozen=True)
class Page:
    """A page of a list, the newest words first, with the cursor of the next."""

    words: list[ListedWord]
    next_after: int | None


def read(typed: str) -> Typed:
    """Return the words of a field: one on each line, or with commas between them."""
    found: dict[str, None] = {}
    refused = []
    for number, line in enumerate(typed.splitlines(), start=1):
        for part in filter(None, map(str.strip, line.replace(";", ",").split(","))):
            try:
                found[words.checked(part)] = None
            except Invalid as why:
                refused.append(Refused(number, why))
    return Typed(tuple(found), tuple(refused))


def add(name: WordList, given: Sequence[str], *, by: Reader, now: datetime) -> Added:
    """Put words on a list; those that stand there stay as they are. All of them or none: raises `Invalid` for too many."""
    policylog.check_may_change(by)
    if not given:
        raise Invalid(N_("There is no word here: write one on each line."))
    there = set(db.session.scalars(select(ListedWord.word).where(ListedWord.list == name, ListedWord.removed_at.is_(None))))
    new = [word for word in dict.fromkeys(given) if word not in there]
    if len(there) + len(new) > MOST_LISTED:
        raise Invalid(
            N_("A list has at most %(most)s words. This one has %(there)s, and %(new)s would be added, so nothing was."),
            most=MOST_LISTED,
            there=len(there),
            new=len(new),
        )
    if new:
        row = {"list": name, "added_by_id": by.id, "added_at": now}
        insert_all_new(ListedWord, [{**row, "word": word} for word in new])
        _note("added", name, new, by=by, now=now)
    return Added(len(new), len(given) - len(new))


def remove(name: WordList, ids: Iterable[int], *, by: Reader, now: datetime) -> list[str]:
    """Take words off a list, and return them; what was taken off before is none. Raises `Conflict` where there is nothing left."""
    policylog.check_may_change(by)
    chosen = ListedWord.id.in_(list(ids)) & (ListedWord.list == name) & ListedWord.removed_at.is_(None)
    taken = update(ListedWord).where(chosen).values(removed_at=now, removed_by_id=by.id).returning(ListedWord.word)
    gone = sorted(db.session.scalars(taken))
    if not gone:
        raise Conflict(N_("None of these words is on the list any more."))
    _note("removed", name, gone, by=by, now=now)
    return gone


def listed(name: WordList, *, holding: str = "", after: int | None = None) -> Page:
    """Return a page of a list: all of it, or the words that hold some letters. The newest stand first."""
    found = select(ListedWord).where(ListedWord.list == name, ListedWord.removed_at.is_(None))
    if sought := holding.strip().casefold():
        found = found.where(ListedWord.word.contains(sought, autoescape=True))
    if after is not None:
        found = found.where(ListedWord.id < after)
    rows = list(db.session.scalars(found.order_by(ListedWord.id.desc()).limit(WORDS_A_PAGE + 1)))
    page = rows[:WORDS_A_PAGE]
    return Page(page, page[-1].id if len(rows) > WORDS_A_PAGE else None)


def sizes() -> dict[WordList, int]:
    """Return how many words each list has."""
    counted = select(ListedWord.list, func.count()).where(ListedWord.removed_at.is_(None)).group_by(ListedWord.list)
    return dict.fromkeys(WordList, 0) | {row[0]: row[1] for row in db.session.execute(counted)}


def allowed() -> tuple[str, ...]:
    """Return what is innocent: what the site came with, and what the newsroom listed."""
    current = select(ListedWord.word).where(ListedWord.list == WordList.ALLOWED, ListedWord.removed_at.is_(None))
    return (*INNOCENT, *db.session.scalars(current))


def swallowed(candidates: Iterable[str]) -> frozenset[str]:
    """Return which words are never found, because what is allowed contains them: "idiot" where "*idiot*" is.

    Only those are looked for that have all of an allowed word in them, or ten thousand would take their time.
    """
    innocent = allowed()
    bare = {word.strip("*") for word in innocent}
    doubtful = [word for word in candidates if any(one in word for one in bare)]
    matcher = Matcher(tuple(doubtful), innocent)
    return frozenset(word for word in doubtful if not _finds(matcher, word))


def swallowed_by(innocent: Iterable[str]) -> frozenset[str]:
    """Return which listed words are never found, of those that have all of one of these allowed words in them."""
    bare = {word.strip("*") for word in innocent}
    found = select(ListedWord.word).where(ListedWord.list.in_(FINDING), ListedWord.removed_at.is_(None))
    return swallowed(word for word in db.session.scalars(found) if any(one in word for one in bare))


def found_in(body: str) -> dict[WordList, list[Hit]]:
    """Return the words of each list that stand in a text, as screening finds them. Raises `Invalid` where that takes too long."""
    kept, body = Kept(db.session.execute(select(*VERSIONS)).one()), body[:LONGEST_TRIAL]
    try:
        listed, claims = kept.listed.find(body), kept.lists.claims.find(body)
    except TooMuch as error:
        raise Invalid(N_("This text takes too long to look through: a comment like it would wait for a moderator.")) from error
    found = {name: [hit for hit in listed if hit.word in kept.lists.words[name]] for name in FINDING}
    return {**found, WordList.ALLEGATION: claims}


def _finds(matcher: Matcher, word: str) -> bool:
    """Whether a word is found where it stands alone. One whose text takes too long makes whoever writes it wait."""
    try:
        return any(hit.word == word for hit in matcher.find(word.strip("*")))
    except TooMuch:
        return True


def _note(did: str, name: WordList, changed: Sequence[str], *, by: Reader, now: datetime) -> None:
    note = ", ".join(changed)
    shown = note if len(note) <= LONGEST_NOTE else f"{note[:LONGEST_NOTE].rpartition(',')[0]}, …"
    policylog.write(ModerationAct.WORDS_CHANGED, f"{did} {name.value} {len(changed)}", by=by, now=now, note=shown)
