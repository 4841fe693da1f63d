"""Articles: drafting them with their questions, opening and closing them, finding them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer, joinedload, selectinload

from domain import boards, text, wording
from domain.drafts import LONGEST_QUESTION as LONGEST_QUESTION  # noqa: PLC0414 - callers find it here
from domain.drafts import ArticleDraft as ArticleDraft  # noqa: PLC0414 - as above
from domain.drafts import PollDraft as PollDraft  # noqa: PLC0414 - as above
from domain.drafts import PredictionDraft as PredictionDraft  # noqa: PLC0414 - as above
from domain.errors import N_, Conflict, Invalid, Missing
from domain.permissions import can_see_article
from domain.wording import ANSWERS as ANSWERS  # noqa: PLC0414 - as above
from domain.wording import LONGEST_CRITERIA as LONGEST_CRITERIA  # noqa: PLC0414 - as above
from domain.wording import LONGEST_LINE as LONGEST_LINE  # noqa: PLC0414 - as above
from domain.wording import MOST_RANKED as MOST_RANKED  # noqa: PLC0414 - as above
from domain.wording import STEPS as STEPS  # noqa: PLC0414 - as above
from extensions import db
from models import Article, OpinionChoice, OpinionPoll, Outcome, Prediction, Reader

LONGEST_HEADLINE = 200  # characters, as the column holds
LONGEST_BODY = 200_000  # characters: a very long read
SIMULTANEOUS_DRAFTS = 5  # tries of one insert, each lost to another editor's
IN_THE_FEED = 40  # articles


def create(draft: ArticleDraft, *, now: datetime) -> Article:
    """Add a draft article with its questions. The caller commits. Raises `Invalid` for what readers could not use."""
    _check_text(draft)
    article = Article(created_at=now, source_digest=draft.source_digest, slug=_free_slug(draft.headline))
    _set_text(article, draft)
    _set_questions(article, draft)
    db.session.add(article)  # last: the database is not asked for the questions of an article that it does not have
    db.session.flush()
    return article


def create_once(draft: ArticleDraft, *, now: datetime) -> Article:
    """Add a draft article, or return the one made from the same source. The caller commits.

    A form sent twice at the same moment makes one article. Raises as `create` does.
    """
    for _ in range(SIMULTANEOUS_DRAFTS):
        if draft.source_digest and (known := imported_as(draft.source_digest)) is not None:
            return known
        try:
            with db.session.begin_nested():
                return create(draft, now=now)
        except IntegrityError:
            continue  # somebody else's draft took the digest or the slug between our look and our insert
    raise Conflict(N_("Somebody else is adding articles at this moment. Send it again."))


def edition_of(article: Article) -> str:
    """Return a mark of everything the newsroom can edit: it changes when, and only when, an editor changes something.

    `Article.version` will not do: it also counts comments.
    """
    poll, prediction = article.poll, article.prediction
    words = (article.is_draft, article.headline, article.byline, article.section, article.body_source, article.author_id)
    asked = tuple((row.question, row.closes_at, row.visibility.value) for row in (poll, prediction) if row is not None)
    choices = tuple((choice.label, choice.camp.value) for choice in poll.choices) if poll else None
    kinds = (poll.kind.value, poll.is_shuffled) if poll else None, prediction.kind.value if prediction else None
    outcomes = (prediction.criteria, tuple(outcome.label for outcome in prediction.outcomes)) if prediction else None
    return hashlib.sha256(repr((words, asked, choices, outcomes, kinds)).encode()).hexdigest()[:20]


def revise(article: Article, draft: ArticleDraft, *, expected: str | None = None) -> None:
    """Replace the article's text and, before it is opened, its questions. The caller commits.

    `expected` is the edition the editor had before them. Raises `Conflict` when it is no longer that one or when a question
    would change after opening, `Invalid` for what readers could not use.
    """
    _check_text(draft)
    hold(article, expected)
    section = article.section
    _set_text(article, draft)
    if article.is_draft:
        _set_questions(article, draft)
    elif draft.poll is not None or draft.prediction is not None:
        raise Conflict(N_("The article is open, so its questions can no longer be changed."))
    article.version = Article.version + 1
    db.session.flush()
    if article.section != section and article.prediction is not None and article.prediction.is_final:
        boards.make_due([section, article.section])


def open_to_readers(article: Article, *, now: datetime, expected: str | None = None) -> None:
    """Publish the article and open its questions and its discussion. The caller commits.

    `expected` is the edition the editor had before them. Raises `Conflict` when it is no longer that one or is open already,
    `Invalid` when a question would close before it opens.
    """
    hold(article, expected if article.is_draft else None)
    check_opening(article, now)
    for question in (article.poll, article.prediction):
        if question is not None:
            question.opened_at = now
    article.opened_at = now
    article.version = Article.version + 1
    db.session.flush()


def check_opening(article: Article, now: datetime) -> None:
    """Raise what `open_to_readers` would."""
    if not article.is_draft:
        raise Conflict(N_("This article has already been opened."))
    if any(question is not None and question.closes_at <= now for question in (article.poll, article.prediction)):
        raise Invalid(N_("The closing time of a question lies in the past. Set a later one, then open."))


def close(article: Article, *, now: datetime) -> None:
    """End the discussion and both questions. The caller commits. Raises `Conflict` unless the article is open."""
    hold(article)
    check_closing(article)
    for question in (article.poll, article.prediction):
        if question is not None and question.is_open(now):
            question.closed_at = now
    article.closed_at = now
    article.version = Article.version + 1
    db.session.flush()


def check_closing(article: Article) -> None:
    """Raise what `close` would."""
    if article.is_draft:
        raise Conflict(N_("This article is a draft: there is nothing to close yet."))
    if not article.is_open:
        raise Conflict(N_("This article has already been closed."))


def close_due_polls(now: datetime) -> int:
    """Record the closing of every poll whose time is over and return how many there were."""
    due = OpinionPoll.opened_at.is_not(None) & OpinionPoll.closed_at.is_(None) & (OpinionPoll.closes_at <= now)
    polls = db.session.scalars(select(OpinionPoll).where(due).with_for_update(skip_locked=True, key_share=True)).all()
    for poll in polls:
        poll.closed_at = poll.closes_at
        poll.article.version = Article.version + 1
    db.session.flush()
    return len(polls)


def shown_to(reader: Reader | None, slug: str) -> Article:
    """Return the article with its questions; raise `Missing` where there is none this reader may see."""
    return _visible(db.session.scalar(_shown(), {"slug": slug}), reader)


_WRITTEN_ON = (
    select(Article)
    .options(joinedload(Article.poll), joinedload(Article.prediction), defer(Article.body_source), defer(Article.body_html))
    .where(Article.slug == bindparam("slug"))
)


def written_on(reader: Reader | None, slug: str) -> Article:
    """Return what `shown_to` does, to be answered and commented on: what only its page shows is looked up when it is asked for."""
    return _visible(db.session.scalar(_WRITTEN_ON, {"slug": slug}), reader)


def _visible(article: Article | None, reader: Reader | None) -> Article:
    if article is None or not can_see_article(reader, article):
        raise Missing(N_("There is no such article."))
    return article


def by_id(article_id: int) -> Article:
    """Return the article with its questions, for the newsroom; raise `Missing` where there is none."""
    article = db.session.scalar(_with_questions().where(Article.id == article_id))
    if article is None:
        raise Missing(N_("There is no such article."))
    return article


def imported_as(source_digest: str) -> Article | None:
    """Return the article that was imported from the same bytes."""
    return db.session.scalar(select(Article).where(Article.source_digest == source_digest))


def newest() -> list[Article]:
    """Return the newest published articles with their questions."""
    published = _with_questions().where(Article.opened_at.is_not(None))
    return list(db.session.scalars(published.order_by(Article.opened_at.desc(), Article.id.desc()).limit(IN_THE_FEED)))


@cache
def _shown() -> Select[Article]:
    return _with_questions().where(Article.slug == bindparam("slug"))


def _with_questions() -> Select[Article]:
    return select(Article).options(
        joinedload(Article.poll).selectinload(OpinionPoll.choices),
        joinedload(Article.prediction).options(selectinload(Prediction.outcomes), selectinload(Prediction.resolutions)),
    )


def hold(article: Article, expected: str | None = None) -> None:
    """Hold the article until the transaction ends and read it again, with its questions.

    Whoever changes an article or its questions takes this row first, so that they cannot wait for each other.
    """
    this = Article.id == article.id
    db.session.execute(select(Article.id).where(this).with_for_update(key_share=True))
    db.session.scalars(_with_questions().where(this).execution_options(populate_existing=True)).one()
    if expected is not None and edition_of(article) != expected:
        raise Conflict(N_("Somebody else changed this article after you opened it."))


def _set_text(article: Article, draft: ArticleDraft) -> None:
    article.headline = text.line(draft.headline)
    article.byline = text.line(draft.byline)
    article.section = text.line(draft.section)
    article.author_id = draft.author_id
    article.body_source = text.plain(draft.body)
    article.body_html = text.article_html(article.body_source)


def _set_questions(article: Article, draft: ArticleDraft) -> None:
    _set_poll(article, draft.poll)
    _set_prediction(article, draft.prediction)


def _set_poll(article: Article, draft: PollDraft | None) -> None:
    if draft is None:
        if article.poll is not None:
            db.session.delete(article.poll)
            article.poll = None
        return
    poll = article.poll or OpinionPoll()
    labels = wording.answers([label for label, _ in draft.choices])
    wording.check_kind(draft.kind, len(labels))
    poll.question = wording.question(draft.question)
    poll.closes_at, poll.visibility = draft.closes_at, draft.visibility
    poll.kind, poll.is_shuffled = draft.kind, draft.is_shuffled
    poll.choices.clear()
    article.poll = poll
    db.session.flush()
    camps = [camp for _, camp in draft.choices]
    poll.choices.extend(
        OpinionChoice(position=place, label=label, camp=camp)
        for place, (label, camp) in enumerate(zip(labels, camps, strict=True))
    )


def _set_prediction(article: Article, draft: PredictionDraft | None) -> None:
    if draft is None:
        if article.prediction is not None:
            db.session.delete(article.prediction)
            article.prediction = None
        return
    criteria = wording.criteria(draft.criteria)
    prediction = article.prediction or Prediction()
    labels = wording.answers(draft.outcomes)
    prediction.question = wording.question(draft.question)
    prediction.criteria = criteria
    prediction.closes_at, prediction.visibility = draft.closes_at, draft.visibility
    prediction.kind = draft.kind
    prediction.outcomes.clear()
    article.prediction = prediction
    db.session.flush()
    prediction.outcomes.extend(Outcome(position=place, label=label) for place, label in enumerate(labels))


def _check_text(draft: ArticleDraft) -> None:
    if not text.line(draft.headline):
        raise Invalid(N_("The article needs a headline."))
    if len(text.line(draft.headline)) > LONGEST_HEADLINE:
        raise Invalid(N_("The headline is too long: at most %(most)s characters."), most=LONGEST_HEADLINE)
    if any(len(text.line(part)) > LONGEST_LINE for part in (draft.byline, draft.section)):
        raise Invalid(N_("The byline or the section is too long: at most %(most)s characters."), most=LONGEST_LINE)
    if not text.plain(draft.body):
        raise Invalid(N_("The article has no text."))
    if len(draft.body) > LONGEST_BODY:
        raise Invalid(N_("The text is too long: at most %(most)s characters."), most=LONGEST_BODY)


def _free_slug(headline: str) -> str:
    """Return the headline in ASCII words, with a number when another article has it already."""
    ascii_text = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:60].rstrip("-") or "article"
    pattern = stem.replace("_", r"\_") + "%"
    taken = set(db.session.scalars(select(Article.slug).where(Article.slug.like(pattern))))
    place = 1
    while (slug := stem if place == 1 else f"{stem}-{place}") in taken:
        place += 1
    return slug
