"""The lists of words as the newsroom changes them."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from sqlalchemy import select

from domain import wordlists
from domain.errors import Conflict, Forbidden, Invalid
from extensions import db
from models import ListedWord, ModerationAct, ModerationEntry, Reader, WordList

BANNED = WordList.BANNED


def on(name: WordList) -> list[str]:
    return [row.word for row in wordlists.listed(name).words]


def test_words_are_read_one_on_a_line_or_between_commas_each_once() -> None:
    read = wordlists.read("Idiot\r\n\n fool*, fool* ; ass hat\nx\nan*d")
    assert read.words == ("idiot", "fool*", "ass hat")
    assert [one.line for one in read.refused] == [4, 5]


def test_ten_thousand_pasted_words_are_listed_in_no_time(editor: Reader, now: datetime) -> None:
    pasted = "\n".join(f"word{number:05}x" for number in range(10_000))
    began = time.perf_counter()
    read = wordlists.read(pasted)
    added = wordlists.add(BANNED, read.words, by=editor, now=now)
    assert (added.new, added.known, read.refused) == (10_000, 0, ())
    assert wordlists.sizes()[BANNED] == 10_000
    assert time.perf_counter() - began < 20


def test_too_many_words_are_refused_whole(editor: Reader, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordlists, "MOST_LISTED", 3)
    wordlists.add(BANNED, ["one", "two"], by=editor, now=now)
    with pytest.raises(Invalid):
        wordlists.add(BANNED, ["two", "three", "four"], by=editor, now=now)
    assert sorted(on(BANNED)) == ["one", "two"]


def test_what_stands_there_is_counted_and_left_alone(editor: Reader, now: datetime) -> None:
    wordlists.add(BANNED, ["one", "two"], by=editor, now=now)
    added = wordlists.add(BANNED, ["two", "three"], by=editor, now=now)
    assert (added.new, added.known, wordlists.sizes()[BANNED]) == (1, 1, 3)


def test_a_removed_word_stays_as_a_row_and_can_be_listed_again(editor: Reader, now: datetime) -> None:
    wordlists.add(BANNED, ["one"], by=editor, now=now)
    row = wordlists.listed(BANNED).words[0]
    assert wordlists.remove(BANNED, [row.id], by=editor, now=now) == ["one"]
    with pytest.raises(Conflict):
        wordlists.remove(BANNED, [row.id], by=editor, now=now)
    wordlists.add(BANNED, ["one"], by=editor, now=now)
    assert len(db.session.scalars(select(ListedWord)).all()) == 2


def test_each_change_writes_what_it_changed(editor: Reader, now: datetime) -> None:
    wordlists.add(WordList.ALLOWED, ["scunthorpe", "penistone"], by=editor, now=now)
    entry = db.session.scalars(select(ModerationEntry).where(ModerationEntry.act == ModerationAct.WORDS_CHANGED)).one()
    assert (entry.detail, entry.note, entry.actor_id) == ("added allowed 2", "scunthorpe, penistone", editor.id)


def test_a_search_takes_letters_as_they_are(editor: Reader, now: datetime) -> None:
    wordlists.add(BANNED, ["fool*", "cool%", "tool"], by=editor, now=now)
    assert [row.word for row in wordlists.listed(BANNED, holding="L%").words] == ["cool%"]


def test_a_word_that_an_allowed_one_contains_is_never_found(editor: Reader, now: datetime) -> None:
    wordlists.add(WordList.ALLOWED, ["*bother*"], by=editor, now=now)
    assert wordlists.swallowed(["bother", "fool"]) == {"bother"}


def test_a_trial_says_which_words_of_which_list_are_found(editor: Reader, now: datetime) -> None:
    wordlists.add(BANNED, ["zounds"], by=editor, now=now)
    wordlists.add(WordList.SUSPECT, ["gadzooks"], by=editor, now=now)
    found = wordlists.found_in("You z0unds!")
    assert [(name, hit.word) for name, hits in found.items() for hit in hits] == [(BANNED, "zounds")]


def test_a_moderator_changes_nothing(moderator: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        wordlists.add(BANNED, ["one"], by=moderator, now=now)
