"""The day for which a question waits, where it names one: "by 1 May 2027", "in June", "before 2028". Pure; English only.

A number that may be anything else is no date: what is not read here, an editor sets.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.asking import QUOTATION
from domain.drafts import LONGEST_OPEN

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # how their names begin
_LEAP_YEARS_APART = 8  # at most
_LAST_MINUTE = time(23, 59)
_DEADLINES = {"by", "before", "until", "till"}
_NOT_WAITED_FOR = {"after", "as", "beyond", "earlier", "from", "like", "past", "since", "than", "the"}  # a word before

_LED = r"\b(?P<lead>(?i:by|before|until|till|on|in|during) )?(?P<end>(?i:the end of) )?"
_NUMBER_ENDS = r"(?![\w%]|[.,:/'’–-]\w)"  # 2,028 and 2027–28 and 5% go on
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
_DAY = rf"(?<![\w.,:/])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_NUMBER_ENDS}"
_FULL_MONTH = r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)\b"
_MONTH = rf"(?:{_FULL_MONTH}|(?P<short>Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_YEAR = rf"(?P<year>2\d{{3}}){_NUMBER_ENDS}"
_NO_NUMBER = r"(?<!\d )"  # before it
# Nothing after it makes an amount, a name or an attribute of it: "by 2028 votes", "May Day", "the May election".
_ALONE = (
    r"(?=$|[?!;)]|[,:.](?!\S)| (?:[–—(]|(?:and|or)\b(?! \d)|(?:again|at|after|as|be|because|before|but|despite|even|for|go|have|if|on"
    r"|take|under|when|while|will|with|without)\b))"
)
_END_OF_THE = re.compile(r"(\b[Tt]he end of )the(?= (?:month|year)\b)")
_WHOLE = (
    rf"{_LED}{_WEEKDAY}(?:the )?{_DAY} (?:of )?{_MONTH},? {_YEAR}",
    rf"{_LED}{_WEEKDAY}{_NO_NUMBER}{_MONTH} {_DAY},? {_YEAR}",
    rf"(?!\AMay\b){_LED}{_NO_NUMBER}{_MONTH} {_YEAR}",  # "May" may be a verb there
    rf"{_LED}(?P<which>this|next) (?P<unit>month|year){_ALONE}",
)
_ONLY_LED = (  # dates where "by" or its like, or "the end of", stands before them
    rf"{_LED}{_WEEKDAY}(?:the )?{_DAY} (?:of )?{_MONTH}",
    rf"{_LED}{_WEEKDAY}{_NO_NUMBER}{_MONTH} {_DAY}{_ALONE}",
    rf"{_LED}{_NO_NUMBER}{_FULL_MONTH}{_ALONE}",
    rf"{_LED}{_NO_NUMBER}{_YEAR}{_ALONE}",
)
_FORMS = [(re.compile(form), form in _ONLY_LED) for form in (*_WHOLE, *_ONLY_LED)]  # each is looked for in what the last left


def end_of_named_day(question: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the last minute, in UTC, of the day, month or year that a question asks about; those of `zone`, the site's.

    Nothing where it names none, or one that is over or too far off. A deadline goes before other days, the last before others.
    """
    last = now + LONGEST_OPEN
    found = [(is_deadline, place, end) for is_deadline, place, end in _ends(question, now, zone) if end <= last]
    return max(found)[2] if found else None


def _ends(question: str, now: datetime, zone: tzinfo) -> Iterator[tuple[bool, int, datetime]]:
    """Yield of each day still to come whether it is a deadline, where it stands, and when it is over."""
    for found in _dates(question):
        parts = found.groupdict()
        days = (datetime.combine(day, _LAST_MINUTE, zone) for day in _days(parts, now.astimezone(zone).date()))
        if end := next((end for end in days if end > now), None):
            yield bool(parts["end"]) or _lead(parts) in _DEADLINES, found.start(), end.astimezone(UTC)


def _dates(question: str) -> Iterator[re.Match[str]]:
    """Yield the dates for which the question waits, as far as the words beside them tell."""
    question = _END_OF_THE.sub(r"\1this", QUOTATION.sub("…", question))
    for form, has_to_be_led in _FORMS:
        for found in form.finditer(question):
            word_before = question[: found.start()].rstrip().rpartition(" ")[2].lower()
            if word_before not in _NOT_WAITED_FOR and (found["lead"] or found["end"] or not has_to_be_led):
                yield found
        question = form.sub(lambda found: "·" * len(found[0]), question)


def _days(parts: dict[str, str | None], today: date) -> Iterator[date]:
    """Yield the last day for which to wait, in each year that may be meant."""
    is_before = _lead(parts) == "before" and not parts["end"]
    for first, last in filter(None, (_period(*numbers) for numbers in _numbers(parts, today))):
        yield first - timedelta(days=1) if is_before else last


def _numbers(parts: dict[str, str | None], today: date) -> Iterator[tuple[int, int | None, int | None]]:
    """Yield the year, the month and the day that are named; nothing stands for the whole year and the whole month."""
    if parts.get("unit"):
        yield _relative(parts, today)
        return
    name, day = parts.get("month") or parts.get("short"), parts.get("day")
    month = _MONTHS.index(name[:3]) + 1 if name else None
    years = [int(year)] if (year := parts.get("year")) else range(today.year, today.year + _LEAP_YEARS_APART + 1)
    yield from ((each, month, int(day) if day else None) for each in years)


def _relative(parts: dict[str, str | None], today: date) -> tuple[int, int | None, None]:
    is_next = parts["which"] == "next"
    if parts["unit"] == "year":
        return today.year + is_next, None, None
    months = 12 * today.year + today.month - 1 + is_next
    return months // 12, months % 12 + 1, None


def _period(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    """Return the first and the last day of a year, a month or a day; nothing for one that no calendar has."""
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    last_month = month or 12
    return first, first if day else date(year, last_month, monthrange(year, last_month)[1])


def _lead(parts: dict[str, str | None]) -> str:
    return (parts["lead"] or "").strip().lower()
