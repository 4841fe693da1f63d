from __future__ import annotations

import hashlib
import math
import pickle
import struct
import time
import zlib
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.classifier import Classifier, Score
from domain.textmodel import BUCKETS, LONGEST_PART, MOST_PARTS, Model
from domain.training import train
from tests.corpora import decisions, rude_words

LENGTH = 5_000  # of the longest comment
SLOW = 0.01  # seconds: five times what is aimed at, for a machine that is busy


@cache
def model() -> Model:
    return train(one.example for one in decisions(1_000))


def log_odds(score: Score) -> float:
    return math.log(score.probability / (1 - score.probability))


def told(score: Score) -> float:
    return score.base + sum(part.adds for part in score.parts) + score.rest


@cache
def file() -> bytes:
    return model().to_bytes()


def plain_text() -> str:
    return " ".join(one.text for one in decisions(100, seed=3))[:LENGTH]


@given(st.text())
def test_the_parts_of_a_score_add_up_to_it(text: str) -> None:
    score = model().score(text)
    assert log_odds(score) == pytest.approx(told(score), abs=1e-9)


@given(st.lists(st.sampled_from(rude_words()), max_size=30).map(" ".join))
def test_the_parts_of_words_it_knows_add_up_as_well(text: str) -> None:
    score = model().score(text)
    assert log_odds(score) == pytest.approx(told(score), abs=1e-9)
    assert len(score.parts) <= MOST_PARTS


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "\x00"])
def test_a_text_without_words_scores_the_base_alone(text: str) -> None:
    score = model().score(text)
    assert log_odds(score) == pytest.approx(model().base)
    assert score.parts == ()


@pytest.mark.parametrize(
    "text",
    [
        "Доброе утро всем соседям",
        "今日は良い天気ですね",
        "صباح الخير",
        "🎉🎉 👍🏽",
        "\ud800",
        "a" * 10**6,
        "e" + "\u0301" * 9_999,
    ],
)
def test_what_it_cannot_read_scores_near_the_base(text: str) -> None:
    assert abs(log_odds(model().score(text)) - model().base) < 0.5


def test_the_words_that_say_so_are_named() -> None:
    rude, *_ = rude_words()
    assert model().score(f"stasta brobro {rude} nunu").parts[0].text == rude


def test_a_word_is_named_in_the_longest_comment() -> None:
    rude, *_ = rude_words()
    assert rude in [part.text for part in model().score(f"{'nunu stasta ' * 400} {rude}").parts]


def test_saying_it_twice_says_no_more() -> None:
    once, often = (model().score(" ".join([rude_words()[0]] * times)) for times in (1, 50))
    assert log_odds(often) == pytest.approx(log_odds(once))
    assert [part.text for part in often.parts] == [part.text for part in once.parts]


def test_case_width_and_invisible_characters_hide_nothing() -> None:
    rude, *_ = rude_words()
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in rude)
    assert {model().score(text).probability for text in (rude.upper(), wide, "\u200b".join(rude))} == {
        model().score(rude).probability
    }


def test_words_are_named_in_parts_where_they_are_long() -> None:
    score = model().score("今" + "".join(map(chr, range(0x4E00, 0x4E00 + 300))))
    assert max(len(part.text) for part in score.parts) <= LONGEST_PART


def test_the_longest_comment_costs_little() -> None:
    text, classifier = plain_text(), model()

    def seconds() -> float:
        began = time.thread_time()
        classifier.score(text)
        return time.thread_time() - began

    assert min(seconds() for _ in range(20)) < SLOW


def test_it_is_a_classifier_with_a_name_and_a_version() -> None:
    classifier: Classifier = model()
    assert (classifier.name, len(classifier.version)) == ("local", 12)


def test_another_model_has_another_version() -> None:
    other = replace(model(), base=model().base + 0.1)
    assert other.version != model().version


def test_a_file_brings_the_same_model_back() -> None:
    again = Model.from_bytes(file())
    assert again.score(plain_text()) == model().score(plain_text())
    assert (again.version, again.report) == (model().version, model().report)


def test_a_file_is_small() -> None:
    assert len(file()) < 2 * BUCKETS


@given(st.data())
def test_a_damaged_file_is_refused(data: st.DataObject) -> None:
    damaged = bytearray(file())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="damaged"):
        Model.from_bytes(bytes(damaged))


@given(st.integers(0, 2_000))
def test_half_a_file_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r"damaged|short"):
        Model.from_bytes(file()[:length])


@given(st.binary(max_size=200))
def test_another_file_is_refused(content: bytes) -> None:
    for alien in (content, pickle.dumps(content), b"FORESAY\x01" + content):
        with pytest.raises(ValueError, match=r"damaged|short"):
            Model.from_bytes(alien)


def sealed(description: bytes, packed: bytes) -> bytes:
    return signed(struct.pack("<I", len(description)) + description + packed)


def signed(body: bytes) -> bytes:
    return b"FORESAY\x01" + hashlib.sha256(body).digest() + body


WEIGHTS = np.zeros(BUCKETS, dtype="<f2").tobytes()
NOT_A_NUMBER = np.full(BUCKETS, np.nan, dtype="<f2").tobytes()
REPORT = b'{"examples": 1, "removed": 1, "brier": 0.1, "calibration": [], "hold": null, "flag": null}'
GOOD = b'{"base": 0.5, "report": ' + REPORT + b"}"


def test_a_file_needs_nothing_but_weights_and_a_report() -> None:
    assert Model.from_bytes(sealed(GOOD, zlib.compress(WEIGHTS))).base == 0.5


@pytest.mark.parametrize(
    ("description", "packed"),
    [
        (b"", zlib.compress(WEIGHTS)),
        (b"\xff{}", zlib.compress(WEIGHTS)),
        (b"[]", zlib.compress(WEIGHTS)),
        (b"{}", zlib.compress(WEIGHTS)),
        (GOOD.replace(b"0.5", b"NaN"), zlib.compress(WEIGHTS)),
        (GOOD.replace(b"0.5", b'"0.5"'), zlib.compress(WEIGHTS)),
        (GOOD.replace(REPORT, b"7"), zlib.compress(WEIGHTS)),
        (GOOD.replace(b"brier", b"beer"), zlib.compress(WEIGHTS)),
        (GOOD.replace(b"[]", b"[1]"), zlib.compress(WEIGHTS)),
        (GOOD, WEIGHTS[:100]),
        (GOOD, zlib.compress(WEIGHTS[:-2])),
        (GOOD, zlib.compress(WEIGHTS[:-1])),
        (GOOD, zlib.compress(WEIGHTS + b"\0\0")),
        (GOOD, zlib.compress(NOT_A_NUMBER)),
        (GOOD, zlib.compress(bytes(10**8))),
    ],
)
def test_a_whole_file_that_is_no_model_is_refused(description: bytes, packed: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        Model.from_bytes(sealed(description, packed))


@pytest.mark.parametrize("body", [b"", b"\x00", b"\xff\xff\xff\xff{}"])
def test_a_whole_file_without_a_description_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        Model.from_bytes(signed(body))
