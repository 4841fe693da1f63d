"""The question at an article's end, turned into a drafted poll and prediction. Pure; English only.

Nothing here is published: an editor confirms each wording, answer and time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from domain.asking import AGREE, Ask, Kind, asks_in, names_an_end, wants_yes_or_no
from domain.drafts import LONGEST_QUESTION, PollDraft, PredictionDraft
from domain.errors import N_
from domain.fitting import best_template, score
from domain.named_days import end_of_named_day
from domain.outcome_templates import YES_NO, OutcomeTemplate
from domain.sentences import Paragraph, paragraphs, sentences, without
from models import PollKind

POLL_OPEN_FOR = timedelta(days=30)  # opinions on a piece of news are given in its first days

_WHEN = re.compile(r"when will (.+)\?", re.IGNORECASE)
_BY_A_DATE = N_("Will %(what)s by %(date)s?")


@dataclass(frozen=True, kw_only=True)
class DraftedQuestions:
    """What was found. `closing_words` is the text that asks, empty where none does; `template` made the prediction."""

    poll: PollDraft | None
    prediction: PredictionDraft | None
    template: OutcomeTemplate | None
    body_without_question: str
    closing_words: str


def draft_questions(
    body_markdown: str, now: datetime, *, headline: str = "", translate: Callable[[str], str] = str, zone: tzinfo = UTC
) -> DraftedQuestions:
    """Return the poll and the prediction that the end of an article asks for.

    A closing paragraph leaves the text when all that it says stands in the questions. `translate` is given our own texts;
    days are named as they are called in `zone`, the site's.
    """
    parts = paragraphs(body_markdown)
    closing = _closing(parts)
    asks = [ask for part in closing for ask in asks_in(part.words)]
    opinion = _pick([ask for ask in asks if ask.choices and len(ask.words) <= LONGEST_QUESTION])
    forecast = _pick([ask for ask in asks if ask.predicts and len(ask.words) <= LONGEST_QUESTION])
    template = _template(forecast, headline, parts, closing) if forecast else None
    prediction = _prediction(forecast, template, now, translate, zone) if forecast and template else None
    is_told = forecast and prediction and template and _tells(prediction, template, forecast)
    return DraftedQuestions(
        poll=_poll(opinion, now, translate) if opinion else None,
        prediction=prediction,
        template=template,
        body_without_question=_without_asked(body_markdown, parts, closing, [opinion, forecast if is_told else None]),
        closing_words=" ".join(part.words for part in closing),
    )


def _closing(parts: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs that ask: the last, or the one before it, or both where the last only asks to write."""
    *_, before, last = [None, None, *(part for part in parts if part.level == 0)]
    if last is None:
        return []
    asks = asks_in(last.words)
    ends_in_question = before is not None and asks_in(before.words)[-1].is_question
    if any(ask.is_question for ask in asks):
        return [last]
    if any(ask.kind is Kind.REQUEST for ask in asks):
        return [before, last] if before and ends_in_question else [last]
    asks_before = before is not None and asks_in(before.words)[-1].kind is not Kind.PROSE
    return [before] if before and asks_before else []


def _pick(asks: list[Ask]) -> Ask | None:
    """Return the one to draft from: a question before a mere request, one to "you" before one to nobody, the last of these."""
    ranked = [(ask.is_question, " you" in ask.words, place) for place, ask in enumerate(asks)]
    return asks[max(ranked)[2]] if ranked else None


def _template(forecast: Ask, headline: str, parts: list[Paragraph], closing: list[Paragraph]) -> OutcomeTemplate:
    heavy = [headline, *(sentence for part in closing for sentence in sentences(part.words))]
    template = best_template(heavy, [sentence for part in parts if part not in closing for sentence in sentences(part.words)])
    if template is None:
        return YES_NO
    about_something_else = not (score(forecast.words, template) or names_an_end(forecast.words))
    asks_yes_or_no = forecast.is_question and wants_yes_or_no(forecast.words)
    return YES_NO if asks_yes_or_no and about_something_else else template


def _poll(opinion: Ask, now: datetime, translate: Callable[[str], str]) -> PollDraft:
    choices = [(translate(label), camp) for label, camp in opinion.choices]
    kind = PollKind.AGREEMENT if opinion.choices == AGREE else PollKind.SINGLE
    return PollDraft(question=opinion.words, choices=choices, closes_at=_after(now, POLL_OPEN_FOR), kind=kind)


def _prediction(
    forecast: Ask, template: OutcomeTemplate, now: datetime, translate: Callable[[str], str], zone: tzinfo
) -> PredictionDraft:
    named = end_of_named_day(forecast.words, now, zone) if forecast.is_question else None
    closes_at = named or _after(now, template.open_for)
    day = closes_at.astimezone(zone)
    date = f"{day.day} {day:%B} {day.year}"
    return PredictionDraft(
        question=_wording(forecast, template, date, translate),
        outcomes=[translate(label) for label in template.outcomes],
        criteria=translate(template.criteria) % {"date": date},
        closes_at=closes_at,
    )


def _wording(forecast: Ask, template: OutcomeTemplate, date: str, translate: Callable[[str], str]) -> str:
    """Return the article's own question where the template's outcomes answer it, otherwise the template's."""
    words = forecast.words if forecast.is_question else ""
    when = _WHEN.fullmatch(words)
    if template is YES_NO and when and len(words) + len(date) < LONGEST_QUESTION:
        return translate(_BY_A_DATE) % {"what": when[1], "date": date}
    asks_alike = words.split(" ")[0] in {"How", "What", template.question.split(" ")[0]}
    fits = wants_yes_or_no(words) if template is YES_NO else asks_alike and names_an_end(words)
    return words if words and fits else translate(template.question) % {"date": date}


def _tells(prediction: PredictionDraft, template: OutcomeTemplate, forecast: Ask) -> bool:
    """Whether the prediction asks what the article asks, if in other words."""
    if not forecast.is_question or prediction.question == forecast.words:
        return True
    return _WHEN.match(forecast.words) is not None if template is YES_NO else names_an_end(forecast.words)


def _without_asked(body: str, parts: list[Paragraph], closing: list[Paragraph], told: list[Ask | None]) -> str:
    """Return the text without the closing paragraphs that say nothing but what the questions tell."""
    said = [part for part in closing if all(ask.kind is Kind.REQUEST or ask in told for ask in asks_in(part.words))]
    return without(body, said) if any(told) and len(said) < len(parts) else body


def _after(now: datetime, time: timedelta) -> datetime:
    return (now + time).replace(second=0, microsecond=0)
