"""What can be followed, by the names it has in addresses, and what is said about following it."""

from __future__ import annotations

import enum

from flask_babel import gettext

from blueprints.support.pagination import MOST_DIGITS
from blueprints.support.readers import current_reader
from domain import articles, comments, predictions, readers
from domain.errors import N_, Missing
from domain.following import Followable


class Topic(enum.Enum):
    """What kind of thing is followed."""

    ARTICLE = "article"
    THREAD = "thread"
    PREDICTION = "prediction"
    READER = "reader"


def found(topic: str, key: str) -> Followable:
    """Return the thing of that kind and name that the asker may see: an article by its slug, a thread by any comment in it,
    a prediction by its number, a reader by their public one. Raises `Missing` for any other."""
    match topic:
        case Topic.ARTICLE.value:
            return articles.shown_to(current_reader(), key)
        case Topic.THREAD.value:
            return comments.visible_to(current_reader(), _number(key))
        case Topic.PREDICTION.value:
            return predictions.shown_to(current_reader(), _number(key))
        case Topic.READER.value:
            return readers.shown_as(key)
    raise Missing(N_("There is no such page."))


def said(*, is_followed: bool, is_new: bool) -> str:
    """Return what is said to the reader."""
    if is_followed:
        return gettext("You will hear what is new.") if is_new else gettext("You follow this already.")
    return gettext("You no longer follow this.") if is_new else gettext("You were not following this.")


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) <= MOST_DIGITS):
        raise Missing(N_("There is no such page."))
    return int(key)
