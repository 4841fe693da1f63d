from __future__ import annotations

from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from config import ROOT, SETTINGS, Config, InvalidSetting
from settings import SHORTEST_SECRET


def started_with(folder: Path, **given: str) -> Config:
    return Config.from_environment({"FORESAY_INSTANCE": str(folder), **given})


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    assert len({started_with(tmp_path).secret_key for _ in range(3)}) == 1


def test_the_key_is_its_owners_alone_to_read(tmp_path: Path) -> None:
    started_with(tmp_path)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_made_key_is_long_enough(tmp_path: Path) -> None:
    assert len(started_with(tmp_path).secret_key) >= SHORTEST_SECRET


def test_two_sites_have_two_keys(tmp_path: Path) -> None:
    assert started_with(tmp_path / "one").secret_key != started_with(tmp_path / "two").secret_key


@pytest.mark.parametrize("place", range(20))
def test_workers_that_start_together_share_one_key(tmp_path: Path, place: int) -> None:
    together = Barrier(8)

    def start(_number: int) -> str:
        together.wait()
        return started_with(tmp_path / str(place)).secret_key

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1


@pytest.mark.parametrize("place", range(5))
def test_workers_that_start_together_share_one_key_for_messages(tmp_path: Path, place: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: started_with(tmp_path / str(place)).vapid_key, range(8)))
    assert len(keys) == 1
    assert (tmp_path / str(place) / "vapid_key").stat().st_mode & 0o777 == 0o600
    assert ec.derive_private_key(number_in(keys.pop()), ec.SECP256R1())


def number_in(key: str) -> int:
    return int.from_bytes(urlsafe_b64decode(key + "="), "big")


def test_a_given_key_for_messages_is_used_and_none_is_written(tmp_path: Path) -> None:
    key = started_with(tmp_path / "one").vapid_key
    assert started_with(tmp_path / "two", FORESAY_VAPID_KEY=key).vapid_key == key
    assert not (tmp_path / "two" / "vapid_key").exists()


def test_a_kept_key_for_messages_that_is_none_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "vapid_key").write_text("short")
    with pytest.raises(InvalidSetting, match="vapid_key holds no key; remove it"):
        started_with(tmp_path)


def test_push_services_can_be_named_and_left_out(tmp_path: Path) -> None:
    given = "push.example.org, *.Push.Example.net http://127.0.0.1:9999"
    named = ("push.example.org", "*.push.example.net", "http://127.0.0.1:9999")
    assert started_with(tmp_path, FORESAY_PUSH_SERVICES=given).push_services == named
    assert started_with(tmp_path, FORESAY_PUSH_SERVICES="off").push_services == ()


def test_a_key_file_left_empty_by_a_crash_is_filled(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    assert started_with(tmp_path).secret_key == started_with(tmp_path).secret_key != ""


def test_a_kept_key_that_is_too_short_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short")
    with pytest.raises(InvalidSetting, match="secret_key holds no key; remove it"):
        started_with(tmp_path)


def test_a_given_key_is_used_and_none_is_written(tmp_path: Path) -> None:
    key = "k" * SHORTEST_SECRET
    assert started_with(tmp_path, FORESAY_SECRET_KEY=key).secret_key == key
    assert not (tmp_path / "secret_key").exists()


def test_an_instance_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InvalidSetting, match=r"FORESAY_INSTANCE is '.*/file/below'; it takes a directory that can be written"):
        started_with(tmp_path / "file" / "below")


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert started_with(tmp_path, FORESAY_BIND="").bind == ("127.0.0.1", 8000)


def test_the_database_is_a_file_of_the_instance(tmp_path: Path) -> None:
    assert started_with(tmp_path).database_url == f"sqlite:///{tmp_path}/foresay.db"


def test_the_site_is_reached_where_it_listens(tmp_path: Path) -> None:
    assert started_with(tmp_path, FORESAY_BIND="localhost:9000").site_url == "http://localhost:9000"


def test_a_last_slash_of_the_address_is_dropped(tmp_path: Path) -> None:
    assert started_with(tmp_path, FORESAY_SITE_URL="https://example.org/").site_url == "https://example.org"


@pytest.mark.parametrize(("url", "secure"), [("https://example.org", True), ("http://example.org", False)])
def test_cookies_are_locked_to_https_where_the_site_is_on_it(tmp_path: Path, url: str, secure: bool) -> None:  # noqa: FBT001 - given by the cases
    assert started_with(tmp_path, FORESAY_SITE_URL=url).is_https is secure


def test_an_ipv6_address_can_be_listened_on(tmp_path: Path) -> None:
    config = started_with(tmp_path, FORESAY_BIND="[::1]:8000")
    assert (config.bind, config.site_url) == (("::1", 8000), "http://[::1]:8000")


def test_every_setting_can_be_given_by_its_printed_default(tmp_path: Path) -> None:
    printed = {setting.variable: setting.default for setting in SETTINGS if " " not in setting.default}
    given = {name: default.strip("`") for name, default in printed.items()}
    folders = {"FORESAY_INSTANCE": str(tmp_path), "FORESAY_TRANSLATIONS": str(ROOT / "translations")}
    assert Config.from_environment({**given, **folders}) == started_with(tmp_path, FORESAY_SITE_URL="http://127.0.0.1:8000")


@pytest.mark.parametrize(
    "mail", ["smtp://", "smtp://mail.example.org:99999", "smtp://mail.example.org:0", "http://mail.example.org"]
)
def test_a_mail_server_that_cannot_be_one_stops_the_start(tmp_path: Path, mail: str) -> None:
    with pytest.raises(InvalidSetting, match="FORESAY_MAIL"):
        started_with(tmp_path, FORESAY_MAIL=mail)
