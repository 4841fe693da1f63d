"""The words of the mails that bring a reader their news, written when a mail is sent.

None of them holds a take, a prediction or a figure of others, so results that are hidden stay hidden. What a reader typed stands
behind a mark on every line and cannot pass for ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import get_locale, gettext, ngettext

from config import Config
from domain import mailing, points, receipts, text, verdicts
from domain.notifications import Told
from models import Comment, NotificationKind, OutgoingMail, Reader

LONGEST_ALONE = 1_000  # characters of a comment in a mail of its own
LONGEST_IN_DIGEST = 300


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The words of a mail."""

    subject: str
    body: str


def letter_for(mail: OutgoingMail) -> Letter | None:
    """Return the words of a mail, from what can be read now; nothing where nothing is left to tell."""
    count, items = mailing.told_in(mail)
    if not items:
        return None
    if count == 1:
        subject = _headline(items[0])
        body = _item(items[0], LONGEST_ALONE)
    else:
        subject = ngettext(
            "%(num)s thing you follow at %(site)s", "%(num)s things you follow at %(site)s", count, site=_config().site_name
        )
        body = _digest(items, count)
    return Letter(subject=text.line(subject), body=f"{body}\n\n{_foot(mail)}")


def unsubscribe_path(reader_id: int) -> str:
    """Return where one click ends a reader's mail."""
    return _path("notifications.unsubscribe", token=mailing.token_for(reader_id, secret=_config().secret_key))


def sentence(told: Told) -> str:
    """Return what is said of one thing, in the site's language."""
    return str(gettext(told.sentence, name=_name(told.author)))


def path_of(told: Told) -> str:
    """Return where one thing can be read. What was decided about oneself, by its receipt: whoever was signed out can read it too."""
    if told.entry is not None:
        return _path_of_decision(told)
    if told.comment is not None:
        return f"{_path('comments.show', comment_id=told.comment.id)}#comment-{told.comment.id}"
    return f"{_path('articles.show', slug=told.article.slug)}#say" if told.article else _path("notifications.index")


def _path_of_decision(told: Told) -> str:
    if told.notification.kind is NotificationKind.DECISION and told.statement_id is not None:
        token = receipts.token_of(receipts.STATEMENT, told.statement_id, secret=_config().secret_key)
        return _path("statements.receipt", token=token)
    if told.judged is not None and verdicts.is_readable(told.judged.state):
        return f"{_path('comments.show', comment_id=told.judged.id)}#comment-{told.judged.id}"
    if told.notification.kind is NotificationKind.DECISION:
        return _path("statements.index")
    return _path("articles.show", slug=told.article.slug) if told.article else _path("notifications.index")


def _headline(told: Told) -> str:
    return f"{sentence(told)}: {told.article.headline}" if told.article else sentence(told)


def _digest(items: Sequence[Told], count: int) -> str:
    parts = [_item(told, LONGEST_IN_DIGEST) for told in items]
    if more := count - len(items):
        parts.append(gettext("And %(number)s more:", number=more) + f"\n\n{_link('notifications.index')}")
    return "\n\n\n".join(parts)


def _item(told: Told, most: int) -> str:
    return "\n\n".join([_headline(told), *_said(told, most), _config().site_url + path_of(told)])


def _said(told: Told, most: int) -> list[str]:
    if told.comment is not None:
        return [_quoted(_words_of(told.comment, most), most)]
    if told.prediction is None:
        return []
    ending = told.outcome.label if told.outcome else _quoted(told.resolution.note, most) if told.resolution else ""
    return [f"{told.prediction.question}\n{ending}".strip(), *_how_they_did(told)]


def _how_they_did(told: Told) -> list[str]:
    if not told.fate:
        return []
    by_how_much = (
        gettext("Against the other readers: %(points)s points.", points=points.written(told.points, get_locale()))
        if told.points is not None
        else ""
    )
    return [f"{gettext(told.fate)} {by_how_much}".rstrip()]


def _words_of(comment: Comment, most: int) -> str:
    """Return what a comment's author says, without markup: on the lines it has, or the beginning where it has more characters."""
    own = text.own_part(comment.body_html)
    lines = text.lines_of(own)
    return lines if len(lines) <= most else text.excerpt(own, most)


def _quoted(words: str, most: int) -> str:
    """Return plain text, each line behind a mark."""
    whole = words if len(words) <= most else text.shortened(words, most)
    return "\n".join(f"> {line}".rstrip() for line in whole.splitlines())


def _foot(mail: OutgoingMail) -> str:
    ending = gettext("No more of these mails: %(link)s", link=f"{_config().site_url}{mail.unsubscribe_path}")
    pace = gettext("How often they come: %(link)s", link=_link("notifications.settings"))
    return f"-- \n{_config().site_name}\n{_config().site_url}\n\n{ending}\n{pace}\n"


def _name(reader: Reader | None) -> str:
    if reader is None:
        return ""
    return reader.name or str(gettext("Guest %(number)s", number=reader.public_id[:4].upper()))


def _link(endpoint: str) -> str:
    return _config().site_url + _path(endpoint)


def _path(endpoint: str, **values: object) -> str:
    return current_app.url_map.bind("").build(endpoint, values)


def _config() -> Config:
    config: Config = current_app.extensions["foresay"]
    return config
