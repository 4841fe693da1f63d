"""What the article page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from blueprints.articles.ballots import PLACES
from blueprints.articles.forms import CardForm, card_form
from blueprints.support.caching import about
from domain import endings, following, hindsight, opinions, ownforecasts, pulses, questions, tallies
from domain.endings import Ending
from domain.following import Followable
from domain.hindsight import HowReadersDid, OwnScore
from domain.ownforecasts import History
from domain.participation import Standing, standing_of
from domain.promises import Promises, promises_of
from domain.questions import Change
from domain.tallies import CrossRow, Seen, Tally
from models import Article, Outcome, PollKind, Prediction, Question, Reader


@dataclass(frozen=True, kw_only=True)
class ArticlePage:
    """Everything the article page shows, discussion aside. A tally is None where this reader may not see it yet."""

    article: Article
    standing: Standing
    seen: Seen
    form: CardForm
    takes: Tally | None
    outcomes: Tally | None
    cross: tuple[CrossRow, ...]
    tallies_mark: str  # changes whenever a result on the page does; empty where there is none
    poll_is_open: bool
    prediction_is_open: bool
    can_end_forecast: bool  # also where nobody may predict any more
    ending: Ending | None  # how the prediction ended, where anything was said of it
    poll_changes: Sequence[Change] = ()  # after opening, the oldest first
    prediction_changes: Sequence[Change] = ()
    turn: int | None = None  # in which strangers see the choices in one order, where the card shuffles them
    history: History  # of the reader's own forecasts
    followed: frozenset[Followable] = frozenset()  # of the article and its prediction
    how_readers_did: HowReadersDid | None = None  # once what happened is final
    own_score: OwnScore | None = None
    promises: Promises  # of results that are hidden
    pressed: str = ""  # the button by which the chances in the card were just moved, where they are not sent yet

    @property
    def asks(self) -> bool:
        """Whether there is anything left to answer or to change."""
        return self.poll_is_open or self.prediction_is_open

    @property
    def has_taken_part(self) -> bool:
        """Whether the reader has voted or predicted."""
        return self.standing.has_voted or self.standing.has_predicted

    @property
    def is_answered(self) -> bool:
        """Whether the reader has given everything that is still asked."""
        return (self.standing.has_voted or not self.poll_is_open) and (
            self.standing.has_predicted or not self.prediction_is_open
        )

    @property
    def can_take_back(self) -> bool:
        """Whether there is a take or a prediction that the reader may still take back."""
        return (self.standing.has_voted and self.poll_is_open) or self.can_end_forecast

    @property
    def added_since(self) -> list[Outcome]:
        """Return the outcomes that were added after the reader's own forecast."""
        prediction, forecast = self.article.prediction, self.standing.forecast
        return ownforecasts.added_since(prediction, forecast) if prediction and forecast else []

    def parent_of(self, outcome: Outcome) -> Outcome | None:
        """Return the outcome that an added one was split from."""
        return next((other for other in outcome.prediction.outcomes if other.id == outcome.split_from_id), None)

    def mine(self, choice_id: int) -> str:
        """Return how the reader's own ballot marks a choice in the results: in words, or not at all."""
        vote, poll = self.standing.vote, self.article.poll
        if vote is None or poll is None or choice_id not in vote.choice_ids:
            return ""
        if poll.kind is not PollKind.RANKED:
            return gettext("your pick")
        return gettext("your %(place)s choice", place=PLACES[vote.choice_ids.index(choice_id)])

    @property
    def shows_results(self) -> bool:
        """Whether any result may be seen."""
        return self.takes is not None or self.outcomes is not None

    @property
    def came_true(self) -> int | None:
        """Return the outcome that is held to have happened, if any."""
        return self.article.came_true

    @property
    def is_whole_discussion(self) -> bool:
        """Whether threads are shown in short, with a link to the rest of each."""
        return True

    @property
    def version(self) -> tuple[object, ...]:
        """Return what changes whenever the page of a reader who never took part does."""
        state = (self.article.slug, self.article.version, self.poll_is_open, self.prediction_is_open)
        ending = self.ending.version if self.ending else ()
        return (*state, self.takes, self.outcomes, self.cross, self.tallies_mark, ending, self.turn, self.how_readers_did)


def article_page(article: Article, reader: Reader | None, now: datetime, form: CardForm | None = None) -> ArticlePage:
    """Return the page as this reader may see it, with the card as they sent it if they did."""
    about(article)
    form = form or card_form(article, standing_of(article, reader), reader, now)
    standing, asked = form.standing, [row for row in (article.poll, article.prediction) if row and _is_asked(article, row, now)]
    seen = tallies.seen_by(article, has_voted=standing.has_voted, has_predicted=standing.has_predicted, now=now)
    # before the tallies: what is counted in between makes another mark, and the open page asks for it
    mark = pulses.tallies_mark(
        article.poll.id if article.poll else None, article.prediction.id if article.prediction else None, seen
    )
    poll_changes, prediction_changes = questions.changes_in(article)
    return ArticlePage(
        article=article,
        standing=standing,
        seen=seen,
        form=form,
        takes=tallies.takes(article.poll) if article.poll and seen.takes else None,
        outcomes=tallies.outcomes(article.prediction) if article.prediction and seen.outcomes else None,
        cross=tallies.cross_tab(article) if seen.takes and seen.outcomes else (),
        tallies_mark=mark,
        poll_is_open=article.poll in asked,
        prediction_is_open=article.prediction in asked,
        promises=promises_of(article, asked, seen),
        can_end_forecast=standing.has_predicted and article.prediction is not None and article.prediction.is_open(now),
        ending=endings.ending_of(article.prediction, reader, now),
        poll_changes=poll_changes,
        prediction_changes=prediction_changes,
        turn=opinions.turn_of(article.poll, now) if article.poll in asked else None,
        how_readers_did=hindsight.of_everybody(article.prediction, shows_takes=seen.takes) if article.prediction else None,
        own_score=hindsight.of_oneself(article.prediction, reader) if article.prediction else None,
        history=ownforecasts.history_of(article.prediction, reader),
        followed=following.followed_among(reader, [thing for thing in (article, article.prediction) if thing is not None]),
    )


def _is_asked(article: Article, question: Question, now: datetime) -> bool:
    """Whether the card asks the question: it is open, or the newsroom looks at a draft."""
    return (question.is_open(now) or article.is_draft) and not _is_forbidden(question)


def _is_forbidden(question: Question) -> bool:
    """Whether a law forbids to answer: predicting, never voting."""
    return isinstance(question, Prediction) and question.article.forbids_prediction
