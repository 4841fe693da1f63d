"""The link by which an author finds something of theirs from anywhere."""

from __future__ import annotations

from flask import current_app, url_for

from domain import receipts
from models import Comment, StatementOfReasons

RECEIPT = "receipt"  # the kind of message that is such a link


def receipt_for(thing: Comment | StatementOfReasons) -> str:
    """Return the address of a receipt."""
    return url_for("statements.receipt", token=receipts.token_for(thing, secret=secret()))


def secret() -> str:
    """Return the key receipts are signed with."""
    return str(current_app.secret_key or "")
