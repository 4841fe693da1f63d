from __future__ import annotations

import pytest
from argon2 import extract_parameters

from domain import passwords
from domain.errors import Invalid


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "Passt schon, oder?",
        "mañana será otro día",
        "aB3$kk93vQ",
        "十分に長いパスワードです",
        "a" * 3 + "bcdexyz-92",
    ],
)
def test_what_is_long_enough_can_be_used(password: str) -> None:
    passwords.check(password, "Ann Lee", "ann@example.org")


@pytest.mark.parametrize("password", ["", "123456789", "nine char", "x" * 201])
def test_length_is_bounded(password: str) -> None:
    with pytest.raises(Invalid, match="characters"):
        passwords.check(password)
    with pytest.raises(Invalid, match="characters"):
        passwords.hashed(password)


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "Password!2024",
        "P@ssw0rd1234",
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "QWERTYUIOP",
        "1q2w3e4r5t",
        "aaaaaaaaaa",
        "1212121212",
        "abcdefghij",
        "iloveyou!!!!",
        "ILoveYou2",
        "          ",
        "welcome 123",
        "12345678901",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check(password)


@pytest.mark.parametrize("password", ["annabelle lee", "annabelle1999", "AnnabelleLee!", "annabelle@example.org"])
def test_ones_own_name_and_address_are_no_password(password: str) -> None:
    with pytest.raises(Invalid, match="hardly more"):
        passwords.check(password, "Annabelle Lee", "annabelle@example.org")


def test_a_password_fits_its_hash_and_no_other() -> None:
    password_hash = passwords.hashed("four plain words here")
    assert passwords.fits("four plain words here", password_hash)
    assert not passwords.fits("four plain words hers", password_hash)


def test_the_hash_is_argon2id_and_salted() -> None:
    one, other = passwords.hashed("four plain words here"), passwords.hashed("four plain words here")
    assert one.startswith("$argon2id$")
    assert one != other


def test_an_accent_may_be_typed_either_way() -> None:
    assert passwords.fits("cafe\u0301 au lait s'il", passwords.hashed("café au lait s'il"))


@pytest.mark.parametrize("password_hash", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_nothing_fits_where_there_is_no_hash(password_hash: str | None) -> None:
    assert not passwords.fits("four plain words here", password_hash)


def test_looking_for_the_password_of_no_account_costs_what_looking_for_any_does() -> None:
    assert extract_parameters(passwords.OF_NO_ACCOUNT) == extract_parameters(passwords.hashed("several words in a row"))
