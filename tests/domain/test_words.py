from __future__ import annotations

import string
from contextlib import suppress
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.innocents import INNOCENT
from domain.words import MOST_HITS, TooMuch, WordList, checked
from tests.evasions import TECHNIQUES

# Mild and neutral words that are built like those a newsroom lists: short and long, with doubled letters, with every vowel.
_WORDS = """
    idiot moron cretin bastard scum wanker twat prick dickhead arsehole numbskull nitwit buffoon fool liar bozo loser coward
    vermin jackass
"""
_STEMS = "ass tit dick cock cunt sex rape anal cum hell spic hoe arse bum pig rat tard wank crap homo nig coon penis shit"
_INNOCENTS = """
    Scunthorpe Penistone Clitheroe Lightwater Essex Sussex Middlesex Wessex Massachusetts Swansea Arsenal Marseille
    Hancock Hitchcock Babcock Dickens Dickinson Dickson Sassoon Cumberland Cumbria Nigeria Niger Michelle Titan class
    grass brass passenger passport assassin assess assembly associate embarrass classic cassette ambassador compass
    document cucumber circumstances accumulate analysis canal banal analog title constitution institute institution
    gratitude attitude competition entitled cockpit cocktail peacock shuttlecock weathercock grape drape scrape
    skyscraper therapist therapeutic shell suspicious conspicuous specific hospice shoe horseshoe parsley sparse
    rehearse parson album bumper pigeon pigment democrat strategy custard mustard oxymoron familiar peculiar prickly
    swanky saltwater scrapbook homogeneous snigger raccoon cocoon shiitake Saturday evaluate legitimate
"""
WORDS, STEMS, INNOCENTS = (tuple(words.split()) for words in (_WORDS, _STEMS, _INNOCENTS))
SENTENCE = "Well, {} is what I would say, and nothing else."


def found(words: tuple[str, ...], text: str, allowed: tuple[str, ...] = ()) -> list[str]:
    return [text[hit.begin : hit.end] for hit in WordList(words, allowed).find(text)]


@pytest.mark.parametrize("star", ["", "*"])
def test_nearly_every_disguise_of_every_word_is_seen_through(star: str) -> None:
    listed = WordList(tuple(f"{star}{word}{star}" for word in WORDS), INNOCENT)
    missed = []
    for name, disguise in TECHNIQUES.items():
        for word in WORDS:
            hits = listed.find(SENTENCE.format(disguise(word, Random(name))))
            missed += [] if any(hit.word.strip("*") == word for hit in hits) else [(name, word)]
    assert len(TECHNIQUES) * len(WORDS) >= 16 * 20
    assert len(missed) <= 0.05 * len(TECHNIQUES) * len(WORDS), missed


def test_innocent_words_and_names_that_contain_a_listed_one_are_left_alone() -> None:
    assert len(INNOCENTS) >= 100
    words = STEMS + WORDS
    for listed in (WordList(words), WordList(tuple(f"*{word}*" for word in words), INNOCENT)):
        for disguise in (str, str.upper, str.capitalize):
            assert [hit for word in INNOCENTS for hit in listed.find(SENTENCE.format(disguise(word)))] == []


@pytest.mark.parametrize(
    "text",
    [
        "The pen is mine, as sad as it is; I was cum laude.",
        "On 4 May 455 people took the A55 at 5.15, and 88 of 1,488 came back.",
        "Is it as s.o.on as so-so? Ass-ume nothing.",
        "It was all in all a good show. Shell we? I'll tell.",
        "Foo? Yes - foo-1, fo*d and *as* it is.",
    ],
)
def test_words_that_only_meet_are_no_other_word(text: str) -> None:
    allowed = ("cum laude", "ass-ume")
    assert found(("penis", "ass", "cum", "sex", "hell", "fool", "tit", "god", "hit"), text, allowed) == []


