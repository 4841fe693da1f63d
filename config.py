"""Every setting of the site, read from the environment once and checked."""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.core import UnknownLocaleError

import settings
from settings import SHORTEST_SECRET, VAPID_KEY_BYTES, VAPID_KEYS, Setting

ROOT = Path(__file__).resolve().parent
PUSH_SERVICES = ("fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com")


class InvalidSetting(ValueError):
    """A variable holds something the site cannot start with; the message names it and what it accepts."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What the application is started with. Tests build it directly; the site by `from_environment`."""

    secret_key: str
    database_url: str
    database_pooler: bool = False
    replica_url: str = ""
    redis_url: str = ""  # without one, jobs are queued beside the database, and each process counts what it limits
    instance: Path = ROOT / "instance"
    bind: tuple[str, int] = ("127.0.0.1", 8000)
    site_name: str = "Foresay"
    site_url: str = "http://127.0.0.1:8000"
    locale: str = "en"
    timezone: str = "UTC"
    demo: bool = True
    workers: int = 1
    threads: int = 4
    trusted_proxies: int = 0
    mail: str = "console:"
    mail_from: str = "Foresay <foresay@localhost>"
    push_services: tuple[str, ...] = PUSH_SERVICES
    vapid_key: str = ""  # without one, nothing is pushed to browsers
    edit_minutes: int = 10
    log: str = "text"
    log_level: str = "warning"
    metrics_token: str = ""  # without one, nobody sees the figures
    slow_query_ms: int = 200  # 0: none is slow
    cache_megabytes: int = 32
    own_keys: tuple[str, ...] = ()  # variables of which this host made its own, which others do not know
    rate_limits: bool = True
    testing: bool = False
    development: bool = False
    translations: Path = ROOT / "translations"

    @property
    def is_https(self) -> bool:
        """Whether readers reach the site over https, so that cookies can be locked to it."""
        return self.site_url.startswith("https://")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Config:
        """Read every setting; raise `InvalidSetting` with the variable's name at the first bad one."""
        given = {setting.field: _value(setting, environment) for setting in SETTINGS if environment.get(setting.variable)}
        instance: Path = given.setdefault("instance", ROOT / "instance")
        given.setdefault("database_url", f"sqlite:///{instance / 'foresay.db'}")
        try:
            instance.mkdir(parents=True, exist_ok=True)
            own = tuple(f"FORESAY_{name.upper()}" for name in ("secret_key", "vapid_key") if not given.get(name))
            given["own_keys"] = own
            given["secret_key"] = given.get("secret_key") or _kept_secret(instance / "secret_key")
            given["vapid_key"] = given.get("vapid_key") or _kept_vapid_key(instance / "vapid_key")
        except OSError as error:
            message = f"FORESAY_INSTANCE is {str(instance)!r}; it takes a directory that can be written ({error.strerror})."
            raise InvalidSetting(message) from error
        host, port = given.get("bind", cls.bind)
        given.setdefault("site_url", f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
        return cls(**given)


def hand_down(variable: str, value: str) -> None:
    """Set a variable for the processes this one starts. It is not for settings."""
    os.environ[variable] = value


def handed_down(variable: str) -> str:
    """Return a variable that was set by the process this one was started by."""
    return os.environ[variable]


def environment(**given: str) -> dict[str, str]:
    """Return the environment for a program that we start: our own, and what it is given besides."""
    return {**os.environ, **given}


def _value(setting: Setting, environment: Mapping[str, str]) -> Any:
    try:
        return setting.read(environment[setting.variable].strip())
    except (ValueError, OSError, UnknownLocaleError) as error:
        given = "not right" if setting.is_secret else repr(environment[setting.variable])
        message = f"{setting.variable} is {given}; it takes {setting.accepts}."
        raise InvalidSetting(message) from error


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Return the key kept in `path`, making it on first use, readable by its owner alone."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # workers that start together make one key
        key = file.read().strip()
        if not key:
            key = make()
            file.write(key)
    return key


def _kept_vapid_key(path: Path) -> str:
    def make() -> str:
        number = secrets.randbelow(VAPID_KEYS.stop - 1) + 1
        return base64.urlsafe_b64encode(number.to_bytes(VAPID_KEY_BYTES, "big")).decode().rstrip("=")

    try:
        return settings.vapid_key(_kept(path, make))
    except ValueError as error:
        message = f"{path} holds no key; remove it, or give FORESAY_VAPID_KEY one."
        raise InvalidSetting(message) from error


def _kept_secret(path: Path) -> str:
    key = _kept(path, lambda: secrets.token_urlsafe(48))
    if len(key.encode()) < SHORTEST_SECRET:
        message = f"{path} holds no key; remove it, or give FORESAY_SECRET_KEY at least {SHORTEST_SECRET} bytes."
        raise InvalidSetting(message)
    return key


SETTINGS = (
    Setting(
        variable="FORESAY_DATABASE_URL",
        is_secret=True,
        field="database_url",
        read=settings.database_url,
        accepts="sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
        default="a file under `instance/`",
        meaning="where everything is kept",
    ),
    Setting(
        variable="FORESAY_DATABASE_POOLER",
        field="database_pooler",
        read=settings.switch,
        accepts="0 or 1",
        default="0",
        meaning="whether that address leads to a pooler in transaction mode, such as PgBouncer",
    ),
    Setting(
        variable="FORESAY_REPLICA_URL",
        is_secret=True,
        field="replica_url",
        read=settings.replica_url,
        accepts="postgresql+psycopg://USER:PASSWORD@HOST/NAME, or none",
        default="none",
        meaning="a replica, for what readers we do not know read of feeds, files, embeds, reports and leaderboards",
    ),
    Setting(
        variable="FORESAY_REDIS_URL",
        is_secret=True,
        field="redis_url",
        read=settings.redis_url,
        accepts="redis://USER:PASSWORD@HOST:PORT/NUMBER, rediss://…, unix:///PATH, or none",
        default="none",
        meaning="where jobs wait and all processes count together how often somebody acts",
    ),
    Setting(
        variable="FORESAY_BIND",
        field="bind",
        read=settings.bind,
        accepts="HOST:PORT, for example 127.0.0.1:8000",
        default="127.0.0.1:8000",
        meaning="the address the server listens on",
    ),
    Setting(
        variable="FORESAY_SECRET_KEY",
        is_secret=True,
        field="secret_key",
        read=settings.secret_key,
        accepts=f"at least {SHORTEST_SECRET} bytes",
        default="made once, kept under `instance/`",
        meaning="signs cookies and confirmation links",
    ),
    Setting(
        variable="FORESAY_SITE_NAME",
        field="site_name",
        read=settings.line,
        accepts="one line of text",
        default="Foresay",
        meaning="the name in the masthead and in mail",
    ),
    Setting(
        variable="FORESAY_SITE_URL",
        field="site_url",
        read=settings.site_url,
        accepts="https://HOST or http://HOST[:PORT], without a path",
        default="http:// and the bind address",
        meaning="the address readers use; https makes cookies secure",
    ),
    Setting(
        variable="FORESAY_LOCALE",
        field="locale",
        read=settings.locale,
        accepts="a language code such as en or pt_BR",
        default="en",
        meaning="the language of the site",
    ),
    Setting(
        variable="FORESAY_TRANSLATIONS",
        field="translations",
        read=settings.existing_directory,
        accepts="a directory that exists, with LANGUAGE/LC_MESSAGES/messages.mo in it",
        default="`translations/`",
        meaning="where the compiled texts of other languages are",
    ),
    Setting(
        variable="FORESAY_TIMEZONE",
        field="timezone",
        read=settings.timezone,
        accepts="a time zone such as Europe/Berlin",
        default="UTC",
        meaning="the zone in which times are printed and typed",
    ),
    Setting(
        variable="FORESAY_DEMO",
        field="demo",
        read=settings.switch,
        accepts="0 or 1",
        default="1",
        meaning="whether `./dev run` loads the demo into an empty database",
    ),
    Setting(
        variable="FORESAY_DEVELOPMENT",
        field="development",
        read=settings.switch,
        accepts="0 or 1",
        default="0",
        meaning="whether styles and scripts are read anew at each request, and `/gallery` shows every component",
    ),
    Setting(
        variable="FORESAY_INSTANCE",
        field="instance",
        read=settings.directory,
        accepts="a directory that can be written",
        default="`instance/`",
        meaning="where the files the site makes for itself are kept",
    ),
    Setting(
        variable="FORESAY_WORKERS",
        field="workers",
        read=settings.count(1, 64),
        accepts="a whole number from 1 to 64",
        default="1",
        meaning="web worker processes",
    ),
    Setting(
        variable="FORESAY_THREADS",
        field="threads",
        read=settings.count(1, 128),
        accepts="a whole number from 1 to 128",
        default="4",
        meaning="threads in each web worker",
    ),
    Setting(
        variable="FORESAY_CACHE_MB",
        field="cache_megabytes",
        read=settings.count(0, 65_536),
        accepts="a whole number from 0 to 65536",
        default="32",
        meaning="room in each web worker for finished public pages, in megabytes; 0 makes every page anew",
    ),
    Setting(
        variable="FORESAY_TRUSTED_PROXIES",
        field="trusted_proxies",
        read=settings.count(0, 10),
        accepts="a whole number from 0 to 10",
        default="0",
        meaning="how many proxies in front may name the client's address",
    ),
    Setting(
        variable="FORESAY_MAIL",
        is_secret=True,
        field="mail",
        read=settings.mail,
        accepts="console: or smtp://USER:PASSWORD@HOST:PORT or smtps://…",
        default="console:",
        meaning="how mail leaves: printed, or sent over SMTP",
    ),
    Setting(
        variable="FORESAY_MAIL_FROM",
        field="mail_from",
        read=settings.line,
        accepts="one line, NAME <ADDRESS>",
        default="Foresay <foresay@localhost>",
        meaning="the sender of mail",
    ),
    Setting(
        variable="FORESAY_PUSH_SERVICES",
        field="push_services",
        read=settings.push_services,
        accepts="host names with spaces in between (*.HOST: any below it), http://127.0.0.1:PORT, or off",
        default="those of Chrome, Firefox, Safari and Edge",
        meaning="the services of browser makers to which messages for browsers are given; nothing is sent elsewhere",
    ),
    Setting(
        variable="FORESAY_VAPID_KEY",
        is_secret=True,
        field="vapid_key",
        read=settings.vapid_key,
        accepts="a private P-256 key: 32 bytes in base64url",
        default="made once, kept under `instance/`",
        meaning="signs messages to browsers; with another key every browser has to ask anew",
    ),
    Setting(
        variable="FORESAY_EDIT_MINUTES",
        field="edit_minutes",
        read=settings.count(0, 1_440),
        accepts="a whole number from 0 to 1440",
        default="10",
        meaning="how long a comment can be edited while nobody has answered it; 0 is never",
    ),
    Setting(
        variable="FORESAY_LOG",
        field="log",
        read=settings.one_of("text", "json"),
        accepts="text or json",
        default="text",
        meaning="how the log is written to the standard error: to be read, or a JSON object a line",
    ),
    Setting(
        variable="FORESAY_LOG_LEVEL",
        field="log_level",
        read=settings.one_of("debug", "info", "warning", "error"),
        accepts="debug, info, warning or error",
        default="warning",
        meaning="what is logged: from info on a line for each request and job, from warning on slow statements and faults",
    ),
    Setting(
        variable="FORESAY_METRICS_TOKEN",
        is_secret=True,
        field="metrics_token",
        read=settings.token,
        accepts="16 or more letters, digits and signs, without a space",
        default="none: nobody sees them",
        meaning="opens the figures at `/metrics` to who sends it as a bearer token",
    ),
    Setting(
        variable="FORESAY_SLOW_QUERY_MS",
        field="slow_query_ms",
        read=settings.count(0, 60_000),
        accepts="a whole number from 0 to 60000",
        default="200",
        meaning="from how many milliseconds on a statement to the database is logged as slow; 0 is never",
    ),
)
