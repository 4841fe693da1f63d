"""A browser that asked for messages, as far as its push service and its keys go."""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64encode
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.pushing import Browser


def base64(raw: bytes) -> str:
    """Return bytes as browsers write them."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


class Browsing:
    """A browser with the private half of its keys: it can read what is sent to it."""

    def __init__(self, endpoint: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.browser = Browser(endpoint=endpoint, p256dh=base64(point), auth=base64(self._secret))

    def read(self, body: bytes) -> dict[str, Any]:
        """Return a message as its service worker gets it."""
        message: dict[str, Any] = json.loads(http_ece.decrypt(body, private_key=self._key, auth_secret=self._secret))
        return message
