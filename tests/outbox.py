"""What has been written to the outbox."""

from __future__ import annotations

import re

from sqlalchemy import select

from extensions import db
from models import OutgoingMail


def mails() -> list[OutgoingMail]:
    """Return every mail, oldest first."""
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def link_in(mail: OutgoingMail) -> str:
    """Return the path of the one link in a mail, the site's own address aside."""
    (link,) = re.findall(r"^http://127\.0\.0\.1:8000(/\S+)$", mail.body, re.MULTILINE)
    return str(link)
