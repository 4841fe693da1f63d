"""What templates may call: numbers, times and names in the site's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import get_locale, gettext
from jinja2 import StrictUndefined

from blueprints.support import language
from blueprints.support.language import day, decimal, instant, number, points, time_mark
from blueprints.support.links import links_to, page_of
from blueprints.support.live_texts import live_texts
from blueprints.support.site import absolute_url, config, utc_now
from blueprints.support.track_record import skill_interval
from domain import comments, leaderboards, notifications, permissions, resolutions, text, wording
from domain.commentviews import Author
from domain.ranking import is_common_ground
from domain.runoff import TieBreak
from domain.threads import Sort
from models import Article, Camp, CommentState, PollKind, QuestionAct, Reader, ReferralKind, ReportReason, Role, Tier, Verdict

CALLED: tuple[Callable[..., Any], ...] = (
    *(absolute_url, links_to, page_of, live_texts, skill_interval, is_common_ground),
    *(permissions.can_moderate, permissions.can_edit, permissions.can_pick),
    *(notifications.unread_count, resolutions.disputable_until),
)


def bind(app: Flask) -> None:
    """Give templates the site's filters and functions. A misspelt variable is an error, not a blank."""
    language.bind(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.loopcontrols")
    for function in (percent, number, decimal, points, day, instant, time_mark, reader_name, host, text.gist):
        app.add_template_filter(function)
    # globals, because a macro does not see what context processors give
    app.jinja_env.globals.update(
        {
            kind.__name__: kind
            for kind in (
                Camp,
                CommentState,
                PollKind,
                QuestionAct,
                ReferralKind,
                ReportReason,
                Role,
                Sort,
                Tier,
                TieBreak,
                Verdict,
            )
        }
    )
    app.jinja_env.globals["LONGEST_COMMENT"] = comments.LONGEST
    app.jinja_env.globals["MOST_RANKED"] = wording.MOST_RANKED
    app.jinja_env.globals["LEAST_QUESTIONS"] = leaderboards.LEAST_QUESTIONS
    for called in CALLED:
        app.add_template_global(called)
    app.context_processor(_site)


def percent(share: float) -> str:
    """Return a share from 0 to 1 as a whole percentage; what is more than nothing is never shown as nothing."""
    if 0 < share < 0.005:  # noqa: PLR2004 - what would round to zero
        return gettext("under %(number)s %%", number=number(1))
    return gettext("%(number)s %%", number=number(round(share * 100)))


def reader_name(reader: Reader | Author) -> str:
    """Return the name a reader is shown by: an account's own, a guest's number."""
    return reader.name or gettext("Guest %(number)s", number=reader.public_id[:4].upper())


def host(url: str) -> str:
    """Return the host of an address, as the text of a link to it."""
    return urlsplit(url).hostname or url


def minutes_to_read(article: Article) -> int:
    """Return how long the article takes to read, at 230 words a minute."""
    return max(1, round(len(article.body_source.split()) / 230))


def _site() -> dict[str, object]:
    locale = get_locale()
    return {
        "site_name": config().site_name,
        "language": str(locale or "en").replace("_", "-"),
        "direction": locale.text_direction if locale else "ltr",
        "now": utc_now(),
        "minutes_to_read": minutes_to_read,
    }
