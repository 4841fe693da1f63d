"""`flask translations`: the list of every text of the site, and a made-up language that shows which were forgotten."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from math import ceil
from pathlib import Path

import click
import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from flask.cli import AppGroup

from config import ROOT

TEMPLATE = ROOT / "translations" / "messages.pot"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
MADE_ON = datetime(2026, 1, 1, tzinfo=UTC)  # the same for ever, so that the file changes only with the texts
HEADER = "# Every text of the site. Made by `flask translations extract`; not edited by hand."

PSEUDO_LOCALE = "yi"  # a language that Babel knows and that runs from right to left
LONGER = 0.3  # of a text's length: what a translation may need more than English
PLACE = re.compile(r"(%\(\w+\)[-+ #0-9.]*[a-z]|%[%sd]|<[^>]*>|&\w+;)")
ACCENTS = str.maketrans("AEIOUYaeiouyCNSZRTDGLcnszrtdgl", "ÁÉÎÖÛÝáéîöûýÇÑŠŽŘŤĎĞĽçñšžřťďğľ")
FILLER = "ōnē twō thrēē fōur "

group = AppGroup("translations", help="The texts of the site and their translation.")


@group.command("extract")
def extract() -> None:
    """Write translations/messages.pot: every text that can be translated."""
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(as_po(every_text()))
    click.echo(f"{len(every_text())} texts in {TEMPLATE.relative_to(ROOT)}")


@group.command("pseudo")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def pseudo(directory: Path) -> None:
    """Write a made-up language to DIRECTORY: accented, 30 % longer, from right to left, each text between ⟦ and ⟧."""
    write_pseudo(directory)
    click.echo(f"start the site with FORESAY_LOCALE={PSEUDO_LOCALE} FORESAY_TRANSLATIONS={directory}")


def every_text() -> Catalog:
    """Return the texts of our sources, and those that WTForms says when a field does not fit."""
    catalog = Catalog(project="Foresay", version="1", creation_date=MADE_ON, header_comment=HEADER)
    for name, text, comments, context in (*_ours(), *_of_wtforms()):
        catalog.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """Return a catalogue as a file, the same bytes for the same texts."""
    file = io.BytesIO()
    write_po(file, catalog, sort_output=True, include_lineno=False)
    return file.getvalue()


def write_pseudo(directory: Path) -> None:
    """Write the made-up language's catalogue, compiled as well."""
    catalog = Catalog(locale=PSEUDO_LOCALE, creation_date=MADE_ON, revision_date=MADE_ON)
    for message in every_text():
        if message.id:
            catalog.add(message.id, _translation(message), flags=message.flags, context=message.context)
    folder = directory / PSEUDO_LOCALE / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "messages.po").write_bytes(as_po(catalog))
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalog)


def pseudo_text(text: str) -> str:
    """Return a text accented, longer and between marks, its places for values left as they are."""
    parts = PLACE.split(text)
    words = "".join(part if PLACE.fullmatch(part) else part.translate(ACCENTS) for part in parts)
    letters = cycle(FILLER)
    more = "".join(next(letters) for _ in range(ceil(LONGER * len(text))))
    return f"⟦{words} {more.strip()}⟧"


def _translation(message: Message) -> str | tuple[str, ...]:
    return pseudo_text(message.id) if isinstance(message.id, str) else tuple(pseudo_text(form) for form in message.id)


def _ours() -> Iterator[tuple[str, str | tuple[str, ...], list[str], str | None]]:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel has no types here
    for name, _line, text, comments, context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        yield name, text, comments, context


def _of_wtforms() -> Iterator[tuple[str, str | tuple[str, ...], list[str], str | None]]:
    for name, _line, text, comments, context in extract_from_dir(Path(wtforms.__file__).parent, keywords=KEYWORDS):
        yield f"wtforms/{name}", text, comments, context
