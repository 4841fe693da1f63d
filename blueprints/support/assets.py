"""Styles, scripts and fonts, under an address that changes with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request, url_for

from config import Config

KEPT_FOR_EVER = "public, max-age=31536000, immutable"
STAFF = "css/staff/"  # style sheets of the desk and the newsroom, which no reader loads
REMARK = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)  # for whoever works on a sheet: a tenth of what crosses the line
COMPRESSED = 128  # files that are kept compressed: all of them, and their earlier states in development
mimetypes.add_type("font/woff2", ".woff2")


def bind(app: Flask) -> None:
    """Serve `/static/<build>/…` and give templates `asset(name)`.

    The build's digest stands in front of the path, so a module's relative imports and a style sheet's fonts stay within
    the same build. The files are small and are kept in memory, read again at each request in development.
    """
    folder = Path(app.root_path) / "static"
    config: Config = app.extensions["foresay"]
    files = _read(folder)
    app.extensions["build"] = _digest(files)

    def serve(build: str, filename: str) -> Response:
        body = (_read(folder) if config.development else files).get(filename)
        if body is None:
            abort(404)
        kind = mimetypes.guess_type(filename)[0] or ""
        answer = Response(body, mimetype=kind)
        if kind.startswith("text/") and request.accept_encodings["br"] > 0:
            answer = Response(_smallest(body), mimetype=kind, headers={"Content-Encoding": "br", "Vary": "Accept-Encoding"})
        answer.headers["Cache-Control"] = KEPT_FOR_EVER if build == app.extensions["build"] else "no-cache"
        return answer

    app.add_url_rule("/static/<build>/<path:filename>", "asset", serve)
    app.add_template_global(lambda name: url_for("asset", build=app.extensions["build"], filename=name), "asset")


@lru_cache(maxsize=COMPRESSED)
def _smallest(body: bytes) -> bytes:
    """Return a file as small as it gets: worth a few milliseconds, once for each file that is asked for."""
    return brotli.compress(body)


def _read(folder: Path) -> dict[str, bytes]:
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    sheets: dict[str, list[bytes]] = {"site.css": [], "staff.css": []}  # in the order of their paths
    for name, body in files.items():
        if name.endswith(".css"):
            sheets["staff.css" if name.startswith(STAFF) else "site.css"].append(REMARK.sub(b"", body))
    return {**files, **{bundle: b"\n".join(bodies) for bundle, bodies in sheets.items()}}


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, body in files.items():
        digest.update(name.encode() + b"\0" + body)
    return digest.hexdigest()[:12]
