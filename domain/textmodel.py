"""The local classifier: a weight for every n-gram of a text, added up. Pure.

A text is the set of the n-grams of its words, each hashed to one of `BUCKETS` weights. What it adds is divided by the
square root of how many there are and `FEW` more, so that neither a long letter nor a single word is thought the worst of.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
import zlib
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

from domain.arrays import Buckets, CodePoints, Floats, NDArray, np
from domain.classifier import Bin, Part, Report, Score, Threshold
from domain.ngrams import folded, ngrams, text_of, within_words, words_at

SIZES = range(2, 6)  # shorter ones are letters, longer ones are words
BITS = 18
BUCKETS = 1 << BITS  # more than a site's comments have n-grams that matter; half a megabyte
FEW = 30  # n-grams: two words of a text decide as little as two words can
MOST_PARTS = 8  # that a score names: more does not fit on a card
LONGEST_PART = 20  # characters: in scripts without spaces a sentence would be one word

_MAGIC = b"FORESAY\x01"  # and the version of the format
_HEAD = struct.Struct("<8s32s")  # magic, SHA-256 of all that follows
_LENGTH = struct.Struct("<I")  # of the description, which the weights follow


def buckets_of(text: str) -> Buckets:
    """Return the buckets of a text's n-grams, each once."""
    buckets, _ = _occurrences(folded(text, symbols=True))
    first = _first_places(buckets)
    each_once: Buckets = buckets[first == np.arange(len(buckets))]
    return each_once


@dataclass(frozen=True, eq=False)
class Model:
    """A trained classifier. `weights` are halves of the usual precision, which is what is stored and what scores."""

    base: float
    weights: NDArray[np.float16]
    report: Report
    name: str = "local"

    def __post_init__(self) -> None:
        whole = self.weights.dtype == np.float16 and self.weights.shape == (BUCKETS,)
        if not whole or not math.isfinite(self.base) or not np.isfinite(self.weights).all():
            raise ValueError("a model has a finite weight for each bucket")

    @cached_property
    def version(self) -> str:
        """The beginning of the hash of all it knows: the same examples make the same version."""
        return hashlib.sha256(_description(self) + self.weights.tobytes()).hexdigest()[:12]

    def score(self, text: str) -> Score:
        """Return how likely a moderator is to remove the text, and which of its words say so."""
        codes = folded(text, symbols=True)
        parts = self._parts(codes)
        log_odds = self.base + math.fsum(parts.values())
        named = [Part(words, adds) for words, adds in sorted(parts.items(), key=_weight)[:MOST_PARTS] if adds]
        rest = log_odds - self.base - math.fsum(part.adds for part in named)
        probability = (1 + math.tanh(log_odds / 2)) / 2  # which cannot overflow
        return Score(probability, self.report.advice(probability), self.base, tuple(named), rest)

    def to_bytes(self) -> bytes:
        """Return the model as a file."""
        description = _description(self)
        body = _LENGTH.pack(len(description)) + description + zlib.compress(self.weights.astype("<f2").tobytes(), 9)
        return _HEAD.pack(_MAGIC, hashlib.sha256(body).digest()) + body

    @classmethod
    def from_bytes(cls, file: bytes) -> Self:
        """Return the model in a file. Raises `ValueError` for one that is damaged, or another thing altogether."""
        if len(file) < _HEAD.size:
            raise ValueError("too short to be a model")
        (magic, digest), body = _HEAD.unpack_from(file), file[_HEAD.size :]
        if magic != _MAGIC or digest != hashlib.sha256(body).digest():
            raise ValueError("damaged, or no model of this version")
        try:
            end = _LENGTH.size + _LENGTH.unpack_from(body)[0]
            description = json.loads(body[_LENGTH.size : end])
            return cls(description["base"], _inflated(body[end:]), report_of(description["report"]))
        except (KeyError, TypeError, struct.error, zlib.error) as error:
            raise ValueError("not the description of a model") from error

    def _parts(self, codes: CodePoints) -> dict[str, float]:
        """Return what each word adds. An n-gram that several have counts once: each of them has a share in it."""
        buckets, places = _occurrences(codes)
        first = _first_places(buckets)
        times = np.bincount(first, minlength=len(first))
        adds = self._wide[buckets] / times[first] / math.sqrt(np.count_nonzero(times) + FEW)
        begins = words_at(codes, LONGEST_PART)
        owners = np.searchsorted(begins, np.where(codes[places] == codes[0], places + 1, places), side="right") - 1
        sums = np.bincount(owners, weights=adds, minlength=len(begins))
        text, ends = text_of(codes), np.append(begins, len(codes))[1:].tolist()
        parts: Counter[str] = Counter()
        for begin, end, one in zip(begins.tolist(), ends, sums.tolist(), strict=True):
            parts[text[begin:end].rstrip()] += one
        return dict(parts)

    @cached_property
    def _wide(self) -> Floats:
        return self.weights.astype(np.float64)


def _weight(part: tuple[str, float]) -> tuple[float, str]:
    return -abs(part[1]), part[0]


def _occurrences(codes: CodePoints) -> tuple[Buckets, NDArray[np.intp]]:
    """Return the bucket of every n-gram within a word, and where it begins."""
    places = [within_words(codes, size) for size in SIZES]
    hashes = [ngrams(codes, size)[begins] for size, begins in zip(SIZES, places, strict=True)]
    return (np.concatenate(hashes) >> np.uint64(64 - BITS)).astype(np.int32), np.concatenate(places)


def _first_places(buckets: Buckets) -> NDArray[np.int32]:
    """Return, for each occurrence, the place of one that stands for all in the same bucket."""
    standing = np.empty(BUCKETS, dtype=np.int32)  # only what is written is read
    standing[buckets] = np.arange(len(buckets), dtype=np.int32)
    return standing[buckets]


def _description(model: Model) -> bytes:
    return json.dumps({"base": model.base, "report": asdict(model.report)}, sort_keys=True).encode()


def _inflated(packed: bytes) -> NDArray[np.float16]:
    """Return the weights; a file that unpacks to more than those is not read to its end."""
    weights = zlib.decompressobj().decompress(packed, BUCKETS * 2 + 1)
    return np.frombuffer(weights, dtype="<f2").astype(np.float16)


def report_of(told: dict[str, Any]) -> Report:
    """Return a report from what `dataclasses.asdict` made of it."""
    hold, flag = (Threshold(**told[name]) if told[name] else None for name in ("hold", "flag"))
    return Report(**{**told, "calibration": tuple(Bin(**one) for one in told["calibration"]), "hold": hold, "flag": flag})
