"""From what an editor typed, pasted or uploaded to a draft with the questions its last paragraph asks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask import request
from flask_babel import get_timezone, gettext, lazy_gettext
from wtforms import FileField, HiddenField, StringField, TextAreaField, ValidationError

import importers
from blueprints.newsroom.forms import at_most
from blueprints.support.forms import BaseForm
from domain import text
from domain.articles import LONGEST_BODY, LONGEST_HEADLINE, LONGEST_LINE, ArticleDraft
from domain.closing_question import DraftedQuestions, draft_questions
from domain.errors import N_
from domain.outcome_templates import YES_NO
from domain.sentences import headline_from
from importers import ImportedText, ImportRefused


class NewArticleForm(BaseForm):
    """A text typed or pasted, or a file. `key` tells a second press of the button from a second article.

    Once valid, `imported` is what was found in the text, and `digest` what tells it from another.
    """

    headline = StringField(lazy_gettext("Headline (optional)"), [at_most(LONGEST_HEADLINE)])
    byline = StringField(lazy_gettext("Byline (optional)"), [at_most(LONGEST_LINE)])
    section = StringField(lazy_gettext("Section (optional)"), [at_most(LONGEST_LINE)])
    body = TextAreaField(lazy_gettext("Text"), [at_most(LONGEST_BODY)])
    file = FileField(lazy_gettext("Or a file"))
    key = HiddenField()
    imported: ImportedText
    digest: str

    def validate_file(self, _field: FileField) -> None:
        """Read the file, or else the typed text."""
        upload = request.files.get("file")
        typed = text.plain(self.body.data or "")
        if upload is None or not upload.filename:
            self._take_typed(typed)
            return
        if typed:
            raise ValidationError(gettext("You typed a text and chose a file. Empty the text, or choose no file."))
        data = upload.stream.read(importers.LARGEST_FILE + 1)  # of a file that is too large, no more than shows that it is
        self.imported = _imported(data, upload.filename)
        self.digest = hashlib.sha256(data).hexdigest()
        if len(self.imported.body_markdown) > LONGEST_BODY:
            raise ValidationError(gettext("The text is too long: at most %(most)s characters.", most=LONGEST_BODY))

    def _take_typed(self, typed: str) -> None:
        """Take the text as typed; where no headline was, its first heading is taken for it."""
        if not typed:
            raise ValidationError(gettext("Write or paste a text above, or choose a file."))
        has_headline = text.line(self.headline.data or "")
        self.imported = (
            ImportedText(headline=None, body_markdown=typed) if has_headline else _imported(typed.encode(), "typed.md")
        )
        sent = (self.key.data, self.headline.data, self.byline.data, self.section.data, typed)
        self.digest = hashlib.sha256(repr(sent).encode()).hexdigest()


@dataclass(frozen=True)
class Drafted:
    """A draft, and what an editor has to look at before opening it."""

    draft: ArticleDraft
    notes: list[str]


def drafted(form: NewArticleForm, now: datetime) -> Drafted:
    """Return the draft of a valid form. Takes a while for a long text: call it outside a transaction."""
    imported = form.imported
    given = text.line(form.headline.data or "") or text.line(imported.headline or "")
    headline = given or headline_from(imported.body_markdown)
    questions = draft_questions(imported.body_markdown, now, headline=headline, translate=gettext, zone=get_timezone())
    draft = ArticleDraft(
        headline=headline[:LONGEST_HEADLINE],
        body=questions.body_without_question,
        byline=text.line(form.byline.data or "") or imported.byline[:LONGEST_LINE],
        section=text.line(form.section.data or "") or imported.section[:LONGEST_LINE],
        source_digest=form.digest,
        poll=questions.poll,
        prediction=questions.prediction,
    )
    notes = [gettext(note) for note in imported.notes]
    if not given:
        notes.append(gettext("The headline was made from the first sentence. Write a better one."))
    elif len(given) > LONGEST_HEADLINE:
        notes.append(gettext("The headline was cut to %(most)s characters.", most=LONGEST_HEADLINE))
    return Drafted(draft, [*notes, _about(questions)])


def _imported(data: bytes, filename: str) -> ImportedText:
    try:
        return importers.read(data, filename)
    except ImportRefused as refusal:
        raise ValidationError(gettext(refusal.message, **refusal.values)) from refusal


def _about(questions: DraftedQuestions) -> str:
    """Return what was made of the closing question."""
    name = ""
    if questions.template is YES_NO:
        message = N_("No ready-made outcomes fit this article. Check that yes and no answer the prediction.")
    elif questions.template:
        name = gettext(questions.template.name)
        message = N_("The outcomes are those for “%(name)s”. Check that they fit this article.")
    elif questions.poll:
        message = N_("A poll was drafted from the last paragraph. Check its question and its answers.")
    elif questions.closing_words:
        message = N_("The last paragraph asks something, but no question could be made from it. Add one below.")
    else:
        message = N_("No closing question was found. Add one below, so that readers can answer.")
    return str(gettext(message, name=name))
