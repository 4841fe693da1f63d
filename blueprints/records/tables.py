"""Tables as files: of any length, sent while they are read, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from flask import Flask, Response, current_app

from blueprints.support.spreadsheets import harmless
from connections import only_reads

Cell = str | int | float | datetime | None


def table(name: str, head: Sequence[str], pieces: Callable[[], Iterable[Iterable[Sequence[Cell]]]]) -> Response:
    """Answer with a CSV file. `pieces` runs outside the request: each time it is asked for rows, it may read."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - the way Flask has for this
    answer = Response(_sent(app, head, iter(pieces())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _sent(app: Flask, head: Sequence[str], pieces: Iterator[Iterable[Sequence[Cell]]]) -> Iterator[str]:
    """Yield the file. While the other side takes its time, nothing is held: no context, no connection."""
    yield _written([head])
    while (rows := _read(app, pieces)) is not None:
        yield _written(rows)


def _read(app: Flask, pieces: Iterator[Iterable[Sequence[Cell]]]) -> list[Sequence[Cell]] | None:
    with only_reads(), app.app_context():
        piece = next(pieces, None)
        return None if piece is None else list(piece)


def _written(rows: Iterable[Sequence[Cell]]) -> str:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([_text(cell) for cell in row] for row in rows)
    return lines.getvalue()


def _text(cell: Cell) -> str:
    """Return a cell as it is written: instants to the microsecond, numbers so that they can be read back exactly."""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="microseconds")
    return "" if cell is None else repr(cell)
