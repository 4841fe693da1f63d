"""`flask articles import`: a file becomes a draft article with the questions its last paragraph asks."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import get_timezone, gettext

import importers
from commands import refusals
from domain import text
from domain.articles import LONGEST_BODY, LONGEST_HEADLINE, create_once
from domain.closing_question import DraftedQuestions, draft_questions
from domain.drafts import ArticleDraft
from domain.errors import N_, Invalid
from domain.outcome_templates import YES_NO
from domain.sentences import headline_from
from extensions import db
from importers import ImportedText, ImportRefused
from models import Article, OpinionPoll, Prediction

group = AppGroup("articles", help="Bring articles in.")


@dataclass(frozen=True)
class Given:
    """What the command line says in place of what the file says; empty where it says nothing."""

    title: str
    byline: str
    section: str


@group.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--title", default="", help="The headline, in place of the file's own.")
@click.option("--byline", default="", help="Who wrote it, in place of what the file says.")
@click.option("--section", default="", help="The section, in place of what the file says.")
def import_article(*, path: Path, title: str, byline: str, section: str) -> None:
    """Import the text, Markdown or HTML file at PATH as a draft that asks the question of its last paragraph."""
    now = datetime.now(UTC)
    data = _contents(path)
    digest = hashlib.sha256(data).hexdigest()
    imported = _read(data, path.name)
    given = Given(text.line(title), text.line(byline), text.line(section))
    with refusals.told():
        draft, drafted = _draft(imported, given, digest, now)
        article = create_once(draft, now=now)
        db.session.commit()
    if article.created_at == now:
        _report(article, imported, given, drafted)
    else:
        click.echo(f"This file was imported before, as “{article.slug}”. Nothing was changed.")
        click.echo("Edit the article in the newsroom.")


def _contents(path: Path) -> bytes:
    """Return the file's bytes, and of one that is too large no more than shows that it is."""
    name = click.format_filename(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            message = f"{name} is not a file. Give the path of one text, Markdown or HTML file."
            raise click.ClickException(message)
        with path.open("rb") as file:
            return file.read(importers.LARGEST_FILE + 1)
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror}."
        raise click.ClickException(message) from error


def _read(data: bytes, name: str) -> ImportedText:
    try:
        return importers.read(data, name)
    except ImportRefused as refusal:
        raise click.ClickException(gettext(refusal.message, **refusal.values)) from refusal


def _draft(imported: ImportedText, given: Given, digest: str, now: datetime) -> tuple[ArticleDraft, DraftedQuestions]:
    body = imported.body_markdown
    if len(body) > LONGEST_BODY:  # before its sentences are weighed, which takes time
        raise Invalid(N_("The text is too long: at most %(most)s characters."), most=LONGEST_BODY)
    headline = given.title or imported.headline or headline_from(body)
    if len(headline) > LONGEST_HEADLINE:
        raise Invalid(
            N_("The headline is longer than %(most)s characters. Give a shorter one with --title."), most=LONGEST_HEADLINE
        )
    drafted = draft_questions(body, now, headline=headline, translate=gettext, zone=get_timezone())
    draft = ArticleDraft(
        headline=headline,
        body=drafted.body_without_question,
        byline=given.byline or imported.byline,
        section=given.section or imported.section,
        source_digest=digest,
        poll=drafted.poll,
        prediction=drafted.prediction,
    )
    return draft, drafted


def _report(article: Article, imported: ImportedText, given: Given, drafted: DraftedQuestions) -> None:
    click.echo(f"Imported as a draft: {article.headline}")
    click.echo(f"  slug: {article.slug}")
    for label, value in (("byline", article.byline), ("section", article.section)):
        if value:
            click.echo(f"  {label}: {value}")
    for note in imported.notes:
        click.echo(f"  note: {gettext(note)}")
    if article.poll:
        _report_poll(article.poll)
    if article.prediction:
        _report_prediction(article.prediction)
    click.echo("\nNext, in the newsroom:")
    for step in _next_steps(article, imported, given, drafted):
        click.echo(f"  - {step}")


def _report_poll(poll: OpinionPoll) -> None:
    click.echo(f"\nPoll: {poll.question}")
    for choice in poll.choices:
        click.echo(f"  - {choice.label} ({choice.camp.value})")
    click.echo(f"  closes {_when(poll.closes_at)}")


def _report_prediction(prediction: Prediction) -> None:
    click.echo(f"\nPrediction: {prediction.question}")
    for outcome in prediction.outcomes:
        click.echo(f"  - {outcome.label}")
    click.echo(f"  closes {_when(prediction.closes_at)}")
    click.echo(f"  criteria: {prediction.criteria}")


def _next_steps(article: Article, imported: ImportedText, given: Given, drafted: DraftedQuestions) -> Iterator[str]:
    if not (given.title or imported.headline):
        yield "The file names no headline: this one was made from its first sentence. Write a better one, or next time give --title."
    if drafted.template is YES_NO:
        yield "No outcome template fits this article. Check that yes and no answer the prediction, or write outcomes of your own."
    elif drafted.template:
        yield f"The outcomes are those of the template “{gettext(drafted.template.name)}”. Check that they fit this article."
    if article.poll or article.prediction:
        yield "Confirm the wording, the answers, the closing times and, for a prediction, what decides it."
    elif drafted.closing_words:
        yield "The last paragraph asks, but no poll and no prediction could be made from it. Add one, so that readers can answer."
    else:
        yield "No closing question was found in the last two paragraphs. Add a poll or a prediction, so that readers can answer."
    yield "Then open the article: until then, only the newsroom sees it."


def _when(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
