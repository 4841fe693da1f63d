"""The area of the policy: who may enter and who may change, how much may be sent, and how a refusal is caught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext

from blueprints.support import guards
from blueprints.support.categories import CATEGORIES
from blueprints.support.errors import STATUS
from blueprints.support.pagination import MOST_DIGITS
from blueprints.support.readers import participant
from blueprints.support.security import SAFE_METHODS
from domain import permissions, policylog
from domain.errors import DomainError
from extensions import db
from models import Category, ModerationAct, ModerationEntry, WordList

LARGEST_SUBMIT = 4_000_000  # bytes: 20,000 words of the longest kind, so that too many get their own message
CHANGES_A_MINUTE = "60 per minute"  # of an address: a dry run takes seconds
FORMS = {"policy.new_clause", "policy.edit_clause", "policy.new_rule", "policy.edit_rule"}
READ_ONLY = {"policy.try_words"}  # sends a text, and changes nothing

bp = Blueprint("policy", __name__, url_prefix="/policy")
bp.before_request(guards.require_moderator)


@bp.url_value_preprocessor
def allow_more(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a request be larger here than elsewhere. Runs before anything else does; nothing is read until the guard agrees."""
    request.max_content_length = LARGEST_SUBMIT
    request.max_form_memory_size = LARGEST_SUBMIT


@bp.before_request
def may_change() -> None:
    """Let only editors change anything, or see a form for it."""
    is_reading = request.method in SAFE_METHODS and request.endpoint not in FORMS
    if not is_reading and request.endpoint not in READ_ONLY:
        policylog.check_may_change(participant())


@bp.app_template_global()
def can_change_policy() -> bool:
    """Whether whoever looks may change the policy, and not only read it."""
    return permissions.can_edit(participant())


@bp.app_template_filter()
def category_name(category: Category) -> str:
    """Return what a category is called."""
    return str(CATEGORIES[category])


@bp.app_template_filter()
def list_name(name: WordList) -> str:
    """Return what a list of words is called."""
    names = {
        WordList.BANNED: gettext("Banned"),
        WordList.SUSPECT: gettext("Suspect"),
        WordList.ALLOWED: gettext("Allowed"),
        WordList.ALLEGATION: gettext("Allegations"),
    }
    return str(names[name])


@bp.app_template_filter()
def what_was_done(entry: ModerationEntry) -> str:
    """Return what an entry about the policy did, in words."""
    did, _, _ = entry.detail.partition(" ")
    return str(gettext(policylog.DID[did])) if did in policylog.DID else did


@bp.app_template_filter()
def what_was_changed(entry: ModerationEntry) -> str:
    """Return the name of what an entry about the policy is about; of words the list, and how many they were."""
    name = entry.detail.partition(" ")[2]
    listed, _, count = name.partition(" ")
    if entry.act is ModerationAct.WORDS_CHANGED and listed in {one.value for one in WordList}:
        return f"{list_name(WordList(listed))} ({count})"
    return name


def whole(typed: str | None) -> int:
    """Return a number that a form carries unseen; 0 for what is none that the databases hold."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else 0


def tried(act: Callable[[], object]) -> DomainError | None:
    """Do something, or nothing of it, and return why not: the page says so beside what was typed."""
    try:
        with db.session.begin_nested():
            act()
    except DomainError as refusal:
        return refusal
    return None


def status_of(refusal: DomainError | None) -> int:
    """Return the status of a page that shows a refusal, or none."""
    return 200 if refusal is None else next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
