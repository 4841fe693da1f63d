"""How mail leaves: printed on the console, or over SMTP."""

from __future__ import annotations

import smtplib
import sys
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

from config import Config

TIMEOUT = 20  # seconds for a mail server to answer


class Mailer:
    """Sends plain text mail the way `FORESAY_MAIL` says."""

    def __init__(self, config: Config) -> None:
        self._target = urlsplit(config.mail)
        self._sender = config.mail_from

    def send(self, address: str, subject: str, body: str, *, message_id: str) -> None:
        """Send one mail. Raises `OSError` or `smtplib.SMTPException` when it did not leave."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, address, subject
        message["Date"] = formatdate(localtime=False)
        domain = parseaddr(self._sender)[1].rpartition("@")[2] or "localhost"
        message["Message-ID"] = f"<{message_id}.outbox@{domain}>"
        message.set_content(body)
        if self._target.scheme == "console":
            sys.stdout.write(f"--- mail ---\n{message.as_bytes().decode('utf-8', 'replace')}--- end of mail ---\n")
            sys.stdout.flush()
            return
        self._send_over_smtp(message)

    def _send_over_smtp(self, message: EmailMessage) -> None:
        secure = self._target.scheme == "smtps"
        connect = smtplib.SMTP_SSL if secure else smtplib.SMTP
        with connect(self._target.hostname or "", self._target.port or (465 if secure else 25), timeout=TIMEOUT) as server:
            if not secure and server.has_extn("starttls"):
                server.starttls()
            if self._target.username:
                server.login(unquote(self._target.username), unquote(self._target.password or ""))
            server.send_message(message)
