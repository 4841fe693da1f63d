from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ngrams import MOST_READ, folded, ngrams, text_of, within_words, words_at

HASHES = [1265183968701154227, 2781346787747903502]


def words(text: str, *, symbols: bool = True) -> str:
    return text_of(folded(text, symbols=symbols))


@pytest.mark.parametrize(
    "text",
    [
        "Fine Day",
        "fine   day",
        "\tFINE\n\nDAY ",
        "f\u200bine d\u00aday",
        "\ufb01ne day",
        "\uff46\uff49\uff4e\uff45 \uff44\uff41\uff59",
        "fine\u00a0day\ufe0f",
    ],
)
def test_case_width_gaps_and_invisible_characters_make_no_difference(text: str) -> None:
    assert words(text) == " fine day "


def test_a_run_of_one_character_is_cut() -> None:
    assert words("Sooooo good!!!!!") == " soo good!! "


def test_symbols_stay_within_words_where_they_are_asked_for() -> None:
    assert words("a*b (c) 🎉") == " a*b (c) 🎉 "
    assert words("a*b (c) 🎉", symbols=False) == " a b c "


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\x00\n"])
def test_a_text_without_words_is_a_single_space(text: str) -> None:
    assert words(text) == " "


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert words("a \ud800 b") == " a ? b "


def test_vowel_signs_belong_to_their_words() -> None:
    assert words("हिन्दी", symbols=False) == " हिन्दी "


def test_what_exceeds_the_limit_is_not_read() -> None:
    assert words("ab " * MOST_READ + "end") == words("ab " * MOST_READ)
    assert len(words("\ufdfa" * MOST_READ)) <= MOST_READ + 2  # one character that unfolds to eighteen


@given(st.text())
def test_words_stand_between_single_spaces(text: str) -> None:
    for symbols in (True, False):
        spaced = words(text, symbols=symbols)
        assert spaced[0] == spaced[-1] == " "
        assert spaced == "".join(f" {word}" for word in spaced.split()) + " "


@given(st.text(), st.integers(2, 5))
def test_ngrams_within_words_never_reach_from_one_word_into_another(text: str, size: int) -> None:
    codes = folded(text, symbols=True)
    spaced = text_of(codes)
    expected = [place for place in range(len(spaced) - size + 1) if " " not in spaced[place + 1 : place + size - 1]]
    assert within_words(codes, size).tolist() == expected


@given(st.text(), st.integers(2, 5))
def test_equal_ngrams_have_equal_hashes_and_others_do_not(text: str, size: int) -> None:
    codes = folded(text, symbols=True)
    spaced = text_of(codes)
    pieces = [spaced[place : place + size] for place in range(len(spaced) - size + 1)]
    assert (
        len(set(zip(pieces, ngrams(codes, size).tolist(), strict=True)))
        == len(set(pieces))
        == len(set(ngrams(codes, size).tolist()))
    )


def test_hashes_are_the_same_on_every_machine() -> None:
    assert ngrams(folded("ab", symbols=True), 3).tolist() == HASHES


def test_hashes_spread_evenly() -> None:
    codes = folded(" ".join(map(str, range(3_000))), symbols=True)
    counts = np.bincount((np.unique(ngrams(codes, 5)) >> np.uint64(61)).astype(int), minlength=8)
    assert counts.min() > 0.85 * counts.mean()


@given(st.text(), st.integers(1, 10))
def test_pieces_of_words_are_no_longer_than_asked_and_leave_nothing_out(text: str, longest: int) -> None:
    codes = folded(text, symbols=True)
    spaced, begins = text_of(codes), words_at(codes, longest).tolist()
    pieces = [spaced[begin:end].rstrip() for begin, end in pairwise([*begins, len(spaced)])]
    assert "".join(pieces) == spaced.replace(" ", "")
    assert all(0 < len(piece) <= longest and " " not in piece for piece in pieces)
