"""Templates as they were compiled, kept for the next start: to compile those of an article takes a quarter of a second."""

from __future__ import annotations

import pickle
from contextlib import suppress
from importlib.metadata import version

from flask import Flask
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from config import Config


class _Kept(FileSystemBytecodeCache):
    """Files that may be missing, cut off or impossible to write: then a template is compiled once more.

    What never changes in a template is worked out when it is compiled, by our filters and in the site's language.
    """

    def __init__(self, folder: str, locale: str) -> None:
        super().__init__(folder)
        self._made_by = f"{version('jinja2')} {locale} "

    def get_source_checksum(self, source: str) -> str:
        """Return what the file of a template has to say for its code to be taken."""
        return super().get_source_checksum(self._made_by + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket what is kept of its template as it is now."""
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def bind(app: Flask, config: Config) -> None:
    """Keep the application's compiled templates in `instance/templates`, which can be emptied at any time."""
    folder = config.instance / "templates"
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
    app.jinja_env.bytecode_cache = _Kept(str(folder), config.locale)
