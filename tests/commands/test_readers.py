from __future__ import annotations

from datetime import datetime

import pytest
from click.testing import Result
from flask import Flask

from domain import passwords, readers
from models import Reader, Role, Tier
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")
ANN = ("--name", "Ann Lee", "--email", "Ann@Example.org")


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["readers", *arguments], input=typed)


def ann() -> Reader:
    account = readers.account_with("ann@example.org")
    assert account is not None
    return account


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_an_account_of_any_role_is_made(app: Flask, role: str) -> None:
    result = run(app, "create", *ANN, "--role", role)
    assert result.exit_code == 0, result.output
    assert (ann().name, ann().role, ann().tier) == ("Ann Lee", Role(role), Tier.REGISTERED)


def test_a_random_password_is_printed_and_fits(app: Flask) -> None:
    password = run(app, "create", *ANN).output.rpartition("shown only now: ")[2].strip()
    assert passwords.fits(password, ann().password_hash)


def test_a_password_is_read_from_the_standard_input(app: Flask) -> None:
    result = run(app, "create", *ANN, "--password-stdin", typed="four plain words here\nand more\n")
    assert "four plain words" not in result.output
    assert passwords.fits("four plain words here", ann().password_hash)


def test_a_password_is_asked_for_twice(app: Flask) -> None:
    run(app, "create", *ANN, "--ask-password", typed="four plain words here\n" * 2)
    assert passwords.fits("four plain words here", ann().password_hash)


def test_an_address_known_to_be_right_needs_no_mail(app: Flask) -> None:
    run(app, "create", *ANN, "--confirmed")
    assert ann().tier is Tier.VERIFIED


@pytest.mark.parametrize(
    ("arguments", "typed", "message"),
    [
        (("--name", "Ann", "--email", "ann"), "", "not a whole e-mail address"),
        (("--name", "Admin", "--email", "ann@example.org"), "", "mistaken for the newsroom"),
        (("--name", "reader one", "--email", "ann@example.org"), "", "That name is taken"),
        ((*ANN, "--role", "king"), "", "'king' is not one of"),
        ((*ANN, "--password-stdin"), "", "from 10 to 200 characters"),
        ((*ANN, "--password-stdin"), "password123\n", "first to be guessed"),
        ((*ANN, "--password-stdin", "--ask-password"), "", "not both"),
        (("--name", "Ann"), "", "--email"),
    ],
)
@pytest.mark.usefixtures("reader")
def test_what_cannot_be_used_is_told_and_nothing_is_made(
    app: Flask, arguments: tuple[str, ...], typed: str, message: str
) -> None:
    result = run(app, "create", *arguments, typed=typed)
    assert result.exit_code != 0
    assert message in result.output
    assert readers.account_with("ann@example.org") is None


def test_an_address_that_is_taken_is_told(app: Flask, reader: Reader) -> None:
    result = run(app, "create", "--name", "Bea", "--email", reader.email or "")
    assert result.exit_code == 1
    assert "There is an account with this address already." in result.output


def test_a_role_is_given_and_its_reader_signed_out(app: Flask, reader: Reader, now: datetime) -> None:
    token = readers.sign_in(reader, now=now)
    result = run(app, "role", (reader.email or "").upper(), "moderator")
    assert "has the role moderator now" in result.output
    assert readers.account_with(reader.email or "").role is Role.MODERATOR  # type: ignore[union-attr]
    assert readers.signed_in_with(token, now=now) is None


def test_the_same_role_again_changes_nothing(app: Flask, reader: Reader, now: datetime) -> None:
    token = readers.sign_in(reader, now=now)
    assert "Nothing was changed." in run(app, "role", reader.email or "", "reader").output
    assert readers.signed_in_with(token, now=now) is not None


def test_a_role_for_nobody_is_told(app: Flask) -> None:
    result = run(app, "role", "nobody@example.org", "editor")
    assert result.exit_code == 1
    assert "no account with the address nobody@example.org" in result.output


def test_accounts_are_listed(app: Flask, reader: Reader, moderator: Reader) -> None:
    factories.account("Una", confirmed=False)
    lines = run(app, "list").output.splitlines()
    assert [line.split("\t")[1:] for line in lines] == [
        ["reader", "unconfirmed", "Una"],
        ["moderator", "confirmed", moderator.name],
        ["reader", "confirmed", reader.name],
    ]
    assert run(app, "list", "--role", "moderator").output.split("\t")[0] == moderator.email


def test_an_empty_list_says_so(app: Flask) -> None:
    assert "There is no such account." in run(app, "list", "--role", "admin").output
