"""How the text of a setting is read. Each kind takes what stands in the variable, and raises `ValueError` for what it is not."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale

HIGHEST_PORT = 65_535
SHORTEST_TOKEN = 16  # characters; what can be asked for as often as one likes has to be hard to guess
SHORTEST_SECRET = 32  # bytes; a shorter key can be searched for
VAPID_KEY_BYTES = 32  # a private key on the curve P-256: a number from 1 to the order of its points, less one
VAPID_KEYS = range(1, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551)


_HOST = re.compile(r"(\*\.)?([a-z0-9-]+\.)+[a-z][a-z0-9-]*")
_OWN_SERVICE = re.compile(r"http://(127\.0\.0\.1|localhost):\d{1,5}")  # on this machine, for trying it out


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One environment variable: its field in `Config`, how it is read, and what README says of it."""

    variable: str
    field: str
    read: Callable[[str], Any]
    accepts: str
    default: str
    meaning: str
    is_secret: bool = False  # may hold a password, and is not repeated in a message


def database_url(text: str) -> str:
    """Read the address of a database that the site can be kept in."""
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError(text)
    return text


def replica_url(text: str) -> str:
    """Read where a replica is; nothing for none."""
    if text == "none":
        return ""
    if not text.startswith("postgresql+psycopg://"):
        raise ValueError(text)
    return text


def redis_url(text: str) -> str:
    """Read where a Redis is; nothing for none."""
    if text == "none":
        return ""
    parts = urlsplit(text)
    is_socket = parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1
    is_host = (
        parts.scheme in {"redis", "rediss"} and parts.hostname and parts.port != 0
    )  # reading it raises for what is no port
    if not is_socket and not (is_host and re.fullmatch(r"/?|/\d{1,4}", parts.path)):
        raise ValueError(text)
    return text


def bind(text: str) -> tuple[str, int]:
    """Read a host and a port to listen on."""
    host, _, port = text.rpartition(":")
    if not host or not 0 < int(port) <= HIGHEST_PORT:
        raise ValueError(text)
    return host.strip("[]"), int(port)


def secret_key(text: str) -> str:
    """Read a key that is long enough."""
    if len(text.encode()) < SHORTEST_SECRET:
        raise ValueError(text)
    return text


def token(text: str) -> str:
    """Read a token that can stand in a header."""
    if len(text) < SHORTEST_TOKEN or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(text)
    return text


def site_url(text: str) -> str:
    """Read the address of a site, without a path."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
        raise ValueError(text)
    return f"{parts.scheme}://{parts.netloc}"


def switch(text: str) -> bool:
    """Read on or off."""
    if text not in {"0", "1"}:
        raise ValueError(text)
    return text == "1"


def count(least: int, most: int) -> Callable[[str], int]:
    """Read a whole number within bounds."""

    def read(text: str) -> int:
        if not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """Read one of these words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def line(text: str) -> str:
    """Read one line of text."""
    if not text or not text.isprintable():
        raise ValueError(text)
    return text


def locale(text: str) -> str:
    """Read a language, as Babel names it."""
    return str(Locale.parse(text.replace("-", "_")))


def timezone(text: str) -> str:
    """Read the name of a time zone."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(text) from error


def mail(text: str) -> str:
    """Read how mail leaves."""
    parts = urlsplit(text)
    if parts.scheme not in {"console", "smtp", "smtps"} or (parts.scheme != "console" and not parts.hostname):
        raise ValueError(text)
    if parts.port == 0:  # reading it raises for what is no port
        raise ValueError(text)
    return text


def vapid_key(text: str) -> str:
    """Read a private key on the curve P-256."""
    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(key) != VAPID_KEY_BYTES or int.from_bytes(key, "big") not in VAPID_KEYS:
        raise ValueError(text)
    return text


def push_services(text: str) -> tuple[str, ...]:
    """Read the hosts of push services; none for `off`."""
    if text == "off":
        return ()
    services = tuple(text.lower().replace(",", " ").split())
    if not services or not all(_HOST.fullmatch(service) or _OWN_SERVICE.fullmatch(service) for service in services):
        raise ValueError(text)
    return services


def directory(text: str) -> Path:
    """Read a directory, which need not exist yet."""
    return Path(text).expanduser().resolve()


def existing_directory(text: str) -> Path:
    """Read a directory that exists."""
    path = directory(text)
    if not path.is_dir():
        raise ValueError(text)
    return path
