"""One act of a reader on an article at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from domain.upserts import insert_new
from extensions import db
from models import Participation, Reader


def take(article_id: int, reader: Reader, now: datetime) -> None:
    """Lock the reader's participation in the article until the transaction ends, making it on their first act.

    Every vote, forecast and comment goes through here first, so simultaneous submits of one reader are handled one after
    another, and what is read below this line cannot change underneath. The reader's row is re-read under a share lock
    because their tier decides where a vote is counted.
    """
    insert_new(Participation, article_id=article_id, reader_id=reader.id, began_at=now)
    key = (Participation.article_id == article_id) & (Participation.reader_id == reader.id)
    db.session.execute(select(Participation.began_at).where(key).with_for_update())
    db.session.refresh(reader, with_for_update={"read": True})
