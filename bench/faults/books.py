"""What has to be there in the end: everything that was acknowledged, once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import func, select

from bench.faults.clients import Client, Moderator, Rater, Voter, Writer
from bench.report import Check, same
from config import ROOT
from connections import only_reads
from extensions import db
from models import (
    Article,
    Comment,
    CommentRating,
    Forecast,
    MailPace,
    ModerationAct,
    ModerationEntry,
    News,
    Notice,
    Notification,
    OpinionVote,
    OpinionVoteEvent,
    OutgoingMail,
    Reader,
)
from tests.postbox import Postbox

LONGEST_QUIET = 300.0  # seconds: mail whose try was cut off is tried again after a minute, then after two
VERIFYING = (("tallies", "verify"), ("comments", "recount"), ("moderation", "verify"))
ACTS = {"removal": ModerationAct.REMOVED, "approval": ModerationAct.APPROVED}


def wait_until_quiet() -> float:
    """Wait until everything that is to be told is told, and return how many seconds that took."""
    began = time.monotonic()
    with only_reads():
        while _waiting() and time.monotonic() - began < LONGEST_QUIET:
            time.sleep(1)
    return time.monotonic() - began


def checks(clients: Mapping[str, Client], box: Postbox) -> Iterator[Check]:
    """Hold what the clients were told against what there is."""
    for client in clients.values():
        unfinished = ["it never got an answer to the last"] if client.is_alive() else []
        yield same(
            f"{client.name}: refused, or failed", [*client.notes.refused[:3], *filter(None, [client.failure]), *unfinished], []
        )
        if isinstance(client, Writer):
            yield same(f"{client.name}: {len(client.posted)} comments lost or doubled", _wrong_comments(client), [])
        elif isinstance(client, Voter):
            yield from _votes(client)
        elif isinstance(client, Rater):
            yield same(f"{client.name}: ratings that are not the last acknowledged", _wrong_ratings(client), [])
        elif isinstance(client, Moderator):
            yield from _decisions(client)
    repliers = clients["repliers"]
    assert isinstance(repliers, Writer)  # noqa: S101 - it is made so
    yield from _told(repliers)
    yield from _mails(box)


def verified(environment: Mapping[str, str]) -> Iterator[Check]:
    """Let the site's own commands look, while nothing is open here: on SQLite they would wait for it."""
    db.session.rollback()
    for words in VERIFYING:
        command = [sys.executable, "-m", "flask", "--app", "app", *words]
        found = subprocess.run(  # noqa: S603 - our own command
            command, env={"PATH": os.environ["PATH"], **environment}, cwd=ROOT, capture_output=True, text=True, check=False
        )
        yield same(f"flask {' '.join(words)}", (found.stdout + found.stderr)[-300:] if found.returncode else "clean", "clean")


def _waiting() -> int:
    """Return how much is not told yet. Guests, and readers who want no mail at once, are told on their page alone."""
    db.session.rollback()
    is_mailed = (
        Notification.mailed_at.is_(None) & Reader.email_confirmed_at.is_not(None) & (Reader.mail_pace == MailPace.INSTANT)
    )
    left = (
        select(News.id).where(News.spread_at.is_(None)),
        select(Notice.id).where(Notice.told_at.is_(None), Notice.cancelled_at.is_(None)),
        select(Notification.id).join(Reader, Reader.id == Notification.reader_id).where(is_mailed),
        select(OutgoingMail.id).where(OutgoingMail.sent_at.is_(None), OutgoingMail.given_up_at.is_(None)),
    )
    return sum(db.session.scalar(select(func.count()).select_from(some.subquery())) or 0 for some in left)


def _wrong_comments(writer: Writer) -> list[str]:
    ours = select(Comment.body_source).where(Comment.body_source.startswith(f"{writer.name}, number "))
    found = Counter(db.session.scalars(ours))
    return [text[:40] for text in {*found, *writer.posted} if (found[text], text in writer.posted) != (1, True)]


