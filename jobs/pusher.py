"""How messages for browsers leave: encrypted for the browser (RFC 8291), signed by us (RFC 8292), over its maker's service."""

from __future__ import annotations

import http.client
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from config import Config
from domain.pushing import Browser
from lazily import lazily

if TYPE_CHECKING:
    import http_ece
    import py_vapid
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
else:
    http_ece, py_vapid = lazily("http_ece"), lazily("py_vapid")
    serialization = lazily("cryptography.hazmat.primitives.serialization")
    ec = lazily("cryptography.hazmat.primitives.asymmetric.ec")

TIMEOUT = 10  # seconds for a service to answer
KEPT_BY_SERVICE = 86_400  # seconds for a browser that is not there: what is older than a day is in the list
SIGNATURE_LASTS = timedelta(hours=12)  # a service takes a day at most
GONE = {404, 410}
TRY_AGAIN = {408, 425, 429}


class NotPushed(Exception):
    """This message was not taken, and never will be."""


class TryLater(NotPushed):
    """This message was not taken now."""


class Away(TryLater):
    """The service does not answer, or not to us, at present."""


class Gone(NotPushed):
    """The service no longer knows the browser."""


class Pusher:
    """Gives messages to push services. Follows no redirects: a service is where the settings say."""

    def __init__(self, config: Config) -> None:
        self._raw_key = config.vapid_key.encode()
        address = parseaddr(config.mail_from)[1]
        self._contact = f"mailto:{address}" if "@" in address else config.site_url

    @cached_property
    def _key(self) -> py_vapid.Vapid02:
        """Sign with this; made when there is something to send, which in most minutes there is not."""
        return py_vapid.Vapid02.from_raw(self._raw_key)

    @cached_property
    def _is_https(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def send(self, browser: Browser, payload: bytes, *, topic: str) -> None:
        """Give one message to the browser's service. Raises `NotPushed` of a kind when it was not taken."""
        parts = urlsplit(browser.endpoint)
        body, headers = _encrypted(browser, payload), self._headers(parts, topic)
        try:
            status = self._status(parts, body, headers)
        except (OSError, http.client.HTTPException) as error:
            raise Away(type(error).__name__) from None
        except ValueError as error:  # a name no host can have
            raise NotPushed(type(error).__name__) from None
        if status in GONE:
            raise Gone(str(status))
        if status >= 500 or status in TRY_AGAIN:  # noqa: PLR2004
            raise (Away if status == 429 else TryLater)(str(status))  # noqa: PLR2004
        if not 200 <= status < 300:  # noqa: PLR2004
            raise NotPushed(str(status))

    def _headers(self, parts: SplitResult, topic: str) -> dict[str, str]:
        until = int((datetime.now(UTC) + SIGNATURE_LASTS).timestamp())
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": self._contact, "exp": until}
        return {
            **self._key.sign(claims),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_BY_SERVICE),
            "Urgency": "normal",
            "Topic": topic,  # a second try takes the place of the first where that is still waiting
        }

    def _status(self, parts: SplitResult, body: bytes, headers: dict[str, str]) -> int:
        host, port = parts.hostname or "", parts.port
        is_https = parts.scheme == "https"
        connection = (
            http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=self._is_https)
            if is_https
            else http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        )
        try:
            connection.request("POST", parts._replace(scheme="", netloc="", fragment="").geturl() or "/", body, headers)
            return connection.getresponse().status  # what it says beside that is not read
        finally:
            connection.close()


def public_key(vapid_key: str) -> str:
    """Return what a browser is given to know our messages by."""
    key = py_vapid.Vapid02.from_raw(vapid_key.encode()).public_key
    return _base64(key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint))


def _encrypted(browser: Browser, payload: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    sealed: bytes = http_ece.encrypt(payload, private_key=key, dh=_bytes(browser.p256dh), auth_secret=_bytes(browser.auth))
    return sealed


def _bytes(encoded: str) -> bytes:
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
