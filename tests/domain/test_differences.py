from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain import differences
from domain.differences import Kind


def marked(old: str, new: str) -> str:
    signs = {Kind.KEPT: "{}", Kind.ADDED: "[+{}]", Kind.TAKEN: "[-{}]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in differences.between(old, new) or [])


def test_words_that_changed_are_marked() -> None:
    assert marked("The tolls end in May.", "The tolls never end in June.") == "The tolls [+never ]end in [-May.][+June.]"


def test_signs_of_scripts_without_spaces_are_compared_one_by_one() -> None:
    assert marked("橋は五月に開く", "橋は六月に開く") == "橋は[-五][+六]月に開く"


def test_texts_that_are_too_long_are_not_compared() -> None:
    half = "word " * (differences.MOST_WORDS // 2)
    assert differences.between(half, half) is not None
    assert differences.between(half, f"{half}more") is None


@given(st.text(alphabet="ab \n橋é.", max_size=40), st.text(alphabet="ab \n橋é.", max_size=40))
def test_both_texts_are_whole_in_the_pieces(old: str, new: str) -> None:
    pieces = differences.between(old, new) or []
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.ADDED).split() == old.split()
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.TAKEN) == new
