"""A mail server of the tests' own, on a free port of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Postbox:
    """What arrived, whom to refuse, and for how many seconds a mail that is kept already waits for its answer."""

    port: int = 0
    pause: float = 0.0
    received: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    logged_in: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if address in self.refused:
            return f"550 there is no {address} here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        """Keep a mail."""
        self.received.append(message_from_bytes(cast("bytes", envelope.content), policy=policy.default))
        await asyncio.sleep(self.pause)
        return "250 OK"

    def authenticate(self, *given: Any) -> AuthResult:
        """Let anybody in whose password is "right"."""
        credentials = given[-1]
        assert isinstance(credentials, LoginPassword)
        self.logged_in.append((credentials.login, credentials.password))
        return AuthResult(success=credentials.password == b"right: %", handled=False)


@contextlib.contextmanager
def open_postbox() -> Iterator[Postbox]:
    """Listen until the block ends."""
    box, ready, loop = Postbox(), threading.Event(), asyncio.new_event_loop()

    sessions: list[SMTP] = []

    def session() -> SMTP:
        sessions.append(SMTP(box, hostname="postbox", authenticator=box.authenticate, auth_require_tls=False, loop=loop))
        return sessions[-1]

    async def listen() -> asyncio.Server:
        return await loop.create_server(session, "127.0.0.1", 0)

    def serve() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(listen())
        box.port = server.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        loop.run_until_complete(_end(server, sessions))
        loop.close()

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(60)
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


async def _end(server: asyncio.Server, sessions: list[SMTP]) -> None:
    """Leave nothing open: of a connection whose end has not been heard of, or even its beginning, a later test would be told."""
    while asyncio.all_tasks() - {asyncio.current_task()}:
        for one in sessions:
            if one.transport is not None:
                one.transport.close()
        await asyncio.sleep(0)
    server.close()
    await server.wait_closed()
