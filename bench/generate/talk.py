"""What is said on one article, and what readers think of it: comments with every counter and rank, ratings, what is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from math import log
from random import Random

from bench import sites
from bench.generate.answers import Answers
from bench.generate.asking import Asked
from bench.generate.loading import Loader, instant
from bench.generate.people import People
from bench.generate.size import Size
from domain import ranking
from domain.ranking import Counted
from domain.text import RENDERER_VERSION, comment_html

ANSWERING = 0.4  # of the comments
TALKED = 10 * 86_400  # seconds an article is talked about
REMOVED, WITHDRAWN, WAITING = 0.01, 0.003, 0.000_06
SENTENCES = 5_000  # different ones
MOST_NAMED = 200  # comments back, among which one finds what one answers
COMMENT = (
    "id, article_id, reader_id, parent_id, root_id, number, appeared, replies, numbered, good, poor, best_rank, common_rank,"
    " is_listed, body_source, body_html, renderer_version, choice_id, forecast_id, state, version, posted_at"
)
SHOWN = {"published"}


@dataclass
class Said:
    """One comment on its way into the table."""

    id: int
    reader: int
    at: float
    parent: Said | None
    body: str
    number: int | None = None
    root: Said | None = None
    replies: int = 0
    numbered: int = 0
    state: str = "published"
    is_reported: bool = False


@dataclass(frozen=True)
class Place:
    """Where something is said: an article's questions, what is answered there, by whom, and how often a comment is rated."""

    asked: Asked
    given: Answers
    voters: list[int]
    camps: list[str]
    ratings: float


class Talking:
    """Writes discussions, article by article."""

    def __init__(self, loader: Loader, people: People, size: Size, dice: Random) -> None:
        self._loader, self._people, self._size, self._dice = loader, people, size, dice
        self._numbers = count(1)
        self.counts: dict[int, tuple[int, int]] = {}  # by article, how many comments are shown and how many ever were
        self._sentences = _sentences(dice)

    def talk(self, asked: Asked, given: Answers) -> list[Said]:
        """Write what is said on an article, and return it."""
        voters = sorted(given.held)
        said = list(self._said(asked, voters))
        self._decide(said)
        ratings = asked.share.ratings / max(1, len(said))
        place = Place(asked, given, voters, [camp for _, camp in asked.choices], ratings)
        self._loader.put("comment", COMMENT, list(self._rows(place, said)))
        shown, appeared = sum(one.state in SHOWN for one in said), sum(one.state != "held" for one in said)
        self.counts[asked.article_id] = shown, appeared
        return said

    def _said(self, asked: Asked, voters: list[int]) -> Iterator[Said]:
        until = min(asked.opened + TALKED, asked.voting_until)
        times = sorted(self._dice.uniform(asked.opened + 60, until) for _ in range(asked.share.comments))
        earlier: list[Said] = []
        for at in times:
            parent = self._dice.choice(earlier[-MOST_NAMED:]) if earlier and self._dice.random() < ANSWERING else None
            one = Said(next(self._numbers), self._author(voters), at, parent, self._text())
            if parent is not None:
                one.root = parent.root or parent
                one.root.numbered += 1
                one.number = one.root.numbered
            earlier.append(one)
            yield one

    def _author(self, voters: list[int]) -> int:
        """Return somebody who took part: some write much, most little."""
        return voters[int(len(voters) * self._dice.random() ** 1.5)]

    def _text(self) -> str:
        return f"{' '.join(self._dice.choices(self._sentences, k=4))} ({self._dice.randrange(10**6)})"

    def _decide(self, said: list[Said]) -> None:
        """Let some be removed or withdrawn, wait, or be complained of; only what nobody has answered waits."""
        answered = {one.parent.id for one in said if one.parent}
        for one in said:
            chance = self._dice.random()
            waits, removed = self._size.of_each(WAITING), self._size.of_each(REMOVED)
            if chance < waits:
                one.state = "published" if one.id in answered else "held"
            elif chance < 2 * waits:
                one.is_reported = True
            elif chance < 2 * waits + removed:
                one.state = "removed"
            elif chance < 2 * waits + removed + WITHDRAWN:
                one.state = "withdrawn"
        for one in said:
            if one.root is not None and one.state in SHOWN:
                one.root.replies += 1

    def _rows(self, place: Place, said: list[Said]) -> Iterator[tuple[object, ...]]:
        asked, given = place.asked, place.given
        appeared = count(1)
        for one in said:
            held, is_held = given.held[one.reader].at(one.at), one.state == "held"
            good, poor, best, common = (0, 0, 0, 0) if is_held else self._rated(one, place)
            yield (
                one.id,
                asked.article_id,
                one.reader,
                one.parent.id if one.parent else None,
                one.root.id if one.root else None,
                one.number,
                None if is_held else next(appeared),
                one.replies,
                one.numbered,
                good,
                poor,
                best,
                common,
                int(one.state in SHOWN or one.replies > 0),
                one.body,
                f"<p>{one.body}</p>",
                RENDERER_VERSION,
                None if held is None else asked.choices[held][0],
                max((number for at, number in given.forecasts.get(one.reader, ()) if at <= one.at), default=None),
                one.state,
                2 if one.state in {"removed", "withdrawn"} else 1,
                instant(one.at),
            )

    def _rated(self, one: Said, place: Place) -> tuple[int, int, int, int]:
        """Write the ratings of a comment; return its counters and ranks. Few have many."""
        voters, camps, latest = place.voters, place.camps, place.asked.voting_until
        wanted = min(int(-log(1 - self._dice.random()) * place.ratings + 0.5), len(voters) // 2)
        begin, quality = self._dice.randrange(len(voters)), self._dice.uniform(0.2, 0.9)
        in_a_row = voters[begin : begin + wanted] + voters[: max(0, begin + wanted - len(voters))]
        raters = sorted(reader for reader in in_a_row if reader != one.reader)
        good: Counter[str | None] = Counter()
        rated: Counter[str | None] = Counter()
        rows = []
        for reader in raters:
            at = min(one.at + self._dice.random() * 3_600, latest)
            choice = place.given.held[reader].at(at)
            camp, is_good = None if choice is None else camps[choice], self._dice.random() < quality
            good[camp] += is_good
            rated[camp] += 1
            rows.append((one.id, reader, "good" if is_good else "poor", camp, instant(at)))
        self._loader.put("comment_rating", "comment_id, reader_id, verdict, camp, rated_at", rows)
        tallies = [(one.id, camp, good[camp], many) for camp, many in sorted(rated.items(), key=str) if camp is not None]
        self._loader.put("rating_tally", "comment_id, camp, good, rated", tallies)
        by_camp = {camp: Counted(good[camp], many) for camp, many in rated.items() if camp is not None}
        best = ranking.best_rank(good.total(), rated.total())
        return good.total(), rated.total() - good.total(), best, ranking.common_rank(best, by_camp, sorted(set(camps)))


@cache
def _of(seed: int) -> tuple[str, ...]:
    words = sites.WORDS.split()
    dice = Random(seed)  # noqa: S311 - the same each time, not a secret
    return tuple(" ".join(dice.choices(words, k=dice.randint(6, 20))).capitalize() + "." for _ in range(SENTENCES))


def _sentences(dice: Random) -> tuple[str, ...]:
    """Return sentences of which texts are made that look the same as HTML."""
    found = _of(dice.randrange(10**6))
    sample = " ".join(found[:4])
    assert comment_html(sample).strip() == f"<p>{sample}</p>", "the renderer makes something else of plain sentences"  # noqa: S101
    return found
