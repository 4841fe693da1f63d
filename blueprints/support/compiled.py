"""Templates as they were compiled, kept for the next start: to compile those of an article takes a quarter of a second."""

from __future__ import annotations

import pickle
from contextlib import suppress

from flask import Flask
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from config import Config


class _Kept(FileSystemBytecodeCache):
    """Files that may be missing, cut off or impossible to write: then a template is compiled once more."""

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
    app.jinja_env.bytecode_cache = _Kept(str(folder))
