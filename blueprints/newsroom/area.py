"""The newsroom's area: who may enter, how much may be sent, and how a refusal is caught."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, after_this_request, request

from blueprints.support import guards
from blueprints.support.errors import STATUS, explained
from domain.errors import DomainError
from extensions import db

ARTICLE = "/articles/<int:article_id>"
LARGEST_SUBMIT = 12_000_000  # bytes: a file that is far too large still gets its own message, with what was typed
LONGEST_TYPED = 4_000_000  # bytes of typed text: far more than an article may have, for the same reason

bp = Blueprint("newsroom", __name__, url_prefix="/newsroom")
bp.before_request(guards.require_editor)
bp.add_app_template_filter(explained)


@bp.url_value_preprocessor
def allow_more(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a request be larger here than elsewhere. Runs before anything else does; nothing is read until the guard agrees."""
    request.max_content_length = LARGEST_SUBMIT
    request.max_form_memory_size = LONGEST_TYPED


@bp.before_request
def receive() -> None:
    """Take in what is sent before a transaction begins, so that a slow upload delays nobody."""
    if request.method == "POST":
        db.session.rollback()  # finding out who is asking began one
        uploads = request.files.values()

        @after_this_request
        def put_away(response: Response) -> Response:
            for upload in uploads:
                upload.close()
            return response


@dataclass
class Attempt:
    """What became of an attempt."""

    refusal: DomainError | None = None


@contextmanager
def attempt() -> Iterator[Attempt]:
    """Do what is inside, or nothing of it; a refusal is kept, so that the form can say it beside what was typed."""
    tried = Attempt()
    try:
        with db.session.begin_nested():
            yield tried
    except DomainError as refusal:
        tried.refusal = refusal


def status_of(refusal: DomainError | None) -> int:
    """Return the status of a page that shows a refusal, or none."""
    return 200 if refusal is None else next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
