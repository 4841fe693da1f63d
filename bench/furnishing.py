"""What generated sites have none of, and some pages are about: one of each, made on a site before its pages are opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from blueprints.accounts.confirmation import Claim, token_of
from domain import appeals, articles, classifiers, legalnotices, readers, receipts, rulekeeping, ruleyaml, savedfilters
from domain.narrowing import Conditions
from domain.queues import Queue
from extensions import db
from models import Article, Comment, Dispute, ModerationRule, Reader, Role, StatementOfReasons
from tests import factories
from tests.resolving import dispute, resolve
from tests.scene_of_oversight import filing
from tests.scene_of_policy import RULE, model


def furnish(app: Flask, viral: Article, people: Mapping[str, Reader]) -> dict[str, object]:
    """Return what stands in the addresses of these pages, by its names. The caller commits."""
    now, reader, editor = datetime.now(UTC), people["reader"], people["editor"]
    own = factories.comment(viral, reader, f"Nobody has said this before; it is said at {now}.")
    return {
        "own_comment": own.id,
        "confirmation": token_of(Claim(reader.id, reader.email or "")),
        "draft": articles.create(factories.draft(now, "A draft"), now=now).id,
        "rule_id": _rule(editor, now),
        "version": classifiers.keep(model(), by=editor, now=now).version,
        **_of_the_desk(people["moderator"], now),
        **_disputed(reader, now),
        **_told(people["author"], secret=str(app.secret_key or ""), now=now),
        **_notified(own, now, site_url=app.extensions["foresay"].site_url),
    }


def _rule(editor: Reader, now: datetime) -> int:
    known = db.session.scalar(select(ModerationRule.id).where(ModerationRule.removed_at.is_(None)).limit(1))
    return known or rulekeeping.make(ruleyaml.parse(RULE), clause=None, by=editor, now=now).rule_id


def _of_the_desk(moderator: Reader, now: datetime) -> dict[str, object]:
    kept = savedfilters.save("Tolls", Queue.ALL, Conditions(words="toll"), by=moderator, now=now, is_shared=False)
    db.session.flush()
    return {"filter_id": kept.id}


def _disputed(reader: Reader, now: datetime) -> dict[str, object]:
    found = db.session.scalar(select(Dispute).order_by(Dispute.id).limit(1))
    if found is None:
        article = factories.open_article(now, "How it ended is disputed")
        resolve(article, _another_editor(now), now)
        found = dispute(factories.asked(article)[1], reader, now)
        db.session.flush()
    return {"dispute_id": found.id, "disputed": found.resolution.prediction.article_id}


def _another_editor(now: datetime) -> Reader:
    """Return somebody who says what happened: who decides about a dispute has to be another."""
    editor = readers.register(name="The other one", email="other@example.org", password_hash=factories.PASSWORD_HASH, now=now)
    readers.confirm_email(editor, now=now)
    editor.role = Role.EDITOR
    db.session.flush()
    return editor


def _told(author: Reader, *, secret: str, now: datetime) -> dict[str, object]:
    """Return the appeal against the newest statement, and the receipt of that."""
    about = select(StatementOfReasons).where(StatementOfReasons.reader_id == author.id)
    statement = db.session.scalars(about.order_by(StatementOfReasons.id.desc()).limit(1)).one()
    appeal = appeals.of_statement(statement) or appeals.make(statement, "It was a quotation.", by=author, now=now)
    db.session.flush()
    return {"appeal_id": appeal.id, "receipt": receipts.token_for(statement, secret=secret)}


def _notified(comment: Comment, now: datetime, *, site_url: str) -> dict[str, object]:
    """Return a notice, each time another: only its sender has the token. So many a day are taken from one address."""
    sent = replace(filing(""), place=f"{site_url}/comments/{comment.id}", email=f"bench{now:%H%M%S%f}@example.org")
    notice, token = legalnotices.file(sent, site_url=site_url, now=now)
    db.session.flush()
    return {"notice_id": notice.id, "notice_token": token}
