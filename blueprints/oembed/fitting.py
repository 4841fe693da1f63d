"""How much room an embedded text takes, and how much of it fits. Pure.

There is no frame and no style of ours on the other page, so this is an estimate for plain text at a browser's usual size.
"""

from __future__ import annotations

from dataclasses import dataclass

USUAL_WIDTH = 550  # pixels: a column of text
TALLEST = 2_000  # pixels: a text that needs more is cut, for nobody gives a comment three screens
LINE, CHARACTER = 24, 8  # pixels: 16 px text at a line height of 1.5, and its middling letter
AROUND = 3  # lines: who said it, where, and the space between


@dataclass(frozen=True, kw_only=True)
class Room:
    """The size of an embedded text in pixels, and how many characters of it there is room for."""

    width: int
    height: int
    characters: int


def room_for(text: str, *, most_wide: int | None, most_high: int | None) -> Room:
    """Return the room a text takes within what the other page has."""
    width = min(USUAL_WIDTH, most_wide or USUAL_WIDTH)
    a_line = max(1, width // CHARACTER)
    lines = sum(max(1, -(-len(line) // a_line)) for line in text.split("\n"))
    height = min((lines + AROUND) * LINE, most_high or TALLEST, TALLEST)
    fitting = max(1, height // LINE - AROUND)
    return Room(width=width, height=height, characters=len(text) if fitting >= lines else fitting * a_line)
