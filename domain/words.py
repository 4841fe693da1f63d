"""Listed words found in a text however they are disguised, and left alone where an innocent word contains them. Pure.

A word of the list is found where it stands as a word of its own, "idiot*" where a word begins with it, "*idiot*" anywhere.
What stands within an allowed word or phrase is innocent. A text is walked once through a tree of all words, however many
there are; who looks for too much is told so (`TooMuch`), because a text that was read in part has not been read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from domain import text as texts
from domain.errors import N_, Invalid
from domain.skeletons import ANY, MARK, OPTIONS, SPACE, Run, Skeleton, base, covered, is_letter, plain, skeletons
from domain.spellings import other_spellings

LONGEST = 60  # characters of a listed word or phrase
SHORTEST = 2  # letters: a single one is found wherever somebody spells
MOST_STEPS = 400_000  # of one text through the tree: some tenth of a second, reached only by lists and texts made for it
MOST_HITS = 100  # of one text: nobody looks at more, and it waits for a moderator all the same

SPELT = 5  # letters of a word from which one pair of them may stand unspaced: "i d io t"
PARTED = 7  # of one that a single space can part: "bull shit", not "pen is"
SHORT = 3  # letters of a word that digits may stand for one of; four fifths of a longer one
MOST_DIGITS = 0.8
AT_LEAST_MANY = 3  # of a letter in a row are a cry and no other word, as "good" is to "god"
_NEVER_DOUBLED = set("aiuhjqvwxy")  # or hardly ever: "iidiot" is no other word either
_UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u3040", "\u9fff"))  # Thai to Khmer, kana, Han
LEAST_KNOWN = 0.5  # of the letters of a word that is covered in part: of "f**k" just enough


class TooMuch(Exception):
    """A text and a list that were made to keep a worker busy."""


@dataclass(frozen=True)
class Hit:
    """A listed word in a text, as it is listed, and from where to where it stands."""

    word: str
    begin: int
    end: int


class _Form(NamedTuple):
    """How a word is found: its runs' lengths, which of them follow a space, and which ends are open."""

    word: str
    counts: tuple[int, ...]
    breaks: frozenset[int]
    is_open_before: bool
    is_open_after: bool
    is_spelling: bool  # another spelling, found only as it stands

    @property
    def is_number(self) -> bool:
        """Whether it is made of digits, which are then no letters."""
        return self.word.strip("*").isdigit()


_HERE = ""  # the key under which a node of the tree holds the words that end there
_Node = dict[str, Any]


@dataclass(frozen=True, eq=False)
class WordList:
    """Words to be found, and those that are innocent. Made once and used for many texts, by several threads."""

    words: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    _whole: _Node = field(default_factory=dict, repr=False)
    _anywhere: _Node = field(default_factory=dict, repr=False)
    _innocent: tuple[_Node, _Node] = field(default_factory=lambda: ({}, {}), repr=False)

    def __post_init__(self) -> None:
        for word in self.words:
            _plant(word, self._whole, self._anywhere, spellings=True)
        for word in self.allowed:
            _plant(word, *self._innocent, spellings=False)

    def find(self, text: str) -> list[Hit]:
        """Return where listed words stand, in order, each place once for a word, the first `MOST_HITS`. Raises `TooMuch`."""
        return self.find_all(text)[:MOST_HITS]

    def find_all(self, text: str) -> list[Hit]:
        """Return every place where a listed word stands, in order. Raises `TooMuch`."""
        if not self.words:
            return []
        budget = _Budget()
        found = {hit: None for read in _read(text) for hit in _hits(read, self._whole, self._anywhere, budget)}
        found |= {hit: None for read in _covered(text) for hit in _covered_hits(read, (self._whole, self._anywhere), budget)}
        if not found:
            return []
        innocent = self._spans_of_innocence(text, budget)
        kept = [hit for hit in found if not any(begin <= hit.begin and hit.end <= end for begin, end in innocent)]
        return sorted(_outermost(kept), key=lambda hit: (hit.begin, hit.end, hit.word))

    def among(self, text: str, find_all: Callable[[], list[Hit]] | None = None) -> Callable[[tuple[str, ...]], list[str]]:
        """Return what tells which of some words stand in a text, as rules ask it. Those of this list are looked for but once, by
        `find_all` where somebody has looked already."""

        @cache
        def standing() -> set[str]:
            return {hit.word for hit in (find_all() if find_all else self.find_all(text))}

        def found(words: tuple[str, ...]) -> list[str]:
            stand = standing()
            unknown = tuple(word for word in words if word not in self._known)
            others = {hit.word for hit in _made_of(unknown, self.allowed).find(text)} if unknown else set()
            return [word for word in words if word in stand or word in others]

        return found

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.words)

    def _spans_of_innocence(self, text: str, budget: _Budget) -> list[tuple[int, int]]:
        if not self.allowed:
            return []
        found = _hits(_read(text)[0], *self._innocent, budget, is_exact=True)
        return [_stretched(hit, text) for hit in found]


