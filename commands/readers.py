"""`flask readers`: accounts made and given roles by whoever runs the site."""

from __future__ import annotations

import secrets
import sys
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from commands import refusals
from config import Config
from domain import addresses, passwords, readers
from domain.errors import N_, Missing
from extensions import db
from models import Role, Tier

group = AppGroup("readers", help="Accounts and their roles.")
ROLES = click.Choice([role.value for role in Role])


@group.command("create")
@click.option("--name", required=True, help="The name shown beside comments.")
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--role", type=ROLES, default=Role.READER.value, show_default=True, help="What the account may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of the standard input.")
@click.option("--ask-password", is_flag=True, help="Ask for the password. Without either, a random one is printed once.")
@click.option("--confirmed", is_flag=True, help="The address is known to be theirs, so no mail has to confirm it.")
def create(*, name: str, email: str, role: str, password_stdin: bool, ask_password: bool, confirmed: bool) -> None:
    """Make an account."""
    if password_stdin and ask_password:
        raise click.UsageError("Give either --password-stdin or --ask-password, not both.")
    now = datetime.now(UTC)
    config: Config = current_app.extensions["foresay"]
    with refusals.told():
        address = addresses.normalised(email)
        password, is_random = _password(from_stdin=password_stdin, asked=ask_password)
        passwords.check(password, name, address)
        password_hash = passwords.hashed(password)
        account = readers.register(name=name, email=address, password_hash=password_hash, now=now, site_name=config.site_name)
        readers.give_role(account, Role(role), now=now)
        if confirmed:
            readers.confirm_email(account, now=now)
        db.session.commit()
    click.echo(f"Made the account of {account.name} <{account.email}>, role {account.role.value}.")
    if is_random:
        click.echo(f"Password, shown only now: {password}")


@group.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
def change_role(email: str, role: str) -> None:
    """Give the account with this address another role; it is signed out everywhere."""
    with refusals.told():
        account = readers.account_with(addresses.normalised(email))
        if account is None:
            raise Missing(N_("There is no account with the address %(address)s."), address=email)
        if account.role is Role(role):
            click.echo(f"{account.name} <{account.email}> has the role {role} already. Nothing was changed.")
            return
        readers.give_role(account, Role(role), now=datetime.now(UTC))
        db.session.commit()
    click.echo(f"{account.name} <{account.email}> has the role {role} now, and has been signed out everywhere.")


@group.command("list")
@click.option("--role", type=ROLES, help="Only accounts with this role.")
def list_accounts(role: str | None) -> None:
    """List accounts, newest first: address, role, whether the address is confirmed, name; tabs in between."""
    found = readers.accounts(Role(role) if role else None)
    for account in found:
        state = "confirmed" if account.tier is Tier.VERIFIED else "unconfirmed"
        click.echo(f"{account.email}\t{account.role.value}\t{state}\t{account.name}")
    if len(found) == readers.ACCOUNTS_LISTED:
        click.echo(f"Only the newest {readers.ACCOUNTS_LISTED} are listed.", err=True)
    if not found:
        click.echo("There is no such account.", err=True)


def _password(*, from_stdin: bool, asked: bool) -> tuple[str, bool]:
    """Return the password, and whether it was made up here."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if asked:
        return click.prompt("Password", hide_input=True, confirmation_prompt=True), False
    return secrets.token_urlsafe(12), True
