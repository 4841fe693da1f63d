# ruff: noqa: RUF001 - look-alikes are what is tested
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import names
from domain.errors import Invalid


def refusal(name: str, site_name: str = "") -> str:
    with pytest.raises(Invalid) as caught:
        names.checked(name, site_name=site_name)
    return caught.value.message


@pytest.mark.parametrize(
    "name",
    [
        "Ann",
        "Ann Lee",
        "J. R. R. Tolkien",
        "O’Brien",
        "d'Arcy",
        "Anne-Marie",
        "Jürgen",
        "Łukasz",
        "Αλέξης",
        "Мария",
        "佐々木",
        "ユーザー",
        "김민준",
        "प्रिया",
        "สมชาย",
        "مريم",
        "שָׁלוֹם",
        "Kaʻiulani",
        "Zoë 2",
        "Nguyễn Văn",
        "Christopher Guest",
        "Badminton fan",
        "Wagstaff",
        "Modesty",
        "Edith Orwell",
        "Scunthorpe",
        "_ann_",
        "Ann Author",
        "Author Fisher",
        "The Storyteller",
    ],
)
def test_peoples_names_can_be_used(name: str) -> None:
    assert names.checked(name) == name


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Ann \t Lee\n", "Ann Lee"),
        ("\uff21\uff4e\uff4e", "Ann"),
        ("A\u200bn\u00adn", "Ann"),
        ("\u202eAnn\u202c", "Ann"),
        ("Ann\x00", "Ann"),
        ("علی\u200cرضا", "علیرضا"),
        ("Zoe\u0308", "Zoë"),
        ("\ud800Ann", "?Ann"),
    ],
)
def test_a_name_is_tidied(typed: str, shown: str) -> None:
    if "?" in shown:
        assert "letters" in refusal(typed)
    else:
        assert names.checked(typed) == shown


@pytest.mark.parametrize("name", ["", " ", "A", "A" * 31, "\u200b\u200b", "ﷺ" * 3])
def test_a_name_has_from_two_to_thirty_characters(name: str) -> None:
    assert "characters" in refusal(name)


@pytest.mark.parametrize(
    "name",
    [
        "--",
        "..",
        "<b>Ann</b>",
        "Ann & Bob",
        "🙂🙂",
        "a@b",
        "Z\u0323\u0301\u0302\u0303\u0304x",
        "\u0301Ann",
        "A" + "\u0301" * 20,
        "Ann ✓",
        "Ann ✔\ufe0f",
        "Ann ☑",
        "✅ Ann",
        "Ann \U0001f5f8",
        "Ann √",
        "Ann ★",
        "Ann \u2713\u200d",
        "Ann (newsroom)",
        "Ann [moderator]",
    ],
)
def test_a_name_is_made_of_letters(name: str) -> None:
    assert "letters" in refusal(name)


@pytest.mark.parametrize("name", ["evil.com", "go to evil.com", "www.evil", "Bet365.example"])
def test_a_name_is_no_web_address(name: str) -> None:
    assert "web address" in refusal(name)


@pytest.mark.parametrize("name", ["Аnn", "Αnn", "Annא", "Ann佐"])
def test_a_name_uses_one_alphabet(name: str) -> None:
    assert "alphabet" in refusal(name)


@pytest.mark.parametrize(
    "name",
    [
        "Admin",
        "ADMIN",
        "Adm1n",
        "a d m i n",
        "The Administrator",
        "TheAdmin",
        "admin-2",
        "Moderator",
        "M0derat0r",
        "Môderator",
        "Mod",
        "Foresay",
        "F0resay Team",
        "Newsroom",
        "The Editor",
        "Editorial",
        "Staff",
        "0fficial",
        "Ann Official",
        "ａdmin",
        "Ann Moderator",
        "Ann · newsroom",
        "AnnModerator",
        "Ann - m0derator",
        "Author of the article",
        "Ann author of the article",
        "Article Author",
        "Ann the story’s author",
        "The Author",
        "Auth0r 0f this art1cle",
        "Ann verified",
        "Verified",
    ],
)
def test_a_name_cannot_be_taken_for_the_newsrooms(name: str) -> None:
    assert "newsroom" in refusal(name)


@pytest.mark.parametrize("name", ["The Daily Star", "the dai1y star desk"])
def test_a_name_cannot_begin_with_the_sites(name: str) -> None:
    assert "newsroom" in refusal(name, site_name="The Daily Star")


@pytest.mark.parametrize("name", ["Guest", "Guest 4F2A", "GUEST-12", "Gue5t 12", "guest12"])
def test_a_name_cannot_be_taken_for_a_guests(name: str) -> None:
    assert "guests" in refusal(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paul", "PAUL"),
        ("Paul", "Pau1"),
        ("Paul", "PauI"),
        ("Paul", "P a u l"),
        ("Paul", "P.aul"),
        ("Paul", "Páùl"),
        ("Paul", "_Paul_"),
        ("Scope", "Ѕсоре"),
        ("NIKO", "ΝΙΚΟ"),
        ("MAX", "МАХ"),
        ("Wendy", "VVendy"),
        ("Tom", "Torn"),
        ("Straße", "STRASSE"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert names.skeleton(one) == names.skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("Ann", "Anna"), ("राम", "रमा"), ("はし", "ばし"), ("กา", "กี"), ("Mo", "No")])
def test_names_that_differ_have_two_skeletons(one: str, other: str) -> None:
    assert names.skeleton(one) != names.skeleton(other)


@given(st.text(max_size=60))
def test_any_text_is_either_refused_or_a_short_visible_name(text: str) -> None:
    try:
        name = names.checked(text)
    except Invalid:
        return
    assert names.SHORTEST <= len(name) <= names.LONGEST
    assert name == name.strip()
    assert name.isprintable()
    assert names.checked(name) == name
    assert 0 < len(names.skeleton(name)) <= 200