def checked(typed: str) -> str:
    """Return a word as it is listed: on one line, in lower case, with a star at either end or none. Raises `Invalid`."""
    word = texts.line(typed).casefold()
    if len(word) > LONGEST:
        raise Invalid(
            N_("“%(word)s” is too long: a listed word has at most %(most)s characters."), word=word[:40], most=LONGEST
        )
    if "*" in word.removeprefix("*").removesuffix("*"):
        raise Invalid(N_("“%(word)s” has a star inside: it stands before a word, after it, or both."), word=word)
    if sum(run.times for run in _all_runs(plain(word.strip("*")))) < SHORTEST:
        raise Invalid(N_("“%(word)s” is too short: it would be found in too many texts."), word=word)
    return word


@lru_cache(64)
def _made_of(words: tuple[str, ...], allowed: tuple[str, ...]) -> WordList:
    return WordList(words, allowed)


@lru_cache(16)
def _read(text: str) -> tuple[Skeleton, ...]:
    return tuple(skeletons(text))


@lru_cache(16)
def _covered(text: str) -> tuple[Skeleton, ...]:
    return tuple(covered(text))


class _Budget:
    """How many steps are left."""

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def spend(self) -> None:
        """Take a step. Raises `TooMuch` where there is none left."""
        self.left -= 1
        if self.left < 0:
            raise TooMuch


def _plant(listed: str, whole: _Node, anywhere: _Node, *, spellings: bool) -> None:
    word = listed.casefold()
    before, after = word.startswith("*"), word.endswith("*")
    bare = word.strip("*")
    for form in {bare, bare.upper()}:  # which differ in Greek, where a capital passes for another letter
        is_anywhere = before or _is_unspaced(form[:1])
        _plant_form(form, listed, anywhere if is_anywhere else whole, (before, after, False))
    for form in other_spellings(bare) if spellings else ():
        _plant_form(form, listed, whole, (False, False, True))


def _plant_form(form: str, word: str, node: _Node, kind: tuple[bool, bool, bool]) -> None:
    read = plain(form)
    runs = _all_runs(read)
    if not runs:
        return
    for run in runs:
        node = node.setdefault(run.sign if run.sign.isdigit() else base(run.sign), {})
    breaks = frozenset(place for place, run in enumerate(runs) if place and read.signs[run.first - 1] in {SPACE, MARK})
    node.setdefault(_HERE, []).append(_Form(word, tuple(run.times for run in runs), breaks, *kind))


def _all_runs(read: Skeleton) -> list[Run]:
    runs, place = [], read.next_letter(-1)
    while place < len(read.signs):
        runs.append(read.run(place))
        place = read.next_letter(runs[-1].last)
    return runs


def _hits(read: Skeleton, whole: _Node, anywhere: _Node, budget: _Budget, *, is_exact: bool = False) -> Iterator[Hit]:
    for tree, places in ((whole, read.words()), (anywhere, read.starts(set(anywhere)))):
        for first in places if tree else ():
            for form, runs in _walk(tree, read, first, budget):
                if _is_found(form, read, runs, is_exact=is_exact):
                    yield Hit(form.word, *read.span(first, runs[-1].last))


def _covered_hits(read: Skeleton, trees: tuple[_Node, _Node], budget: _Budget) -> Iterator[Hit]:
    """Yield words that a covered one can be. A star stands for one letter, which may be the one beside it once more."""
    length, last = len(read.signs), len(read.signs) - 1
    known = sum(map(is_letter, read.signs))
    if known < max(SHORTEST, LEAST_KNOWN * length) or (read.signs[last] == ANY and known < AT_LEAST_MANY):
        return
    for form, runs in chain.from_iterable(_walk(tree, read, 0, budget) for tree in trees):
        if runs[-1].last == last and sum(form.counts) == length and not form.is_spelling:
            yield Hit(form.word, *read.span(0, last))


