from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain import crowds, participation, readers, tallies
from domain.errors import Conflict, Invalid, Missing
from domain.participation import Answer
from extensions import db
from models import Article, Reader, Role, SignIn, Tier
from tests import factories, history
from tests.recount import assert_counters_equal_a_recount

pytestmark = pytest.mark.usefixtures("stage")
HASH = factories.PASSWORD_HASH


def register(name: str = "Ann Lee", email: str = "ann@example.org", *, now: datetime) -> Reader:
    return readers.register(name=name, email=email, password_hash=HASH, now=now)


def test_a_first_act_makes_a_guest_and_the_next_finds_them(now: datetime) -> None:
    key = readers.new_key()
    first, second = readers.welcome_guest(key, now=now), readers.welcome_guest(key, now=now)
    assert first.id == second.id
    assert (first.tier, first.is_guest) == (Tier.GUEST, True)


def test_the_database_holds_no_key(now: datetime) -> None:
    key = readers.new_key()
    assert readers.welcome_guest(key, now=now).guest_key_hash != key


def test_a_guest_is_known_by_their_key_only(now: datetime) -> None:
    key = readers.new_key()
    guest = readers.welcome_guest(key, now=now)
    assert readers.guest_with(key) is guest
    assert readers.guest_with(readers.new_key()) is None


def test_a_guest_key_never_leads_to_an_account(now: datetime) -> None:
    key, account = readers.new_key(), register(now=now)
    account.guest_key_hash = readers.digest(key)
    db.session.flush()
    assert readers.guest_with(key) is None


def test_an_account_begins_unconfirmed_and_without_rights(now: datetime) -> None:
    account = register(now=now)
    assert (account.tier, account.role, account.registered_at) == (Tier.REGISTERED, Role.READER, now)


@pytest.mark.parametrize("name", ["Ann Lee", "ann 1ee", "AnnLee", "Ànn Lee"])
def test_a_name_that_looks_taken_is_refused(name: str, now: datetime) -> None:
    register(now=now)
    with pytest.raises(Conflict, match="name is taken"):
        register(name, "other@example.org", now=now)


def test_an_address_has_one_account(now: datetime) -> None:
    register(now=now)
    with pytest.raises(Conflict, match="account with this address"):
        register("Bea", now=now)


def test_a_bad_name_is_refused(now: datetime) -> None:
    with pytest.raises(Invalid):
        register("admin", now=now)


def test_signing_up_with_a_known_address_changes_nothing(now: datetime) -> None:
    account = register(now=now)
    result = readers.sign_up(name="Bea", email="ann@example.org", password_hash="other", now=now)
    assert (result.account, result.is_new) == (account, False)
    assert (account.name, account.password_hash) == ("Ann Lee", HASH)


def test_signing_up_tells_when_only_the_name_is_taken(now: datetime) -> None:
    register(now=now)
    with pytest.raises(Conflict, match="name is taken"):
        readers.sign_up(name="Ann Lee", email="bea@example.org", password_hash=HASH, now=now)


def test_confirming_an_address_moves_ones_votes_to_verified(article: Article, now: datetime) -> None:
    account = register(now=now)
    poll, prediction = factories.asked(article)
    participation.submit(article, Answer(choices=[poll.choices[0]], outcome=prediction.outcomes[0]), by=account, now=now)
    readers.confirm_email(account, now=now)
    assert tallies.takes(poll).by_tier[Tier.VERIFIED] == tallies.outcomes(prediction).by_tier[Tier.VERIFIED] == 1
    assert_counters_equal_a_recount()


@pytest.mark.parametrize("what", ["a take", "a forecast"])
def test_crowds_of_questions_long_closed_follow_a_confirmed_address(article: Article, now: datetime, what: str) -> None:
    account, (poll, prediction) = register(now=now), factories.asked(article)
    history.predicts(article, factories.guest(), now, 0.5, 0.3, 0.2)
    if what == "a take":
        history.takes(article, account, now, 0)
    else:
        history.predicts(article, account, now, 0.2, 0.3, 0.5)
    crowds.refresh(prediction, now=now)
    poll.closed_at = prediction.closed_at = now
    later = now + timedelta(days=30)
    readers.confirm_email(account, now=later)
    assert crowds.stale(now=later) is prediction
    crowds.refresh(prediction, now=later)
    assert crowds.stale(now=later) is None


