from __future__ import annotations

import pytest

from domain.languages import direction_of, language_of

TOLD = {
    "Τα διόδια πρέπει να καταργηθούν.": "el",  # noqa: RUF001 - it is Greek
    "צריך לבטל את האגרה על הגשר": "he",
    "בְּרֵאשִׁ֖ית בָּרָ֣א": "he",
    "ค่าผ่านทางควรยกเลิก": "th",
    "통행료를 없애야 합니다": "ko",
    "通行料は廃止すべきです": "ja",
    "トール": "ja",
    "ﾄｰﾙ": "ja",
    "საფასური უნდა გაუქმდეს": "ka",
    "Վճարը պետք է վերացվի": "hy",
    "কর তুলে নেওয়া হোক": "und-Beng",
    "शुल्क हटा देना चाहिए": "und-Deva",
    "يجب إلغاء رسوم الجسر": "und-Arab",
    "Плату за проезд надо отменить": "und-Cyrl",
    "过桥费应该取消": "und-Hani",
    "台灣の味道真好過橋費應該取消我們都這麼覺得": "und-Hani",
}


@pytest.mark.parametrize(("source", "language"), TOLD.items(), ids=TOLD.values())
def test_a_script_tells_the_language_or_itself(source: str, language: str) -> None:
    assert language_of(source) == language


@pytest.mark.parametrize(
    "source",
    [
        "",
        "1 + 1 = 2 🎉",
        "The tolls should end.",
        "Il faut abolir le péage.",
        "Việt Nam",
        "\uff46\uff55\uff4c\uff4c",
        "\u0301\u0301",
        "𐤀𐤁𐤂",
    ],
)
def test_latin_signs_and_scripts_nobody_writes_tell_nothing(source: str) -> None:
    assert language_of(source) is None


def test_a_foreign_word_does_not_turn_a_text() -> None:
    assert language_of("They call it перестройка over there.") is None


def test_a_text_of_two_halves_has_no_language() -> None:
    assert language_of("abcd абвг") is None


def test_a_link_does_not_hide_what_a_text_is_written_in() -> None:
    assert language_of("Смотрите https://example.org/a/very/long/address/of/a/page/in/english") == "und-Cyrl"


def test_the_beginning_of_a_long_text_is_enough() -> None:
    assert language_of("да " * 700 + "no " * 5_000) == "und-Cyrl"


@pytest.mark.parametrize("language", TOLD.values())
def test_a_language_fits_its_column(language: str) -> None:
    assert len(language) <= 12


@pytest.mark.parametrize(
    ("language", "direction"), [("he", "rtl"), ("und-Arab", "rtl"), ("und-Cyrl", "ltr"), ("ja", "ltr"), (None, "auto")]
)
def test_a_language_runs_one_way_and_the_unknown_as_the_browser_finds(language: str | None, direction: str) -> None:
    assert direction_of(language) == direction
