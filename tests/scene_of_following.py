"""What everyone in the scene follows and is told, and the browser they are told in."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from config import PUSH_SERVICES
from domain import following, mailing, pushing
from extensions import db
from models import Article, Follow, Notification, NotificationKind, Reader
from tests import factories
from tests.browsers import Browsing


def belongings(article: Article, reader: Reader, now: datetime) -> dict[str, object]:
    """Return what is one reader's own of this kind."""
    muted, told = factories.account(), factories.comment(article, factories.account())
    following.mute(muted, by=reader, now=now)
    following.follow(article, by=reader, now=now)
    row = Notification(reader_id=reader.id, kind=NotificationKind.ARTICLE, comment_id=told.id, made_at=now)
    db.session.add(row)
    browser = Browsing(f"https://fcm.googleapis.com/fcm/send/{reader.public_id}").browser
    pushing.subscribe(browser, PUSH_SERVICES, by=reader, now=now)
    db.session.flush()
    follow = db.session.scalars(select(Follow.id).where(Follow.reader_id == reader.id)).one()
    own = {"own_follow": follow, "own_told": row.id, "own_muted": muted.public_id, "own_id": reader.public_id}
    return {**own, "own_endpoint": browser.endpoint}


def names(app: Flask, article: Article, author: Reader) -> dict[str, object]:
    """Return what is named in addresses and forms."""
    assert article.prediction is not None
    browser = Browsing("https://fcm.googleapis.com/fcm/send/new").browser
    return {
        "prediction": article.prediction.id,
        "unsubscribe": mailing.token_for(author.id, secret=app.secret_key or ""),  # type: ignore[arg-type]
        "endpoint": browser.endpoint,
        "p256dh": browser.p256dh,
        "auth": browser.auth,
    }
