"""Refusals of a rule, on a terminal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
import psycopg
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError

from domain.errors import DomainError
from extensions import db


def stop(message: str) -> NoReturn:
    """End the command with one line and 1."""
    raise click.ClickException(message)


@contextmanager
def told() -> Iterator[None]:
    """End the command with the message of a refusal; nothing of it is written."""
    try:
        yield
    except DomainError as refusal:
        db.session.rollback()
        raise click.ClickException(gettext(refusal.message, **refusal.values)) from refusal


@contextmanager
def faults_told() -> Iterator[None]:
    """End the command with one line where the machine or a database refuses: no space, no right, no connection."""
    try:
        yield
    except DBAPIError as error:
        stop(_in_one_line(error.orig))
    except (psycopg.Error, sqlite3.Error) as error:
        stop(_in_one_line(error))
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        stop(f"{named}{error.strerror or error}.")


def _in_one_line(error: BaseException | None) -> str:
    return " ".join(str(error).split())
