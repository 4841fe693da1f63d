"""A named person and an allegation in one text, which under an article with a case behind it can be defamation or contempt. Pure.

It judges nothing: who reads it decides. So it would rather ask once too often, and it is asked of marked articles only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from domain.words import Hit, WordList

LEAST_OF_A_NAME = 3  # letters of a part of a name that can stand for its bearer: not "de", "van" or "Al"
MOST_SUBJECTS = 50  # of an article: more are a list, and no case
_PARTICLES = {"von", "van", "der", "den", "del", "della", "dos", "bin", "ibn", "sir", "mrs", "the", "and", "und", "las", "los"}

_ENGLISH = """
    abuser abused abuses accomplice arsonist assaulted blackmail* bribe* briber* burgl* cheated cheats conman con-man conned
    corrupt corruption cover-up* crook* criminal* culprit* defraud* drug-dealer* embezzl* extort* fake* faked felon* forged forger
    fraud* gangster* groomed groomer* guilty harassed harasser killed killer killers kickback* launder* liar* lied lying
    manslaughter molest* monster murdered murderer* murderous nonce* paedo* pedo* perjur* perpetrator* perp predator* racist*
    raped rapes rapist* robbed robber* scam* scammer* shoplift* smuggl* stole stolen swindl* terrorist* thief thieves
    trafficker* trafficked traitor* vandal* fascist* nazi* did&it got&away&with should&be&in&jail belongs&in&prison rot&in&jail
    rot&in&prison lock&him&up lock&her&up lock&them&up throw&away&the&key as&guilty&as
"""
_GERMAN = """
    betrogen betrug* betrüger* bestochen bestechlich* dieb diebe diebin* erpress* fälscher* gelogen gestohlen hinterzog* kinderschänder*
    korrupt* kriminell* lügner* lügt missbraucht* mörder* ermordet nazi* schuldig* schwindler* straftäter* täter* unterschlagen
    unterschlug veruntreut* vergewaltig* verbrecher* hat&es&getan in&den&knast gehört&eingesperrt
"""
_FRENCH = """
    assassin* corrompu* coupable* criminel* escroc* fraudeur* menteu* menti meurtri* pédophile* tricheu* violeur* voleur* volé
    agresseur* blanchiment détourn* pot-de-vin pots-de-vin
"""
_SPANISH = """
    asesin* corrupt* corrupción criminal* culpable* delincuente* estafador* estafó fraude* ladrón ladrones ladrona* mentiroso*
    mentirosa* mintió pedófilo* robó soborn* violador* blanqueo malvers*
"""
ALLEGATIONS = tuple(
    dict.fromkeys(word.replace("&", " ") for words in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH) for word in words.split())
)


@dataclass(frozen=True)
class Allegation:
    """What was found: where somebody is named, none where the article names nobody, and what is said of them."""

    subject: Hit | None
    claim: Hit


def allegation(text: str, subjects: Iterable[str] = (), claims: WordList | None = None) -> Allegation | None:
    """Return the first name of a subject and the first allegation in a text; nothing where either is missing.

    Where no subject is named everybody knows who "he" is, so that the allegation alone is enough. Raises `words.TooMuch`.
    """
    names = subject_names(subjects)
    claimed = (claims or _claims()).find(text)
    if not claimed or not names:
        return Allegation(None, claimed[0]) if claimed else None
    named = _named(names).find(text)
    return Allegation(named[0], claimed[0]) if named else None


def subject_names(subjects: Iterable[str]) -> tuple[str, ...]:
    """Return what people are called by: whole names, and each part that is no particle."""
    found: dict[str, None] = {}
    for subject in list(subjects)[:MOST_SUBJECTS]:
        name = " ".join(subject.replace("*", " ").split()).casefold()
        parts = [part for part in name.split() if len(part) >= LEAST_OF_A_NAME and part not in _PARTICLES]
        found |= dict.fromkeys([name, *parts] if name else [])
    return tuple(found)


@lru_cache(1)
def _claims() -> WordList:
    return WordList(ALLEGATIONS)


@lru_cache(256)
def _named(names: tuple[str, ...]) -> WordList:
    return WordList(names)