@pytest.mark.parametrize(
    ("listed", "text", "expected"),
    [
        ("fool", "Fools and fool, foolish.", ["fool"]),
        ("fool*", "Fools and fool, foolish.", ["Fool", "fool", "fool"]),
        ("*fool", "Tomfool, tomfoolery.", ["fool"]),
        ("*fool*", "Tomfool, tomfoolery.", ["fool", "fool"]),
        ("shut up", "Shut  up! shutup. shut it up", ["Shut  up", "shutup"]),
        ("god", "Good god, goood!", ["god", "goood"]),
        ("ass", "As ass, a$$ and a s s, ass so.", ["ass", "a$$", "a s s", "ass"]),
        ("1488", "1488 and 14 88, iabb, 14888", ["1488"]),
        ("дурак", "Ты ДУРАК, д.у.р.а.к!", ["ДУРАК", "д.у.р.а.к"]),  # noqa: RUF001
        ("ηλίθιος", "ΗΛΊΘΙΟΣ", ["ΗΛΊΘΙΟΣ"]),
        ("馬鹿", "お前は馬鹿だ", ["馬鹿"]),
        ("strasse", "Straße", ["Straße"]),
    ],
)
def test_a_word_is_found_where_it_stands(listed: str, text: str, expected: list[str]) -> None:
    assert found((listed,), text) == expected


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("You 🅸🅳🅸🅾🆃!", "🅸🅳🅸🅾🆃"),
        ("a i d i o t b", "i d i o t"),
        ("an id&#105;ot", "id&#105;ot"),
        ("an i\u200bd\u200biot", "i\u200bd\u200biot"),
        ("an ʇoıpı", "ʇoıpı"),  # noqa: RUF001
        ("an id**io**t", "id**io**t"),
        ("an id*ot.", "id*ot"),
    ],
)
def test_what_is_marked_is_the_word_as_it_was_written(text: str, marked: str) -> None:
    assert found(("idiot",), text) == [marked]


@given(st.text(max_size=200), st.sampled_from(WORDS))
def test_places_lie_within_the_text(text: str, word: str) -> None:
    for hit in WordList((*WORDS, "*as*")).find(f"{text} {word} {text}"):
        assert 0 <= hit.begin < hit.end <= 2 * len(text) + len(word) + 2


NASTY = {
    "repeats": "a" * 20_000,
    "spelt": "a " * 10_000,
    "spelt words": " ".join("idiotmoroncretin" * 700),
    "look-alikes": "l1Ii|!" * 3_500,
    "covered": "i****t s*** " * 2_000,
    "towers": ("a" + "\u0336" * 40) * 500,
    "entities": "&#105;" * 3_500,
    "drawings": "|\\/" * 7_000,
    "links": "](" * 10_000,
    "gaps": "a" + " . " * 7_000,
}


@pytest.mark.parametrize("name", NASTY)
def test_no_text_keeps_a_worker_busy(name: str) -> None:
    listed = WordList((*WORDS, *(f"*{word}*" for word in WORDS), "a", "aa", "*a*a"))
    began = process_time()
    with suppress(TooMuch):  # which holds the text
        assert len(listed.find(NASTY[name])) <= MOST_HITS
    assert process_time() - began < 2


def test_ten_thousand_words_are_listed_and_looked_for_quickly() -> None:
    dice = Random(1)
    words = tuple("".join(dice.choices(string.ascii_lowercase, k=dice.randrange(4, 9))) for _ in range(10_000))
    began = process_time()
    listed = WordList(words)
    built, hits = process_time() - began, listed.find(" ".join(words))
    assert len(hits) == MOST_HITS
    assert (built < 10, process_time() - began - built < 2) == (True, True)


@pytest.mark.parametrize("typed", ["", "*", "a", "a*b", "…", "x" * 61, "\u200b\u200d", "* *"])
def test_what_would_be_found_everywhere_or_nowhere_cannot_be_listed(typed: str) -> None:
    with pytest.raises(Invalid):
        checked(typed)


def test_a_word_is_listed_on_one_line_and_in_lower_case() -> None:
    assert checked("  *Shut\n UP* ") == "*shut up*"


def test_a_rule_is_told_which_of_its_words_stand_in_a_text() -> None:
    contains = WordList(("fool", "rat"), ("rat race",)).among("A f0ol in the rat race, an 1diot.")
    assert (contains(("rat", "fool")), contains(("idiot", "fool")), contains(("liar",))) == (["fool"], ["idiot", "fool"], [])
