"""Tables as CSV files that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

Cell = str | int | float | None

# What a spreadsheet takes for the beginning of a formula; the wide forms are typed on Asian keyboards.
FORMULAS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the wide forms are meant
MARK = "﻿"  # without it some spreadsheets take the letters for others


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as a file. A text that would be a formula has an apostrophe before it; numbers are as they are."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return (MARK + file.getvalue()).encode()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip().startswith(FORMULAS) else text