def _votes(voter: Voter) -> Iterator[Check]:
    """Each act changed the vote and the forecast, so that there is one entry of the ledger and one forecast for each."""
    article = db.session.get_one(Article, voter.ballot.article_id)
    assert article.poll is not None  # noqa: S101 - it was made so
    assert article.prediction is not None  # noqa: S101 - the same
    cast = select(OpinionVote.choice_id).where(OpinionVote.poll_id == article.poll.id)
    made = Forecast.prediction_id == article.prediction.id
    newest = select(Forecast.outcome_id).where(made, Forecast.superseded_at.is_(None))
    stands = [[str(one) for one in db.session.scalars(query)] for query in (cast, newest)]
    yield same(f"{voter.name}: what stands", stands, [[voter.given["choice"]], [voter.given["outcome"]]])
    entries = select(func.count()).select_from(OpinionVoteEvent).where(OpinionVoteEvent.poll_id == article.poll.id)
    yield same(f"{voter.name}: entries of the ledger", db.session.scalar(entries), voter.notes.acts)
    forecasts = select(func.count()).select_from(Forecast).where(made)
    yield same(f"{voter.name}: forecasts", db.session.scalar(forecasts), voter.notes.acts)


def _wrong_ratings(rater: Rater) -> list[int]:
    rows = db.session.execute(
        select(CommentRating.comment_id, CommentRating.verdict).where(CommentRating.comment_id.in_(rater.given))
    )
    found = Counter((comment_id, verdict.value) for comment_id, verdict in rows)
    return [comment_id for comment_id, verdict in rater.given.items() if found[comment_id, verdict] != 1]


def _decisions(moderator: Moderator) -> Iterator[Check]:
    acts = select(ModerationEntry.comment_id, ModerationEntry.act).where(ModerationEntry.act.in_(ACTS.values()))
    made = Counter((comment_id or 0, act) for comment_id, act in db.session.execute(acts).tuples())
    due = Counter((comment_id, ACTS[verb]) for comment_id, verb in moderator.decided.items())
    yield same(f"moderator: {len(due)} decisions lost or doubled", [*(due - made), *(made - due)], [])
    told = Counter(one or 0 for one in db.session.scalars(select(ModerationEntry.comment_id).join(Notification)))
    removed = Counter(comment_id for comment_id, verb in moderator.decided.items() if verb == "removal")
    yield same(
        f"moderator: {len(removed)} notices to authors lost or doubled",
        [one for one in {*removed, *told} if removed[one] != told[one]],
        [],
    )


def _told(repliers: Writer) -> Iterator[Check]:
    """Each reply is told to the author it answers, once, by one mail."""
    parents = {int(path.split("/")[2]) for path in repliers.posted.values()}
    authors = set(db.session.scalars(select(Comment.reader_id).where(Comment.id.in_(parents))))
    rows = db.session.execute(
        select(Notification.reader_id, Notification.mail_id).where(Notification.reader_id.in_(authors))
    ).all()
    told, mails = Counter(row[0] for row in rows), Counter(row[1] for row in rows)
    yield same(f"repliers: of {len(authors)} authors, not told once", [one for one in authors if told[one] != 1], [])
    yield same("repliers: notifications that are not in one mail", [one for one in mails if one is None or mails[one] != 1], [])


def _mails(box: Postbox) -> Iterator[Check]:
    """Each mail was received once, or is marked as one that may have been received another time, or not at all."""
    received = Counter(str(mail["Message-ID"]).partition(".outbox@")[0].lstrip("<") for mail in box.received)
    rows = db.session.scalars(select(OutgoingMail)).all()
    wrong = [row.id for row in rows if received[str(row.id)] != 1 and not row.is_uncertain]
    yield same(f"{len(rows)} mails not received once and not marked", wrong, [])
    yield same("mails received that are not in the outbox", [*({*received} - {str(row.id) for row in rows})], [])


def facts_of_mail(box: Postbox) -> str:
    """Return how many mails there were, and what became of those whose try was cut off."""
    received = Counter(str(mail["Message-ID"]) for mail in box.received)
    marked = db.session.scalar(select(func.count()).select_from(OutgoingMail).where(OutgoingMail.is_uncertain)) or 0
    return f"{len(received)} mails received, {sum(number > 1 for number in received.values())} of them twice; {marked} marked uncertain"
