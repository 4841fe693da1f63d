"""The lists of words: adding many at once, taking some off, searching, and trying a text."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from blueprints.policy.area import CHANGES_A_MINUTE, bp, status_of, tried, whole
from blueprints.support.pagination import cursor
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import wordlists
from domain.errors import N_, DomainError, Invalid
from domain.wordlists import Added, Typed
from domain.words import Hit
from extensions import db, limiter
from models import WordList

MOST_CHOSEN = wordlists.WORDS_A_PAGE  # words taken off at once: what one page shows
WORDS = "/words/<any(banned, suspect, allowed, allegation):listed>"


@dataclass(kw_only=True)
class WordsPage:
    """A list of words, and what was typed on its page."""

    name: WordList
    sought: str = ""
    after: int | None = None
    typed: str = ""
    read: Typed | None = None
    refusal: DomainError | None = None
    trial: str = ""
    found: dict[WordList, list[Hit]] | None = None
    warned: list[str] = field(default_factory=list)


@bp.get("/words", defaults={"listed": "banned"})
@bp.get(WORDS)
def list_words(listed: str) -> ResponseReturnValue:
    """Show a list, or the words of it that hold some letters."""
    return _page(WordsPage(name=WordList(listed), sought=request.args.get("q", "")[:100], after=cursor("after")))


@bp.post(WORDS)
@limiter.limit(CHANGES_A_MINUTE)
def add_words(listed: str) -> ResponseReturnValue:
    """Put words on a list. Where some cannot be listed nothing is done, until the editor says to leave those out."""
    page = WordsPage(name=WordList(listed), typed=request.form.get("words", ""))
    page.read = wordlists.read(page.typed)
    done: list[Added] = []
    if page.read.refused and request.form.get("step") != "rest":
        page.refusal = Invalid(N_("Some lines cannot be listed, so nothing was added yet. What you pasted is kept."))
    else:
        given = page.read.words
        page.refusal = tried(lambda: done.append(wordlists.add(page.name, given, by=participant(), now=utc_now())))
    if page.refusal:
        return _page(page)
    db.session.commit()
    _tell(page, done[0])
    return redirect(url_for("policy.list_words", listed=listed), 303)


@bp.post(f"{WORDS}/removal")
@limiter.limit(CHANGES_A_MINUTE)
def remove_words(listed: str) -> ResponseReturnValue:
    """Take words off a list."""
    chosen = [whole(one) for one in request.form.getlist("word")[:MOST_CHOSEN]]
    page = WordsPage(name=WordList(listed))
    if not chosen:
        page.refusal = Invalid(N_("No word was chosen."))
        return _page(page)
    page.refusal = tried(lambda: wordlists.remove(page.name, chosen, by=participant(), now=utc_now()))
    if page.refusal:
        return _page(page)
    db.session.commit()
    flash(ngettext("%(num)s word was taken off the list.", "%(num)s words were taken off the list.", len(chosen)), "done")
    return redirect(url_for("policy.list_words", listed=listed), 303)


@bp.post(f"{WORDS}/trial")
def try_words(listed: str) -> ResponseReturnValue:
    """Say which listed words stand in a text, as screening would find them. Changes nothing."""
    page = WordsPage(name=WordList(listed), trial=request.form.get("text", "")[: wordlists.LONGEST_TRIAL])

    def look() -> None:
        page.found = wordlists.found_in(page.trial)

    page.refusal = tried(look)
    return _page(page)


def _tell(page: WordsPage, added: Added) -> None:
    """Say what became of the words, and which of them will never be found."""
    said = ngettext("%(num)s word was added.", "%(num)s words were added.", added.new)
    if added.known:
        said += " " + ngettext("%(num)s stood there already.", "%(num)s stood there already.", added.known)
    left_out = len(page.read.refused) if page.read else 0
    if left_out:
        said += " " + ngettext("%(num)s was left out.", "%(num)s were left out.", left_out)
    flash(said, "done")
    words = page.read.words if page.read else ()
    lost = sorted(wordlists.swallowed(words) if page.name in wordlists.FINDING else wordlists.swallowed_by(words))
    if lost:
        named = ", ".join(f"“{word}”" for word in lost[:5])
        told = ngettext(
            "%(words)s will never be found: an allowed word contains it.",
            "%(words)s and others (%(num)s altogether) will never be found: allowed words contain them.",
            len(lost),
            words=named,
        )
        flash(told, "wrong")


def _page(page: WordsPage) -> ResponseReturnValue:
    listed = wordlists.listed(page.name, holding=page.sought, after=page.after)
    lost = wordlists.swallowed(row.word for row in listed.words) if page.name in wordlists.FINDING else frozenset()
    shown = render_template(
        "policy/words.html", page=page, listed=listed, lost=lost, sizes=wordlists.sizes(), most_told=wordlists.MOST_TOLD
    )
    return shown, status_of(page.refusal)


def said_of(found: dict[WordList, list[Hit]]) -> str:
    """Return in a sentence what becomes of a text with these words."""
    if found[WordList.BANNED]:
        return str(gettext("It would wait for a moderator."))
    if found[WordList.SUSPECT]:
        return str(gettext("It would wait, unless a moderator has approved its author before; then moderators are told."))
    if found[WordList.ALLEGATION]:
        return str(gettext("It would wait under a sensitive article that names somebody."))
    return str(gettext("No listed word is found in it."))


bp.add_app_template_filter(said_of)
