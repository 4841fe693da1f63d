"""Texts, numbers and instants in the site's language, quickly: a page of comments asks for hundreds of them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from babel.dates import format_skeleton
from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import format_date, format_datetime, format_decimal, get_locale, get_timezone, get_translations

from blueprints.support.site import config
from domain.points import written

REMEMBERED = 4_096  # words for instants and numbers: more than the busiest pages have between them


def bind(app: Flask) -> None:
    """Let templates find the language's texts once a request, not once a text."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # of Jinja's i18n extension
        gettext=lambda text: _texts().ugettext(text),
        ngettext=lambda one, more, count: _texts().ungettext(one, more, count),
        newstyle=True,
    )


def number(value: float) -> str:
    """Return a number with the language's separators."""
    return _number(value, config().locale)


def decimal(value: float, places: int) -> str:
    """Return a figure with so many places after the point; one that rounds to nothing has no sign."""
    return str(format_decimal(round(value, places) + 0.0, f"#,##0.{'0' * places};−#,##0.{'0' * places}"))


def points(value: float) -> str:
    """Return the points of a score, with their sign."""
    return written(value, get_locale())


def day(value: datetime) -> str:
    """Return the day of an instant in the site's zone."""
    return _day(_minute(value), config().locale, config().timezone)


def instant(value: datetime) -> str:
    """Return an instant to the minute in the site's zone, which it names."""
    return _instant(_minute(value), config().locale, config().timezone)


def time_mark(value: datetime, form: str) -> str:
    """Return what is written of an instant below a chart, in the site's zone; the forms are those of `charts.axes`."""
    return _time_mark(_minute(value), form, config().locale, config().timezone)


def _texts() -> NullTranslations:
    if "texts" not in g:
        g.texts = get_translations()
    texts: NullTranslations = g.texts
    return texts


def _minute(value: datetime) -> datetime:
    return value.replace(second=0, microsecond=0)


# The site's language and zone are arguments, though Flask-Babel knows them: what is remembered belongs to them.


@lru_cache(REMEMBERED)
def _number(value: float, _locale: str) -> str:
    return str(format_decimal(value))


@lru_cache(REMEMBERED)
def _day(value: datetime, _locale: str, _timezone: str) -> str:
    return str(format_date(value, "long"))


@lru_cache(REMEMBERED)
def _instant(value: datetime, _locale: str, timezone: str) -> str:
    return f"{format_datetime(value, 'd MMMM y, HH:mm')} {timezone}"


@lru_cache(REMEMBERED)
def _time_mark(value: datetime, form: str, _locale: str, _timezone: str) -> str:
    match form:
        case "time":
            return str(format_datetime(value, "HH:mm"))
        case "month":
            return str(format_datetime(value, "LLL"))
        case "day_time":
            return f"{_skeleton('MMMd', value)}, {format_datetime(value, 'HH:mm')}"
    return _skeleton({"day": "MMMd", "month_year": "yMMM", "year": "y"}[form], value)


def _skeleton(skeleton: str, value: datetime) -> str:
    return str(format_skeleton(skeleton, value, tzinfo=get_timezone(), locale=get_locale()))
