from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from blueprints.support import pictures
from blueprints.support.lettering import SERIF, runs_from_right, set_in_lines
from blueprints.support.pictures import HEIGHT, WIDTH, Bar, PictureContent, result_picture
from tests.architecture.sources import ROOT

BARS = (Bar("Agree", 0.58, "58 % · 745", "for"), Bar("Disagree", 0.42, "42 % · 539", "against"))
SHOWN = PictureContent(
    site_name="The Ledger",
    headline="Marlow sues the county over the case that collapsed",
    question="Is Marlow right to sue the prosecutors?",
    bars=BARS,
    note="1,284 readers took part",
    is_hidden=False,
)
HIDDEN = replace(SHOWN, is_hidden=True)
FOOT_OF_BAR = pictures.FOOT - 12 - 12 - 3  # a line within the lowest bar
HOSTILE = {
    "nothing": "",
    "long word": "W" * 300,
    "long text": "and so on " * 2_000,
    "zalgo": "Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308" * 40,
    "only marks": "\u0301" * 40,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈👍🏽 yes",
    "right to left": "המחוז נתבע על התיק שקרס 2025 عدد القراء",
    "turned round": "\u202eevil\u202c \u2066text",
    "letters we may not have": "漢字かな ไทย 한국어 ᚠᚢᚦ 𓀀",
    "controls": "a\x00b\x1b[31mc\r\n\td",
    "broken": "\ud800 \udfff",
    "no characters": "\uffff\U0010ffff\ue000",
    "markup": "<script>alert(1)</script> %s {0} %(x)s",
}


def image(content: PictureContent) -> Image.Image:
    return Image.open(BytesIO(result_picture(content)))


def colours(content: PictureContent) -> set[str]:
    found = image(content).convert("RGB").getcolors(WIDTH * HEIGHT) or []
    return {"#{:02x}{:02x}{:02x}".format(*colour) for count, colour in found if count > 500}  # type: ignore[misc]


@pytest.mark.parametrize("content", [SHOWN, HIDDEN])
def test_a_picture_is_a_png_of_the_size_that_networks_show(content: PictureContent) -> None:
    assert (image(content).format, image(content).size) == ("PNG", (1_200, 630))


def test_the_same_content_makes_the_same_bytes() -> None:
    assert result_picture(SHOWN) == result_picture(replace(SHOWN, bars=list(BARS)))


@pytest.mark.parametrize(
    "change",
    [
        {"site_name": "The Times"},
        {"headline": "Another"},
        {"question": "Another?"},
        {"note": "1,285 readers took part"},
        {"bars": (BARS[0]._replace(share=0.6), BARS[1])},
        {"bars": (BARS[0]._replace(text="60 %"), BARS[1])},
        {"bars": (BARS[0]._replace(label="Yes"), BARS[1])},
        {"is_hidden": True},
    ],
    ids=str,
)
def test_other_content_makes_other_bytes(change: dict[str, object]) -> None:
    assert result_picture(replace(SHOWN, **change)) != result_picture(SHOWN)  # type: ignore[arg-type]


@pytest.mark.parametrize("bars", [(), BARS[:1], BARS[::-1], (Bar("Only", 1, "100 %", "foresight"),) * 9])
def test_a_hidden_picture_says_nothing_of_the_votes(bars: tuple[Bar, ...]) -> None:
    assert result_picture(replace(HIDDEN, bars=bars, note=f"{len(bars)} readers took part")) == result_picture(HIDDEN)


def test_a_hidden_picture_has_no_bar() -> None:
    assert colours(SHOWN) >= {pictures.TONES["for"], pictures.TONES["against"]}
    assert not colours(HIDDEN) & {*pictures.TONES.values(), pictures.SUNK}


def test_a_bar_is_as_long_as_its_share() -> None:
    pixels = image(replace(SHOWN, bars=BARS[:1])).convert("RGB")
    rows = ([pixels.getpixel((x, y)) for x in range(WIDTH)] for y in range(HEIGHT))
    longest = max(row.count((0x0C, 0x6B, 0x62)) for row in rows)
    assert longest == pytest.approx(0.58 * pictures.INNER, abs=1)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_can_be_on_a_picture(text: str) -> None:
    content = PictureContent(text, text, text, [Bar(text, 0.5, text, text)] * 7, text, is_hidden=False)
    assert image(content).size == (WIDTH, HEIGHT)
    assert image(replace(content, is_hidden=True, question=text + "?")).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("share", [-1.0, 0.0, 2.0, float("inf"), float("nan")])
def test_any_share_stays_within_its_track(share: float) -> None:
    pixels = image(replace(SHOWN, bars=[Bar("A", share, "", "for")])).convert("RGB")
    assert {pixels.getpixel((pictures.MARGIN - 2, y)) for y in range(200, HEIGHT)} == {(0xFB, 0xFA, 0xF7)}
    assert {pixels.getpixel((WIDTH - pictures.MARGIN + 1, y)) for y in range(200, HEIGHT)} == {(0xFB, 0xFA, 0xF7)}


@pytest.mark.parametrize("name", ["long word", "long text", "emoji", "right to left"])
def test_lines_stay_within_their_width(name: str) -> None:
    set_text = set_in_lines(HOSTILE[name], sizes=(60, 30), width=500, most=2)
    assert 1 <= len(set_text.lines) <= 2
    assert all(set_text.font.getlength(line) <= 500 for line in set_text.lines)


def test_a_text_is_set_as_large_as_fits_and_cut_with_an_ellipsis_where_nothing_does() -> None:
    short, longer, longest = (set_in_lines("word " * times, sizes=(60, 30), width=500, most=1) for times in (2, 5, 50))
    assert [one.font.size for one in (short, longer, longest)] == [60, 30, 30]
    assert [one.lines[0].endswith("…") for one in (short, longer, longest)] == [False, False, True]


def test_what_the_type_lacks_leaves_no_box() -> None:
    lettering = set_in_lines("Yes 👍 indeed", sizes=(30,), width=500, most=1)
    assert lettering.lines == ("Yes indeed",)
    assert lettering.font.path == SERIF[False]


@pytest.mark.parametrize(
    ("text", "is_so"), [("abc", False), ("123 שלום abc", True), ("عدد", True), ("abc שלום", False), ("12", False)]
)
def test_the_first_letter_says_at_which_side_lines_begin(text: str, is_so: bool) -> None:  # noqa: FBT001
    assert runs_from_right(text) is is_so


def test_bars_of_a_language_from_the_right_begin_at_the_right() -> None:
    pixels = image(replace(SHOWN, headline="המחוז", bars=BARS[:1])).convert("RGB")
    green = [x for x in range(WIDTH) for y in (FOOT_OF_BAR,) if pixels.getpixel((x, y)) == (0x0C, 0x6B, 0x62)]
    assert green[-1] == WIDTH - pictures.MARGIN - 1


def test_the_picture_has_the_colours_of_the_site() -> None:
    light = (ROOT / "static/css/01-tokens.css").read_text().partition("@media")[0]
    tokens = dict(re.findall(r"--(\w+): (#\w+)", light))
    own = {"paper": pictures.PAPER, "ink": pictures.INK, "soft": pictures.SOFT, "rule": pictures.RULE, "sunk": pictures.SUNK}
    assert {**own, "accent": pictures.ACCENT, **pictures.TONES}.items() <= tokens.items()
