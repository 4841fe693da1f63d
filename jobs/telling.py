"""The jobs that tell readers what they follow: spreading news, writing mails, pushing to browsers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, current_app
from huey import crontab

from config import Config
from domain import mailing, news, notifications, pushing, text
from domain.notifications import Told
from domain.pushing import Browser
from extensions import db, jobs
from jobs import letters
from jobs.pusher import Away, Gone, NotPushed, Pusher, TryLater
from jobs.tasks import app_of_jobs, drain_outbox
from models import Notification, OutgoingPush, PushSubscription
from observing import faults
from observing.logs import log

PUSHES_A_RUN = 200  # then other jobs have their turn
LONGEST_TITLE, LONGEST_LINE = 120, 160  # characters: what fits a phone, and any script into the 4,096 bytes of a message


@jobs.periodic_task(crontab(minute="*"))
def tell_each_minute() -> None:
    """Tell, each minute, what has been published or resolved, and write the digests that are due."""
    tell()


@jobs.task()
def go_on_pushing() -> None:
    """Push what a run left to the next."""
    drain_pushes()


def tell() -> None:
    """Spread the news, write the mails that are due, send them, and push."""
    spread_news()
    write_mails()
    drain_outbox()
    drain_pushes()


def spread_news() -> None:
    """Spread all news, committing after each step, so that nobody waits for long and nothing is lost when it is cut off."""
    with app_of_jobs().app_context():
        step = news.first_step()
        while step is not None:
            step = news.take_step(step, now=datetime.now(UTC))
            db.session.commit()


def write_mails() -> int:
    """Write the mails that are due and return how many there were."""
    written, after = 0, 0
    with app_of_jobs().app_context():
        while due := mailing.due_readers(now=datetime.now(UTC), after=after):
            for reader_id in due:
                mails = mailing.write_mails(reader_id, now=datetime.now(UTC))
                for mail in mails:
                    mail.unsubscribe_path = letters.unsubscribe_path(reader_id)
                db.session.commit()
                written += len(mails)
            after = due[-1]
    return written


def drain_pushes() -> int:
    """Send the messages that are due, one by one, and return how many left. A service that is away is asked once."""
    app, left, away = app_of_jobs(), 0, set[str]()
    with app.app_context():
        pushing.forget_old(now=datetime.now(UTC))
        db.session.commit()
        if not _config(app).vapid_key:
            return 0
        pusher = Pusher(_config(app))
        for _ in range(PUSHES_A_RUN):
            push = pushing.claim_push(now=datetime.now(UTC))
            db.session.commit()
            if push is None:
                return left
            left += _try_to_push(pusher, push, away)
            db.session.commit()
    if not jobs.has_waiting(go_on_pushing):  # one more each minute would leave the others no turn
        go_on_pushing()
    return left


def _try_to_push(pusher: Pusher, push: OutgoingPush, away: set[str]) -> bool:
    """Send one message and return whether it left. What nobody foresaw is its failure alone: others wait behind it."""
    number = push.id
    try:
        return _push(pusher, push, away)
    except Exception as error:  # noqa: BLE001 - logged, and what ails the database ails the record of the failure too
        db.session.rollback()
        log.error("fault", push=number, **faults.described(error))
        pushing.push_failed(number, now=datetime.now(UTC))
        return False


def _push(pusher: Pusher, push: OutgoingPush, away: set[str]) -> bool:
    """Send one message and record how it went; return whether it left."""
    number, topic, subscription = push.id, f"n{push.notification_id}", db.session.get(PushSubscription, push.subscription_id)
    message = _message_of(push)
    if subscription is None:
        return False
    subscription_id = subscription.id
    browser = Browser(endpoint=subscription.endpoint, p256dh=subscription.p256dh, auth=subscription.auth)
    db.session.commit()  # no transaction is open while the service answers
    try:
        _give(pusher, browser, message, topic, away)
    except Gone:
        pushing.end_subscription(subscription_id)
        return False
    except NotPushed as error:
        pushing.push_failed(number, now=datetime.now(UTC), for_good=not isinstance(error, TryLater))
        current_app.logger.warning("push %s did not leave: %s", number, error)
        return False
    pushing.push_left(number, now=datetime.now(UTC))
    return True


def _give(pusher: Pusher, browser: Browser, message: bytes | None, topic: str, away: set[str]) -> None:
    """Give a message to its service. Raises `NotPushed`, also for what has become pointless, or not allowed, meanwhile."""
    service = urlsplit(browser.endpoint).netloc
    if message is None:
        raise NotPushed("it has been removed or read")
    if not pushing.is_at_a_service(browser.endpoint, _config(current_app).push_services):
        raise NotPushed("its service is no longer one of the settings")
    if service in away:
        raise TryLater("its service is away")
    try:
        pusher.send(browser, message, topic=topic)
    except Away:
        away.add(service)
        raise


def _message_of(push: OutgoingPush) -> bytes | None:
    """Return what a browser is told: a title, a line, and a path of ours; nothing of what is removed or has been read."""
    rows = notifications.rows_of(notifications.told(Notification.id == push.notification_id))
    if not rows or rows[0].notification.read_at is not None:
        return None
    return json.dumps(_words(rows[0]), ensure_ascii=False).encode()


def _words(told: Told) -> dict[str, object]:
    return {
        "title": text.shortened(letters.sentence(told), LONGEST_TITLE),
        "body": text.shortened(told.article.headline if told.article else _config(current_app).site_name, LONGEST_LINE),
        "path": letters.path_of(told),
        "id": told.notification.id,
    }


def _config(app: Flask) -> Config:
    config: Config = app.extensions["foresay"]
    return config
