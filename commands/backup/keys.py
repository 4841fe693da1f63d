"""The keys of the site, which belong to its database: without them readers are signed out, and browsers have to ask anew."""

from __future__ import annotations

from pathlib import Path

import click

from commands.backup import archives
from config import Config


def of(config: Config) -> dict[str, str]:
    """Return the keys the site works with, wherever it has them from."""
    return {name: key for name in archives.KEYS if (key := getattr(config, name))}


def put_back(config: Config, folder: Path) -> None:
    """Write the keys in a folder where the site looks for them; tell which are given to it in another way, which goes first."""
    for name in archives.KEYS:
        if (folder / name).exists():
            _put_back(config, name, (folder / name).read_text())
    archives.keep_name(config.instance)


def _put_back(config: Config, name: str, key: str) -> None:
    path, used = config.instance / name, getattr(config, name)
    is_from_there = path.exists() and path.read_text().strip() == used
    new = path.with_name(f".{name}.new")
    new.unlink(missing_ok=True)
    with archives.for_the_owner(new) as file:
        file.write(key.encode())
    new.replace(path)
    if used != key and not is_from_there:
        click.echo(f"FORESAY_{name.upper()} is set to another key than the backup's, which is in {path} now.", err=True)
