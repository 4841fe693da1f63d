"""The checks a text passes, in their order. Each is handed the text with what is known of it, and says what it found.

None refuses: a text that is not taken never comes here. One that breaks is no concern of its own: whoever runs it
(`domain.screening`) lets the text wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain import allegations, linkchecks, repeats
from domain.classifier import Advice
from domain.rulechecks import rules
from domain.screened import Text, Verdict, among, places
from domain.words import MOST_HITS, Hit
from models import Finding, LegalState
from models import WordList as ListName

MOST_TOLD = 5  # words, domains and the like that a verdict names in its one line

Check = Callable[[Text], Iterable[Verdict]]


def legal(text: Text) -> Iterable[Verdict]:
    """Let texts wait under an article whose legal state asks for it."""
    if text.article is not None and text.article.forces_review:
        yield Verdict("legal", Finding.HOLD, text.article.legal_state.value)


def sanctioned(text: Text) -> Iterable[Verdict]:
    """Let a text wait whose author is under the sanction that says so. Those that silence refused it before."""
    if text.is_held:
        yield Verdict("sanction", Finding.HOLD)


def repeated(text: Text) -> Iterable[Verdict]:
    """Let a text wait that its author or somebody else has posted before, whole or nearly."""
    found = repeats.earlier(text.body, by=text.by, now=text.now, of=text.of)
    if found is not None:
        evidence = {"comment": found.comment_id, "resemblance": round(found.resemblance, 2)}
        yield Verdict("repeat" if found.is_own else "repeat_of_others", Finding.HOLD, evidence=evidence)


def listed_words(text: Text) -> Iterable[Verdict]:
    """Let a text wait for a banned word; for a suspect one too, unless its author is trusted: then moderators are told."""
    lists = text.kept.lists
    for name in (ListName.BANNED, ListName.SUSPECT):
        hits = [hit for hit in text.hits if hit.word in lists.words[name]]
        if hits:
            waits = name is ListName.BANNED or not text.is_trusted
            finding = Finding.HOLD if waits else Finding.FLAG
            hits = hits[:MOST_HITS]
            yield Verdict(f"{name.value}_words", finding, _told(hits), lists.version, evidence=places(hits))


def alleged(text: Text) -> Iterable[Verdict]:
    """Let a text wait that says something of a named person under an article where that may be defamation or contempt."""
    article = text.article
    if article is None or not (article.is_sensitive or article.legal_state is not LegalState.NONE):
        return
    found = allegations.allegation(text.body, text.subjects, text.kept.lists.claims)
    if found is not None:
        hits = [hit for hit in (found.subject, found.claim) if hit is not None]
        version = max(text.kept.lists.version, 1)
        yield Verdict("allegation", Finding.HOLD, _told(hits), version, evidence=places(hits))


def links(text: Text) -> Iterable[Verdict]:
    """Let a text wait for a link to a listed domain, for too many, and for any from an author without approvals."""
    if not text.links:
        return
    lists = text.kept.lists.words
    domains = linkchecks.domains(text.links)
    if listed := [one for one in domains if linkchecks.is_within(one, lists[ListName.BANNED])]:
        yield Verdict("link_domains", Finding.HOLD, among(listed, MOST_TOLD), evidence={"domains": listed})
    if len(text.links) > linkchecks.MOST_LINKS:
        yield Verdict("many_links", Finding.HOLD, str(len(text.links)))
    known = lists[ListName.ALLOWED]
    if not all(linkchecks.is_within(one, known) for one in domains) and not text.is_trusted:
        yield Verdict("links", Finding.HOLD, text.links[0][:200])


def classified(text: Text) -> Iterable[Verdict]:
    """Ask the classifier, which may let a text wait or mark it, and never says more."""
    scored = text.scored
    if scored is None or scored.score.advice is Advice.PASS:
        return
    score = scored.score
    evidence = {
        "name": scored.name,
        "version": scored.version,
        "base": score.base,
        "parts": [[part.text, part.adds] for part in score.parts],
        "rest": score.rest,
    }
    finding = Finding.HOLD if score.advice is Advice.HOLD else Finding.FLAG
    yield Verdict("classifier", finding, model_id=scored.model_id, score=score.probability, evidence=evidence)


def new_author(text: Text) -> Iterable[Verdict]:
    """Let the first comment of a guest wait, and those of an account of which some were removed and none approved."""
    if text.is_trusted:
        return
    if text.by.is_guest:
        yield Verdict("new_author", Finding.HOLD)
    elif text.had_one_removed:
        yield Verdict("low_trust", Finding.HOLD)


def _told(hits: Iterable[Hit]) -> str:
    return among(dict.fromkeys(hit.word for hit in hits), MOST_TOLD)


CHECKS: tuple[tuple[str, Check], ...] = (
    ("legal", legal),
    ("sanction", sanctioned),
    ("repeat", repeated),
    ("banned_words", listed_words),
    ("allegation", alleged),
    ("links", links),
    ("rules", rules),
    ("classifier", classified),
    ("new_author", new_author),
)
