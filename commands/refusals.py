"""Refusals of a rule, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import gettext

from domain.errors import DomainError
from extensions import db


@contextmanager
def told() -> Iterator[None]:
    """End the command with the message of a refusal; nothing of it is written."""
    try:
        yield
    except DomainError as refusal:
        db.session.rollback()
        raise click.ClickException(gettext(refusal.message, **refusal.values)) from refusal
