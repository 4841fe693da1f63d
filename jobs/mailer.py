"""How mail leaves: printed on the console, or over SMTP."""

from __future__ import annotations

import contextlib
import ipaddress
import smtplib
import ssl
import sys
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, parseaddr
from urllib.parse import unquote, urlsplit

from config import Config

TIMEOUT = 20  # seconds for a mail server to answer
ABOUT_ONE_MAIL = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    ValueError,  # a header that cannot be written
)


class NotSent(Exception):
    """This mail did not leave. The message names the error and its number, and nobody's address."""


class Unreachable(NotSent):
    """No mail leaves at present: the server does not answer, or does not take anything from us."""


class _Policy(EmailPolicy):
    """Writes the links that end a list's mail as they are: folded, they would be encoded, and no mail program finds them."""

    def fold(self, name: str, value: str) -> str:
        """Return a header as it is printed."""
        return f"{name}: {value}{self.linesep}" if name.startswith("List-") else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as it travels."""
        return self.fold(name, value).encode("ascii") if name.startswith("List-") else super().fold_binary(name, value)


class Mailer:
    """Sends plain text mail the way `FORESAY_MAIL` says."""

    def __init__(self, config: Config) -> None:
        self._target = urlsplit(config.mail)
        self._sender = config.mail_from
        self._site = config.site_url

    def send(self, address: str, subject: str, body: str, *, message_id: str, unsubscribe_path: str | None = None) -> None:
        """Send one mail; with the path where one click ends such mail (RFC 8058). Raises `NotSent` when it did not leave."""
        try:
            message = self._message(address, subject, body, message_id)
            if unsubscribe_path:
                self._say_how_it_ends(message, unsubscribe_path)
            if self._target.scheme == "console":
                _print(message, body)
            else:
                self._send_over_smtp(message)
        except ssl.SSLError as error:  # a bad certificate is a ValueError as well
            raise Unreachable(_description(error)) from None
        except ABOUT_ONE_MAIL as error:
            raise NotSent(_description(error)) from None
        except OSError as error:  # smtplib's errors are of this kind
            raise Unreachable(_description(error)) from None

    def _message(self, address: str, subject: str, body: str, message_id: str) -> EmailMessage:
        message = EmailMessage(policy=_Policy())
        message["From"], message["To"], message["Subject"] = self._sender, address, subject
        message["Date"] = formatdate(localtime=False)
        domain = parseaddr(self._sender)[1].rpartition("@")[2] or "localhost"
        message["Message-ID"] = f"<{message_id}.outbox@{domain}>"  # the same at each try, so that two are known to be one
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        return message

    def _say_how_it_ends(self, message: EmailMessage, path: str) -> None:
        message["List-Id"] = f"<notifications.{urlsplit(self._site).hostname}>"
        message["List-Unsubscribe"] = f"<{self._site}{path}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"

    def _send_over_smtp(self, message: EmailMessage) -> None:
        is_tls = self._target.scheme == "smtps"
        connect = smtplib.SMTP_SSL if is_tls else smtplib.SMTP
        host, port = self._target.hostname or "", self._target.port or (465 if is_tls else 25)
        with contextlib.closing(connect(host, port, timeout=TIMEOUT)) as server:
            server.ehlo()
            if not is_tls and server.has_extn("starttls") and not _is_this_machine(host):
                server.starttls(context=ssl.create_default_context())
                is_tls = True
            if self._target.username:
                if not is_tls and not _is_this_machine(host):
                    raise Unreachable("the mail server offers no encryption, so the password was not sent")
                server.login(unquote(self._target.username), unquote(self._target.password or ""))
            server.send_message(message)
            with contextlib.suppress(OSError):  # it has left, however the server says good-bye
                server.quit()


def _print(message: EmailMessage, body: str) -> None:
    """Print a mail as it will be read: as it would travel, its links are cut at the seventy-sixth character."""
    headers = "".join(f"{name}: {value}\n" for name, value in message.items() if not name.startswith(("Content-", "MIME-")))
    sys.stdout.write(f"--- mail ---\n{headers}\n{body.rstrip()}\n--- end of mail ---\n")
    sys.stdout.flush()


def _description(error: Exception) -> str:
    """Return the kind and number of an error; what servers say in words may name the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        numbers = {str(reply[0]) for reply in error.recipients.values()}
        return f"{type(error).__name__} {' '.join(sorted(numbers))}"
    number = getattr(error, "smtp_code", None) or getattr(error, "errno", None) or ""
    return f"{type(error).__name__} {number}".rstrip()


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