def _walk(tree: _Node, read: Skeleton, first: int, budget: _Budget) -> Iterator[tuple[_Form, list[Run]]]:
    """Yield the words that begin at a place, and the runs of each."""
    ways: list[tuple[_Node, int, list[Run]]] = [(tree, first, [])]
    while ways:
        node, place, runs = ways.pop()
        if place == len(read.signs):
            continue
        budget.spend()
        options = node if read.signs[place] == ANY else OPTIONS.get(read.signs[place], read.signs[place])
        if not any(map(node.__contains__, options)):  # by far the most often
            continue
        run = read.run(place)
        after, behind = read.next_letter(run.last), [*runs, run]
        if run.sign == ANY:
            ways.append((node, after, behind))
        for option in set(node) if run.sign == ANY else OPTIONS.get(run.sign, run.sign):
            child = node.get(option) if option != _HERE else None
            if child is not None:
                ways.append((child, after, behind))
                yield from ((form, behind) for form in child.get(_HERE, ()))


def _is_found(form: _Form, read: Skeleton, runs: list[Run], *, is_exact: bool) -> bool:
    begins = read.begins_word(runs[0].first) or _is_unspaced(runs[0].sign)
    ends = read.ends_word(runs[-1].last) or _is_unspaced(runs[-1].sign)
    if not (begins or form.is_open_before) or not (ends or form.is_open_after):
        return False
    if not _are_long_enough(form, runs, is_exact=is_exact or form.is_spelling):
        return False
    return _are_close_enough(form, read, runs, is_strict=not (begins and ends) or is_exact or form.is_spelling)


def _is_unspaced(sign: str) -> bool:
    """Whether a letter belongs to a script that puts no spaces between words."""
    return any(first <= sign <= last for first, last in _UNSPACED)


def _are_long_enough(form: _Form, runs: list[Run], *, is_exact: bool) -> bool:
    """Whether each letter stands as often as in the word, or so often that it is a cry."""
    pairs = list(zip((run.times for run in runs), form.counts, strict=True))
    if is_exact or form.is_number:
        return all(count == wanted for count, wanted in pairs)
    if all(count >= 2 * wanted for count, wanted in pairs):
        return True
    last = len(runs) - 1
    for place, (count, wanted) in enumerate(pairs):
        is_open = (form.is_open_before and place == 0) or (form.is_open_after and place == last)
        is_cry = is_open or count >= AT_LEAST_MANY or runs[place].sign in _NEVER_DOUBLED
        if count < wanted or (count > wanted and not is_cry):
            return False
    return True


def _are_close_enough(form: _Form, read: Skeleton, runs: list[Run], *, is_strict: bool) -> bool:
    """Whether what stands between the letters hides a word rather than parting two, and enough of them are letters."""
    gaps = list(_gaps(form, read, runs))
    letters = read.signs[runs[0].first : runs[-1].last + 1].replace(SPACE, "").replace(MARK, "")
    digits = sum(map(str.isdigit, letters))
    if form.is_number:
        return not gaps
    if is_strict:
        return not gaps and not digits
    length, own = len(letters), sum(map(is_letter, letters))
    if gaps:
        is_spelt = len(gaps) >= length - 1 - (length >= SPELT)
        is_parted = SPACE not in gaps or (len(gaps) == 1 and length >= PARTED)
        return own > 0 and (length >= SPELT or 2 * own >= length) if is_spelt else is_parted and own == length
    return own > 0 and digits <= (1 if length <= SHORT else MOST_DIGITS * length)


def _gaps(form: _Form, read: Skeleton, runs: list[Run]) -> Iterator[str]:
    """Yield the gaps between letters, apart from those that the word itself has: whether white space is in each."""
    place, last = runs[0].first, runs[-1].last
    breaks = {runs[one].first for one in form.breaks}
    while place < last:
        after = read.next_letter(place)
        if after > place + 1 and after not in breaks:
            yield SPACE if SPACE in read.signs[place:after] else MARK
        place = after


def _stretched(hit: Hit, text: str) -> tuple[int, int]:
    """Return where an allowed word stands, with the letters that its stars stand for."""
    begin, end = hit.begin, hit.end
    while hit.word.startswith("*") and begin > 0 and text[begin - 1].isalnum():
        begin -= 1
    while hit.word.endswith("*") and end < len(text) and text[end].isalnum():
        end += 1
    return begin, end


def _outermost(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits without those of the same word within another."""
    kept: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda hit: (hit.begin, -hit.end)):
        same = kept.setdefault(hit.word, [])
        if not same or hit.end > same[-1].end:
            same.append(hit)
    return [hit for same in kept.values() for hit in same]
