"""One condition of a moderation rule from what was typed, in YAML or in a form: each kind of value read strictly. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

from domain import rulepatterns, text
from domain.errors import N_, Invalid
from domain.rulebook import LONGEST_WORD, MOST_WORDS, Condition, Report, Value
from domain.rulefacts import CHOICES, MOST, Comparison, Fact, Kind

SYMBOLS = {
    ">": (Comparison.ABOVE,),
    ">=": (Comparison.AT_LEAST,),
    "<": (Comparison.BELOW,),
    "<=": (Comparison.AT_MOST,),
    "=": (Comparison.EQUALS, Comparison.IS),
    "!=": (Comparison.IS_NOT,),
}
YES, NO = {"yes", "true", "on"}, {"no", "false", "off"}
WHOLE_SHARE = 100  # per cent
LONGEST_QUOTED = 40  # characters of what was typed, where a problem repeats it

_WHOLE = re.compile(r"\d{1,7}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,7}(?:\.\d{1,2})?", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)  # what a column of ids holds
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_DASH = re.compile(r"\s*[-–]\s*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", re.ASCII)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])", re.ASCII)
_FRONT = re.compile(r"(?:[a-z]+://)?(?:www\.)?", re.IGNORECASE)


def read(fact: str, comparison: str, typed: Sequence[str], *, line: int | None, report: Report) -> Condition | None:
    """Return a condition, or nothing after its problem was noted."""
    asked = known(fact, Fact, line=line, report=report)
    how = None if asked is None else _comparison(Fact(asked), comparison, line, report)
    if asked is None or how is None:
        return None
    try:
        return Condition(Fact(asked), how, _value(Fact(asked), how, typed))
    except Invalid as refused:
        report.refusal(refused, line)
        return None


def known(name: str, names: Iterable[str], *, line: int | None, report: Report) -> str | None:
    """Return a name where it is one of these, or nothing after noting so, with the one that was likely meant."""
    tidy, may_be = name.strip().casefold().replace(" ", "_").replace("-", "_"), [str(one) for one in names]
    if tidy in may_be:
        return tidy
    near = get_close_matches(tidy[:LONGEST_WORD], may_be, n=1)
    if near:
        report.add(N_("“%(name)s” is not known here. Did you mean “%(meant)s”?"), line, name=quoted(name), meant=near[0])
    else:
        report.add(N_("“%(name)s” is not known here. What is: %(names)s."), line, name=quoted(name), names=", ".join(may_be))
    return None


def quoted(typed: str) -> str:
    """Return what was typed, harmless and short, for a problem to repeat."""
    return text.shortened(typed, LONGEST_QUOTED)


def host(address: str) -> str:
    """Return the domain of a web address or of a domain as typed, in the form that the network uses."""
    bare = _FRONT.sub("", address.strip(), count=1).split("/")[0].rstrip(".").lower()
    try:
        return bare.encode("idna").decode()
    except UnicodeError:
        return bare


def _comparison(fact: Fact, typed: str, line: int | None, report: Report) -> Comparison | None:
    can, sign = fact.comparisons, typed.strip()
    how = next((one for one in SYMBOLS.get(sign, ()) if one in can), None)
    if how is not None:
        return how
    name = sign if sign in SYMBOLS else known(typed, Comparison, line=line, report=report)
    if name is None or name in can:
        return Comparison(name) if name else None
    report.add(
        N_("“%(fact)s” cannot be compared by “%(comparison)s”. What fits it: %(names)s."),
        line,
        fact=str(fact),
        comparison=name,
        names=", ".join(can),
    )
    return None


def _value(fact: Fact, how: Comparison, typed: Sequence[str]) -> Value:
    if how is Comparison.MATCHES:
        return rulepatterns.checked(_one(typed))
    if fact in CHOICES:
        return _choices(typed, CHOICES[fact])
    value = _READERS[fact.kind](typed)
    if not isinstance(value, tuple | bool | str):
        _check_undecided(fact, how, value)
    return value


def _check_undecided(fact: Fact, how: Comparison, value: float) -> None:
    """Raise `Invalid` where the answer is the same for every text, whatever it is."""
    top = WHOLE_SHARE if fact.kind is Kind.PERCENT else None
    if (how is Comparison.AT_LEAST and value == 0) or (how is Comparison.AT_MOST and value == top):
        raise Invalid(N_("This holds for every text."))
    if (how is Comparison.BELOW and value == 0) or (how is Comparison.ABOVE and value == top):
        raise Invalid(N_("This holds for no text."))


def _one(typed: Sequence[str]) -> str:
    if len(typed) != 1:
        raise Invalid(N_("One value is needed here."))
    return typed[0]


def _several(typed: Sequence[str], read_one: Callable[[str], str]) -> tuple[str, ...]:
    """Return each value once, in the order in which they were typed."""
    values = tuple(dict.fromkeys(read_one(one) for one in typed if one.strip()))
    if not values:
        raise Invalid(N_("A value is missing."))
    if len(values) > MOST_WORDS:
        raise Invalid(N_("That are %(given)s values; %(most)s fit into one condition."), given=len(values), most=MOST_WORDS)
    return values


def _count(typed: Sequence[str]) -> int:
    one = _one(typed).strip()
    if not _WHOLE.fullmatch(one) or int(one) > MOST:
        raise Invalid(N_("“%(typed)s” is not a whole number from 0 to %(most)s."), typed=quoted(one), most=MOST)
    return int(one)


def _weight(typed: Sequence[str], most: int = MOST) -> float:
    one = _one(typed).strip()
    if not _DECIMAL.fullmatch(one) or float(one) > most:
        raise Invalid(N_("“%(typed)s” is not a number from 0 to %(most)s, such as 2 or 2.5."), typed=quoted(one), most=most)
    value = float(one)
    return int(value) if value.is_integer() else value


def _percent(typed: Sequence[str]) -> float:
    return _weight([_one(typed).strip().removesuffix("%").rstrip()], WHOLE_SHARE)


def _yes_or_no(typed: Sequence[str]) -> bool:
    one = _one(typed).strip().casefold()
    if one not in YES | NO:
        raise Invalid(N_("“%(typed)s” is neither yes nor no."), typed=quoted(one))
    return one in YES


def _choices(typed: Sequence[str], choices: tuple[str, ...]) -> tuple[str, ...]:
    report = Report()
    values = _several(typed, lambda one: known(one, choices, line=None, report=report) or "")
    for problem in report.problems:
        raise Invalid(problem.message, **problem.values)
    if len(values) == len(choices):
        raise Invalid(N_("All there are, are named: leave the condition out, or name fewer."))
    return values


def _names(typed: Sequence[str]) -> tuple[str, ...]:
    return _several(typed, _word)


def _word(typed: str) -> str:
    word = text.line(typed)
    if not word:
        raise Invalid(N_("A value is missing."))
    if len(word) > LONGEST_WORD:
        raise Invalid(N_("“%(typed)s” is too long: at most %(most)s characters."), typed=quoted(word), most=LONGEST_WORD)
    return word


def _languages(typed: Sequence[str]) -> tuple[str, ...]:
    return _several(typed, _language)


def _language(typed: str) -> str:
    code = typed.strip().lower()
    if not _LANGUAGE.fullmatch(code):
        raise Invalid(N_("“%(typed)s” is not the code of a language, such as en or pt-BR."), typed=quoted(typed))
    return code


def _domains(typed: Sequence[str]) -> tuple[str, ...]:
    return _several(typed, _domain)


def _domain(typed: str) -> str:
    domain = host(typed)
    if len(domain) > LONGEST_WORD or not _DOMAIN.fullmatch(domain):
        raise Invalid(N_("“%(typed)s” is not a domain, such as example.org."), typed=quoted(typed))
    return domain


def _numbers(typed: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in _several(typed, _number))


def _number(typed: str) -> str:
    one = typed.strip().removeprefix("#")
    if not _NUMBER.fullmatch(one):
        raise Invalid(N_("“%(typed)s” is not the number of an article."), typed=quoted(typed))
    return one


def _times(typed: Sequence[str]) -> tuple[str, str]:
    clocks = [_clock(one) for part in typed for one in _DASH.split(part.strip())]
    if len(clocks) != 2:  # noqa: PLR2004 - from and until
        raise Invalid(N_("Two times are needed: from when, and until when."))
    if clocks[0] == clocks[1]:
        raise Invalid(N_("The two times are the same."))
    return clocks[0], clocks[1]


def _clock(typed: str) -> str:
    found = _CLOCK.fullmatch(typed)
    if not found:
        raise Invalid(N_("“%(typed)s” is not a time of day, such as 06:30 or 22:00."), typed=quoted(typed))
    return f"{int(found[1]):02}:{found[2]}"


_READERS: dict[Kind, Callable[[Sequence[str]], Value]] = {
    Kind.TEXT: _names,
    Kind.COUNT: _count,
    Kind.WEIGHT: _weight,
    Kind.PERCENT: _percent,
    Kind.YES_OR_NO: _yes_or_no,
    Kind.NAME: _names,
    Kind.LANGUAGE: _languages,
    Kind.NUMBER: _numbers,
    Kind.DOMAINS: _domains,
    Kind.TIME: _times,
}
