"""The picture that messengers and networks show beside a link: a result on paper, or the question while it is hidden.

The same content makes the same bytes, on one machine: which types there are depends on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext

from blueprints.support.lettering import Lettering, runs_from_right, set_in_lines
from lazily import lazily

if TYPE_CHECKING:
    from PIL import Image, ImageDraw
else:
    Image, ImageDraw = lazily("PIL.Image"), lazily("PIL.ImageDraw")

WIDTH, HEIGHT = 1_200, 630  # what every network asks for
MARGIN = 64
INNER = WIDTH - 2 * MARGIN
MOST_BARS = 5  # more are too small to be read where the picture is shown, a hand's width across
COMPRESSION = 6  # 16 ms for 57 KB; more takes four times as long for two of them
HEADLINES, QUESTIONS, ASKED = (60, 54, 48, 42), (32,), (44, 38)  # pixels; the question is larger where it stands alone
NAME, LABELS, SMALL = (34,), (28, 24), (26,)
FEW = 3  # bars with which a headline and a question may be large
FOOT = HEIGHT - 66  # where the note begins
TALLEST_ROW = 88
ROOMY = 64  # a row's height from which on its label is large
# The light tokens of static/css/01-tokens.css, which a test compares: a picture does not know who looks at it.
PAPER, INK, SOFT, RULE, SUNK, ACCENT = "#fbfaf7", "#1b1a17", "#5d5a53", "#dcd7cd", "#f2efe9", "#9a2a1f"
TONES = {"for": "#0c6b62", "against": "#96540a", "unsure": "#6b675f", "other": "#3f5a7d", "foresight": "#3d3a9e"}


class Bar(NamedTuple):
    """An answer with its share from 0 to 1, that share in words, and its tone."""

    label: str
    share: float
    text: str
    tone: str = ""


@dataclass(frozen=True)
class PictureContent:
    """What is on the picture. Of a hidden result only the site, the headline and the question are."""

    site_name: str
    headline: str
    question: str
    bars: Sequence[Bar]
    note: str
    is_hidden: bool


def result_picture(content: PictureContent) -> bytes:
    """Return the picture of a result as a PNG. Any text can be on it."""
    if content.is_hidden:  # nothing below knows a number then
        content = replace(content, bars=(), note="")
    sheet = _Sheet(from_right=runs_from_right(content.headline or content.question))
    _head(sheet, content)
    if content.is_hidden:
        _invitation(sheet)
    _bars(sheet, content.bars[:MOST_BARS])
    sheet.write(set_in_lines(content.note, sizes=SMALL, width=INNER, most=1), MARGIN, FOOT, SOFT)
    return sheet.png()


class _Sheet:
    """The paper, and a pen that knows at which side lines begin."""

    def __init__(self, *, from_right: bool) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.from_right = from_right
        self.y = MARGIN

    def write(self, text: Lettering, x: int, y: int, colour: str, *, ends: bool = False) -> int:
        """Write lines that begin, or end, so far from the side where lines begin; return where they stop."""
        for line in text.lines:
            anchor = "ra" if ends != self.from_right else "la"
            place = WIDTH - x if self.from_right else x
            self.pen.text((place, y), line, fill=colour, font=text.font, anchor=anchor)
            y += text.height
        return y

    def fill(self, x: int, y: int, size: tuple[int, int], colour: str) -> None:
        """Fill a box that begins so far from the side where lines begin."""
        width, height = size
        if width > 0:
            left = WIDTH - x - width if self.from_right else x
            self.pen.rectangle((left, y, left + width - 1, y + height - 1), fill=colour)

    def png(self) -> bytes:
        """Return the picture's bytes."""
        file = BytesIO()
        self.image.save(file, "PNG", compress_level=COMPRESSION)
        return file.getvalue()


def _head(sheet: _Sheet, content: PictureContent) -> None:
    """Write the site's name, a double rule, the headline and the question."""
    sheet.fill(0, 0, (WIDTH, 12), ACCENT)
    sheet.write(set_in_lines(content.site_name, sizes=NAME, width=INNER, most=1, is_bold=True), MARGIN, 34, INK)
    for y in (92, 97):
        sheet.fill(MARGIN, y, (INNER, 2), RULE)
    is_full = len(content.bars) > FEW
    sizes = HEADLINES[2:] if is_full else HEADLINES
    sheet.y = 112
    if content.headline and content.headline != content.question:
        headline = set_in_lines(content.headline, sizes=sizes, width=INNER, most=2, is_bold=True)
        sheet.y = sheet.write(headline, MARGIN, sheet.y, INK) + 12
    asked = QUESTIONS if content.bars else ASKED
    question = set_in_lines(content.question, sizes=asked, width=INNER, most=1 if is_full else 2)
    sheet.y = sheet.write(question, MARGIN, sheet.y, SOFT if content.bars else INK) + 20


def _invitation(sheet: _Sheet) -> None:
    """Write what to do to see the result."""
    words = gettext("Have your say: results appear once you have voted.")
    sheet.write(set_in_lines(words, sizes=NAME, width=INNER, most=2, is_bold=True), MARGIN, FOOT - 36, ACCENT)


def _bars(sheet: _Sheet, bars: Sequence[Bar]) -> None:
    """Draw the bars above the note, as large as the question leaves room."""
    row = min(TALLEST_ROW, (FOOT - 12 - sheet.y) // max(1, len(bars)))
    sizes = LABELS[:1] if row >= ROOMY else LABELS[1:]
    for place, bar in enumerate(bars):
        y = FOOT - 12 - row * (len(bars) - place)
        value = set_in_lines(bar.text, sizes=sizes, width=INNER // 3, most=1, is_bold=True)
        label = set_in_lines(bar.label, sizes=sizes, width=INNER * 2 // 3 - MARGIN, most=1)
        sheet.write(value, WIDTH - MARGIN, y, INK, ends=True)
        track = max(y + value.height, sheet.write(label, MARGIN, y, INK)) + 4
        thickness = max(6, y + row - 12 - track)
        sheet.fill(MARGIN, track, (INNER, thickness), SUNK)
        sheet.fill(MARGIN, track, (round(INNER * min(1.0, max(0.0, bar.share))), thickness), TONES.get(bar.tone, INK))
