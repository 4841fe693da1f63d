from __future__ import annotations

import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

from app import create_app
from config import SETTINGS, Config
from settings import Setting
from tests.architecture.sources import ROOT

VARIABLE = re.compile(r"FORESAY_[A-Z_]+")
# What each variable refuses. A variable that is not here fails the test below.
REFUSED = {
    "FORESAY_BIND": ["8000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", ":8000", "host:port"],
    "FORESAY_DATABASE_POOLER": ["yes", "2", "true"],
    "FORESAY_DATABASE_URL": ["foresay.db", "mysql://host/name", "postgresql://host/name", "sqlite://"],
    "FORESAY_DEMO": ["yes", "2", "true"],
    "FORESAY_DEVELOPMENT": ["yes", "2", "true"],
    "FORESAY_EDIT_MINUTES": ["-1", "1441", "ten", "1.5"],
    "FORESAY_INSTANCE": ["/dev/null/instance"],
    "FORESAY_LOCALE": ["klingon", "en_Latn_US_x", "e", "../en"],
    "FORESAY_LOG": ["xml", "JSON"],
    "FORESAY_LOG_LEVEL": ["loud", "WARNING"],
    "FORESAY_MAIL": ["localhost:25", "smtp:", "smtp://", "http://host", "sendmail:"],
    "FORESAY_MAIL_FROM": ["two\nlines", "bell\a"],
    "FORESAY_METRICS_TOKEN": ["15-letters-here", "sixteen letters!", "é" * 16],
    "FORESAY_PUSH_SERVICES": [
        "localhost",
        "https://push.example.org",
        "http://example.org:80",
        "http://127.0.0.1",
        "*.org",
        "a b",
    ],
    "FORESAY_REPLICA_URL": ["sqlite:///copy.db", "postgresql://host/name", "host"],
    "FORESAY_REDIS_URL": [
        "localhost",
        "redis://",
        "redis://host:0",
        "redis://host:port",
        "redis://host/name",
        "unix://",
        "http://host",
    ],
    "FORESAY_SECRET_KEY": ["secret", "31 bytes are not enough for it.", " " * 40],
    "FORESAY_SITE_NAME": ["two\nlines", "\t"],
    "FORESAY_SITE_URL": ["example.org", "https://", "https://example.org/path", "ftp://example.org"],
    "FORESAY_SLOW_QUERY_MS": ["-1", "60001", "slow", "1.5"],
    "FORESAY_THREADS": ["0", "129", "many", "1.5"],
    "FORESAY_CACHE_MB": ["-1", "65537", "much"],
    "FORESAY_TIMEZONE": ["Mars/Phobos", "../UTC", "CET+1h"],
    "FORESAY_TRANSLATIONS": ["/nowhere/at/all"],
    "FORESAY_TRUSTED_PROXIES": ["-1", "11", "all"],
    "FORESAY_VAPID_KEY": ["secret", "A" * 43, "_" * 43, "A" * 42 + "é", "AQ"],
    "FORESAY_WORKERS": ["0", "65", "many"],
}
CASES = [(setting, value) for setting in SETTINGS for value in REFUSED[setting.variable]]


def readme_row(setting: Setting) -> str:
    rows = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith(f"| `{setting.variable}`")]
    assert len(rows) == 1, f"README's table has {len(rows)} rows for {setting.variable}"
    return rows[0].replace("`", "")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.variable)
def test_readme_has_every_setting_with_its_default(setting: Setting) -> None:
    assert setting.default.replace("`", "") in readme_row(setting)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.variable)
def test_readme_says_what_every_setting_is_for(setting: Setting) -> None:
    assert setting.meaning.replace("`", "") in readme_row(setting)


@pytest.mark.parametrize("name", ["README.md", "dev", ".ci/run", *(path.as_posix() for path in ROOT.glob("docs/**/*.md"))])
def test_only_settings_that_exist_are_written_about(name: str) -> None:
    assert set(VARIABLE.findall((ROOT / name).read_text())) <= {setting.variable for setting in SETTINGS}


def test_every_setting_has_a_field_and_says_what_it_takes() -> None:
    names = {field.name for field in fields(Config)}
    assert {setting.field for setting in SETTINGS} <= names
    assert len({setting.variable for setting in SETTINGS}) == len({setting.field for setting in SETTINGS}) == len(SETTINGS)
    assert all(setting.accepts and setting.meaning and setting.default for setting in SETTINGS)


@pytest.mark.parametrize(("setting", "value"), CASES, ids=[f"{setting.variable}={value!r}" for setting, value in CASES])
def test_an_invalid_setting_stops_the_start(
    setting: Setting, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("FORESAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FORESAY_INSTANCE", str(tmp_path))
    monkeypatch.setenv(setting.variable, value)
    with pytest.raises(SystemExit) as stopped:
        create_app()
    assert str(stopped.value).startswith(f"foresay: {setting.variable} is ")
    assert setting.accepts in str(stopped.value)
    assert "\n" not in str(stopped.value)