def test_confirming_twice_keeps_the_first_time(now: datetime) -> None:
    account = register(now=now)
    readers.confirm_email(account, now=now)
    readers.confirm_email(account, now=now + timedelta(days=1))
    assert account.email_confirmed_at == now


def test_a_sign_in_is_found_by_its_token(reader: Reader, now: datetime) -> None:
    token = readers.sign_in(reader, now=now)
    assert readers.signed_in_with(token, now=now) is reader
    assert readers.signed_in_with(readers.new_key(), now=now) is None
    assert token not in db.session.scalars(select(SignIn.token_hash)).all()


def test_a_sign_in_that_was_ended_is_worth_nothing(reader: Reader, now: datetime) -> None:
    token, other = readers.sign_in(reader, now=now), readers.sign_in(reader, now=now)
    readers.sign_out(token, now=now)
    assert readers.signed_in_with(token, now=now) is None
    assert readers.signed_in_with(other, now=now) is reader


def test_a_sign_in_lasts_ninety_days(reader: Reader, now: datetime) -> None:
    token = readers.sign_in(reader, now=now)
    assert readers.signed_in_with(token, now=now + timedelta(days=89)) is reader
    assert readers.signed_in_with(token, now=now + timedelta(days=90)) is None


def test_signing_out_twice_keeps_the_first_time(reader: Reader, now: datetime) -> None:
    token = readers.sign_in(reader, now=now)
    readers.sign_out(token, now=now)
    readers.sign_out(token, now=now + timedelta(days=1))
    assert db.session.scalars(select(SignIn.ended_at)).one() == now


def test_a_new_role_ends_every_sign_in(reader: Reader, another_reader: Reader, now: datetime) -> None:
    token, others = readers.sign_in(reader, now=now), readers.sign_in(another_reader, now=now)
    readers.give_role(reader, Role.MODERATOR, now=now)
    assert reader.role is Role.MODERATOR
    assert readers.signed_in_with(token, now=now) is None
    assert readers.signed_in_with(others, now=now) is another_reader


def test_a_new_role_shows_on_the_pages_one_wrote_on(article: Article, reader: Reader, now: datetime) -> None:
    factories.comment(article, reader)
    before = article.version
    readers.give_role(reader, Role.MODERATOR, now=now)
    assert article.version > before


def test_the_same_role_ends_nothing(reader: Reader, now: datetime) -> None:
    token = readers.sign_in(reader, now=now)
    readers.give_role(reader, Role.READER, now=now)
    assert readers.signed_in_with(token, now=now) is reader


def test_a_guest_has_no_role(stranger: Reader, now: datetime) -> None:
    with pytest.raises(Invalid, match="account"):
        readers.give_role(stranger, Role.MODERATOR, now=now)


def test_a_new_password_ends_every_sign_in(reader: Reader, now: datetime) -> None:
    token = readers.sign_in(reader, now=now)
    readers.change_password(reader, "another hash", now=now)
    assert reader.password_hash == "another hash"
    assert readers.signed_in_with(token, now=now) is None


def test_a_password_changed_meanwhile_signs_nobody_in(reader: Reader) -> None:
    assert readers.account_with_password(reader.email or "", HASH) is reader
    with pytest.raises(Conflict, match="changed a moment ago"):
        readers.account_with_password(reader.email or "", "what was verified")


@pytest.mark.usefixtures("stranger")
def test_accounts_are_listed_newest_first_and_by_role(reader: Reader, moderator: Reader) -> None:
    assert readers.accounts() == [moderator, reader]
    assert readers.accounts(Role.MODERATOR) == [moderator]


def test_who_does_not_exist_is_missing(reader: Reader) -> None:
    assert readers.shown_as(reader.public_id) is reader
    for public_id in ("", "nobody", "\x00"):
        with pytest.raises(Missing):
            readers.shown_as(public_id)


def test_readers_are_not_told_apart_by_their_order() -> None:
    people = [factories.guest() for _ in range(20)]
    assert len({person.public_id for person in people}) == db.session.scalar(select(func.count()).select_from(Reader)) == 20
