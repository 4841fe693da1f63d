"""What follows from comments: checks' verdicts, prints, news, notifications, follows and visits; complaints and decisions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from bench.generate.answers import Answers
from bench.generate.asking import Asked
from bench.generate.loading import Loader, instant
from bench.generate.people import People
from bench.generate.talk import Said
from domain import forgetting, neighbours, repeats
from domain.checks import CHECKS
from domain.ngrams import folded

DAY = 86_400
PRINTED, NEWS, TOLD = (kept.total_seconds() for kept in (repeats.WINDOW, forgetting.NEWS, forgetting.TOLD))
UNREAD = 2 * DAY
FOLLOWING = 0.3  # of those who have an account and write
EVIDENCE = json.dumps({"checks": [name for name, _ in CHECKS], "words": 1})
ENTRY = "id, comment_id, actor_id, act, from_state, to_state, clause_id, note, detail, made_at"
STATEMENT = (
    "id, entry_id, reader_id, comment_id, language, facts, reasons, is_detected_by_machine, is_decided_by_machine, made_at"
)
VERDICT = 'id, comment_id, "check", finding, detail, check_version, evidence, made_at'
PRINT = "id, comment_id, digest, band, fingerprint, made_at"
NOTIFICATION = "id, reader_id, kind, comment_id, entry_id, made_at, read_at, mailed_at"


@dataclass(frozen=True, order=True)
class Entry:
    """One act, on its way into the log."""

    at: float
    comment: int
    act: str
    author: int = field(compare=False)
    reported_by: int | None = field(compare=False)
    body: str = field(compare=False, repr=False)


class Telling:
    """Writes what follows from comments, article by article, and at last what was decided, in the order of its time."""

    def __init__(self, loader: Loader, people: People, dice: Random, *, now: float, clause: tuple[int, str]) -> None:
        self._loader, self._people, self._dice, self._now, self._clause = loader, people, dice, now, clause
        self._entries: list[Entry] = []
        self._reports: list[tuple[float, int, int]] = []  # open ones: when, about what, by whom
        self._verdicts, self._prints, self._notifications, self._news, self._follows = (count(1) for _ in range(5))
        self._first_news = 0

    def tell(self, asked: Asked, given: Answers, said: Sequence[Said]) -> None:
        """Write what follows from what was said on an article."""
        self._loader.put("screening_verdict", VERDICT, [self._verdict(one) for one in said])
        self._loader.put(
            "text_print", PRINT, [row for one in said if one.at > self._now - PRINTED for row in self._printed(one)]
        )
        self._loader.put("notification", NOTIFICATION, list(self._told(said)))
        for one in said:
            self._decide(one, asked.voting_until)
        voters = list(given.held)
        self._reports += [(one.at + 60, one.id, self._other(one, voters)) for one in said if one.is_reported]
        new = [one for one in said if one.at > self._now - NEWS and one.state != "held"]
        self._loader.put("news", "id, comment_id, made_at, spread_at", [self._as_news(one) for one in new])
        writing = sorted(
            {one.reader for one in said if one.reader in self._people.accounts and self._dice.random() < FOLLOWING}
        )
        following = [(next(self._follows), who, asked.article_id, instant(asked.voting_until)) for who in writing]
        self._loader.put("follow", "id, reader_id, article_id, followed_at", following)
        appeared = sum(one.state != "held" for one in said)
        visits = [
            (asked.article_id, who, appeared, instant(given.held[who].since))
            for who in sorted(given.held)
            if who in self._people.accounts
        ]
        self._loader.put("visit", "article_id, reader_id, seen, visited_at", visits)

    def decide(self) -> None:
        """Write what was decided, and what is still complained of."""
        report = count(1)
        clause_id, reasons = self._clause
        for number, one in enumerate(sorted(self._entries), 1):
            self._loader.put("moderation_entry", ENTRY, [self._entry(number, one, clause_id)])
            if one.reported_by is not None:
                settled = (next(report), one.comment, one.reported_by, "spam", "", instant(one.at - 600), number)
                self._loader.put("report", "id, comment_id, reader_id, reason, note, made_at, settled_by_id", [settled])
            if one.act == "removed":
                told = (
                    number,
                    number,
                    one.author,
                    one.comment,
                    "",
                    one.body,
                    reasons,
                    int(one.reported_by is None),
                    0,
                    instant(one.at),
                )
                self._loader.put("statement_of_reasons", STATEMENT, [told])
                due = instant(one.at + 300)
                notice = (number, number, one.author, due, due)
                self._loader.put("notice", "id, entry_id, reader_id, due_at, told_at", [notice])
        waiting = [(next(report), about, who, "spam", "", instant(at)) for at, about, who in sorted(self._reports)]
        self._loader.put("report", "id, comment_id, reader_id, reason, note, made_at", waiting)

    def _verdict(self, one: Said) -> tuple[object, ...]:
        number, at = next(self._verdicts), instant(one.at)
        if one.state == "held":
            return number, one.id, "new_author", "hold", "", 1, None, at
        return number, one.id, "all", "passed", "", 1, EVIDENCE, at

    def _printed(self, one: Said) -> Iterator[tuple[object, ...]]:
        codes, fingerprint, at = folded(one.body, symbols=False), neighbours.fingerprint(one.body), instant(one.at)
        yield next(self._prints), one.id, hashlib.blake2b(codes.tobytes(), digest_size=16).hexdigest(), None, None, at
        for band in neighbours.bands(fingerprint) if fingerprint is not None else ():
            yield next(self._prints), one.id, None, band, fingerprint, at

    def _told(self, said: Sequence[Said]) -> Iterator[tuple[object, ...]]:
        for one in said:
            to = one.parent.reader if one.parent else one.reader
            if to == one.reader or to not in self._people.accounts or one.state == "held" or one.at < self._now - TOLD:
                continue
            read = instant(one.at + 3_600) if one.at < self._now - UNREAD else None
            yield next(self._notifications), to, "reply", one.id, None, instant(one.at), read, instant(one.at)

    def _as_news(self, one: Said) -> tuple[object, ...]:
        self._first_news += 1
        return 1_000_000 + self._first_news, one.id, instant(one.at), instant(one.at + 1)  # after what was said of outcomes

    def _decide(self, one: Said, latest: float) -> None:
        act = {"removed": "removed", "withdrawn": "withdrawn", "held": "held"}.get(one.state)
        if act is None:
            return
        at = one.at if act == "held" else min(one.at + self._dice.uniform(60, DAY), latest)
        reported = self._people.everybody[self._dice.randrange(len(self._people.everybody))]
        by = reported if act == "removed" and reported != one.reader and self._dice.random() < 0.5 else None  # noqa: PLR2004
        self._entries.append(Entry(at, one.id, act, one.reader, by, one.body))

    def _entry(self, number: int, one: Entry, clause_id: int) -> tuple[object, ...]:
        is_removal = one.act == "removed"
        moderator = self._people.moderators[one.comment % len(self._people.moderators)]
        actor = moderator if is_removal else one.author if one.act == "withdrawn" else None
        before = None if one.act == "held" else "published"
        clause = clause_id if is_removal else None
        return number, one.comment, actor, one.act, before, one.act, clause, "", "", instant(one.at)

    def _other(self, one: Said, voters: list[int]) -> int:
        place = self._dice.randrange(len(voters))
        return voters[place] if voters[place] != one.reader else voters[place - 1]
