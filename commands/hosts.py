"""What the programs of several hosts have to agree on."""

from __future__ import annotations

import click

from config import Config


def warn_of_own_keys(config: Config) -> None:
    """Say that the keys are this host's own, where others may serve the same readers: sign-ins here would be unknown there."""
    if config.own_keys and (config.redis_url or not config.database_url.startswith("sqlite")):
        names, folder = ", ".join(config.own_keys), config.instance
        click.echo(f"foresay: only this host knows its keys, in {folder}; with several give all the same {names}", err=True)
