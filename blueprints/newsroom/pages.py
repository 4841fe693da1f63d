"""What the newsroom's pages show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import flash
from flask_babel import gettext

from blueprints.newsroom.forms import PollForm, PredictionForm, TextForm, poll_form, prediction_form
from blueprints.support.forms import BaseForm
from blueprints.support.site import utc_now
from domain import articles, newsroom, questions, text
from domain.articles import ArticleDraft
from domain.errors import Conflict, DomainError
from domain.newsroom import Stage
from models import Article, OpinionPoll, Prediction

MORE_ROWS = 4  # empty ones, added by the button


@dataclass(kw_only=True)
class EditPage:
    """An article in its forms: filled with what was typed, or else with what is kept.

    Before opening it can be changed as a whole; after that there are no forms for its questions.
    """

    article: Article
    stage: Stage
    words: TextForm
    poll: PollForm | None
    prediction: PredictionForm | None
    refusal: DomainError | None = None
    is_unsaved: bool = False  # a button helped with typing, and nothing has been saved since
    differs: list[str] = field(default_factory=list)

    @property
    def errors(self) -> bool:
        """Whether anything typed has to be looked at again."""
        return any(form.errors for form in self._forms)

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody else was first, so that what is kept is not what this form began with."""
        return isinstance(self.refusal, Conflict)

    def validate(self) -> bool:
        """Check every form that asks something."""
        valid = [form.validate_on_submit() for form in self._forms]  # every form, so that all mistakes are marked
        return all(valid)

    @property
    def poll_acts(self) -> set[str]:
        """Return what can be changed of the open poll."""
        return _acts(self.article.poll) if self.article.poll else set()

    @property
    def prediction_acts(self) -> set[str]:
        """Return what can be changed of the open prediction."""
        prediction = self.article.prediction
        if prediction is None:
            return set()
        return _acts(prediction) | _possible("outcomes", lambda: questions.check_addable(prediction, utc_now()))

    @property
    def draft(self) -> ArticleDraft:
        """Return the article as it was typed."""
        words = self.words
        return ArticleDraft(
            headline=words.headline.data or "",
            body=words.body.data or "",
            byline=words.byline.data or "",
            section=words.section.data or "",
            author_id=words.author_id,
            poll=self.poll.draft if self.poll else None,
            prediction=self.prediction.draft if self.prediction else None,
        )

    def give_more_choices(self) -> None:
        """Show more empty rows for the poll's answers."""
        if self.poll:
            self.poll.choices.spare_rows = MORE_ROWS

    def give_more_outcomes(self) -> None:
        """Show more empty rows for the prediction's outcomes."""
        if self.prediction:
            self.prediction.outcomes.spare_rows = MORE_ROWS

    def use_kind(self) -> None:
        """Fill in the usual answers of the poll's kind."""
        if self.poll and not self.poll.use_kind():
            flash(gettext("There are no usual answers for this kind. Write your own."), "kept")

    def use_template(self) -> None:
        """Fill in the picked ready-made outcomes."""
        if self.prediction:
            self.prediction.use_template(utc_now())

    def use_spans(self) -> None:
        """Fill in the spans between the typed edges."""
        if self.prediction:
            self.prediction.use_spans()

    def refuse(self, refusal: DomainError, now: datetime) -> None:
        """Show a refusal beside what was typed; another save replaces what has been saved meanwhile, knowingly."""
        self.refusal, self.stage = refusal, newsroom.stage_of(self.article, now)
        self.words.edition.data = articles.edition_of(self.article)
        self.differs = _differences(self.article, self.words)
        if not self.article.is_draft:
            self.poll = self.prediction = None

    @property
    def _forms(self) -> list[BaseForm]:
        asked = [form for form in (self.poll, self.prediction) if form is not None and form.asks.data]
        return [self.words, *asked]


def edit_page(article: Article, now: datetime) -> EditPage:
    """Return the article in its forms."""
    words = {name: getattr(article, name) for name in ("headline", "byline", "section")}
    words["author"] = article.author.email if article.author else ""
    return EditPage(
        article=article,
        stage=newsroom.stage_of(article, now),
        words=TextForm(data={**words, "body": article.body_source, "edition": articles.edition_of(article)}),
        poll=poll_form(article.poll, now) if article.is_draft else None,
        prediction=prediction_form(article.prediction, now) if article.is_draft else None,
    )


def _differences(article: Article, words: TextForm) -> list[str]:
    """Return which parts of the text are kept otherwise than they were typed."""
    parts = (
        (gettext("the headline"), article.headline, text.line(words.headline.data or "")),
        (gettext("the byline"), article.byline, text.line(words.byline.data or "")),
        (gettext("the section"), article.section, text.line(words.section.data or "")),
        (gettext("the author's account"), article.author_id, words.author_id),
        (gettext("the text"), article.body_source, text.plain(words.body.data or "")),
    )
    return [name for name, kept, typed in parts if kept != typed]


def _acts(question: OpinionPoll | Prediction) -> set[str]:
    """Return by which of its pages a question can be changed."""
    checks = {
        "wording": lambda: questions.check_changeable(question),
        "closing-time": lambda: questions.check_changeable(question),
        "ending": lambda: questions.check_ending(question, utc_now()),
    }
    return {act for act, check in checks.items() if _possible(act, check)}


def _possible(act: str, check: Callable[[], None]) -> set[str]:
    try:
        check()
    except DomainError:
        return set()
    return {act}
