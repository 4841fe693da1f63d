from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.neighbours import bands, fingerprint, is_near, own_words, repeats, resemblance
from tests.corpora import opinion, with_other_words, with_typos

TEXT = "Honestly, the captain should never have cancelled the service without asking anybody who lives out there."
PRINT = -1734011591740313742  # of TEXT
PAIRS = 100
STRANGERS = 40
SENTENCES = [2, 3, 5]


def found(one: str, other: str) -> bool:
    """Whether the index leads from one text to the other, and the texts bear it out."""
    first, second = fingerprint(one), fingerprint(other)
    if first is None or second is None:
        return False
    return bool(set(bands(first)) & set(bands(second))) and is_near(first, second) and repeats(one, other)


Edit = Callable[[str, Random], str]
EDITS: dict[str, tuple[Edit, float]] = {
    "case and punctuation": (lambda text, _: text.upper().replace(".", " !!!").replace(",", ""), 1),
    "lines": (lambda text, _: text.replace(" ", "\n"), 1),
    "invisible characters": (lambda text, _: "\u200b".join(text), 1),
    "two typos": (lambda text, dice: with_typos(text, dice, 2), 0.97),
    "four typos": (lambda text, dice: with_typos(text, dice, 4), 0.9),
    "every twentieth word": (lambda text, dice: with_other_words(text, dice, 0.05), 0.97),
    "every tenth word": (lambda text, dice: with_other_words(text, dice, 0.1), 0.9),
    "a greeting": (lambda text, _: f"Hello all! {text} Thanks for reading.", 0.95),
    "one more sentence": (lambda text, dice: f"{text} {opinion(dice, 1)}", 0.8),
}


@pytest.mark.parametrize("sentences", SENTENCES)
@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_copy_is_found(edit: str, sentences: int) -> None:
    dice = Random(sentences)
    change, least = EDITS[edit]
    texts = [opinion(dice, sentences) for _ in range(PAIRS)]
    assert sum(found(text, change(text, dice)) for text in texts) >= least * PAIRS


@pytest.mark.parametrize("sentences", SENTENCES)
def test_other_texts_on_the_same_matter_are_no_repeats(sentences: int) -> None:
    texts = [opinion(Random(seed), sentences) for seed in range(STRANGERS)]
    assert not [pair for pair in combinations(texts, 2) if repeats(*pair)]


def test_few_other_texts_on_the_same_matter_have_to_be_compared() -> None:
    prints = [fingerprint(opinion(Random(seed), 3)) or 0 for seed in range(PAIRS)]
    assert sum(is_near(*pair) for pair in combinations(prints, 2)) < 0.1 * PAIRS * (PAIRS - 1) / 2


@pytest.mark.parametrize(
    "text", ["", "I agree", "I agree with every single word of this, well said!", "ha " * 500, "🎉" * 500, "…" * 99]
)
def test_what_readers_say_alike_by_chance_is_no_repeat(text: str) -> None:
    assert fingerprint(text) is None
    assert not repeats(text, text)


def test_a_quote_is_not_its_quoters_text() -> None:
    quote = "\n".join(f"> {line}" for line in (TEXT, TEXT[::-1]))
    assert fingerprint(f"{quote}\n\nI agree") is None
    assert fingerprint(f"  {quote}\n\n{TEXT}") == fingerprint(TEXT)
    assert own_words("> theirs\nmine > theirs\n\t>theirs") == "\nmine > theirs\n"


def test_fingerprints_are_the_same_on_every_machine() -> None:
    assert fingerprint(TEXT) == PRINT


@given(st.text(min_size=60, max_size=300))
def test_every_fingerprint_fits_a_signed_column(text: str) -> None:
    number = fingerprint(text)
    assert number is None or -(2**63) <= number < 2**63


@given(st.integers(-(2**63), 2**63 - 1))
def test_bands_hold_the_whole_fingerprint_and_say_their_place(number: int) -> None:
    found = bands(number)
    assert [band >> 16 for band in found] == [0, 1, 2, 3]
    assert sum((band & 0xFFFF) << 16 * (3 - place) for place, band in enumerate(found)) == number % 2**64


@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 8))
def test_half_of_the_bytes_have_to_be_equal(number: int, others: int) -> None:
    changed = (number % 2**64) ^ ((1 << 8 * others) - 1)
    other = changed - 2**64 if changed >> 63 else changed
    assert is_near(number, other) is (others <= 4)


def test_resemblance_is_the_share_of_common_pieces() -> None:
    other = TEXT + " " + "".join(map(chr, range(0x4E00, 0x4E00 + 40)))
    spaced = [f" {text.lower().replace(',', '').replace('.', '')} " for text in (TEXT, other)]
    pieces, others = ({text[place : place + 5] for place in range(len(text) - 4)} for text in spaced)
    assert resemblance(TEXT, other) == resemblance(other, TEXT) == len(pieces & others) / len(pieces | others)
    assert resemblance(TEXT, TEXT.upper()) == 1
