"""What the script of an open discussion says. Of a counted text it gets every form of the language, and picks by the number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from flask_babel import get_locale, gettext, ngettext

from blueprints.support.site import config

PLACE = "{count}"  # where the script puts the number
HIGHEST_TRIED = 200  # every form a language has for whole numbers is used below it, but for some languages' exact millions

Forms = dict[str, str]  # a text in each plural form, by the form's name in Unicode's rules


def live_texts() -> Mapping[str, str | Forms]:
    """Return the texts by their names in the script."""
    return _texts_in(config().locale, config().translations)


@cache
def _texts_in(_locale: str, _translations: object) -> Mapping[str, str | Forms]:
    """Return the texts in the site's language, which the arguments name."""
    return {
        "fresh": _forms(lambda n: ngettext("%(count)s new comment", "%(count)s new comments", n, count=PLACE)),
        "since": _forms(
            lambda n: ngettext("%(count)s new since your last visit", "%(count)s new since your last visit", n, count=PLACE)
        ),
        "fold": _forms(lambda n: ngettext("%(count)s new", "%(count)s new", n, count=PLACE)),
        "replies": _forms(lambda n: ngettext("%(count)s reply", "%(count)s replies", n, count=PLACE)),
        "new": gettext("New"),
        "gone": gettext("This comment is no longer shown."),
        "lost": gettext("Connection lost. Trying again."),
        "offline": gettext("There is no connection, so nothing was sent. Try again."),
        "failed": gettext("That did not work. Load the page again, then try once more."),
        "nothing": gettext("Nothing more is new on this page."),
        "collapse": gettext("Collapse all"),
        "expand": gettext("Expand all"),
    }


def _forms(text: Callable[[int], str]) -> Forms:
    locale = get_locale()
    if locale is None:
        return {"other": text(2)}
    samples: dict[str, int] = {}
    for number in range(HIGHEST_TRIED):
        samples.setdefault(locale.plural_form(number), number)
    return {"other": text(2), **{form: text(number) for form, number in samples.items()}}
