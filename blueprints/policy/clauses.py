"""The clauses of the house rules: their list, each with its history, adding and changing them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField

from blueprints.policy.area import CHANGES_A_MINUTE, bp, category_name, status_of, tried, whole
from blueprints.support.categories import CATEGORIES
from blueprints.support.forms import BaseForm, SelectChoice, line_ends
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import clauses, differences, policies
from domain.differences import Piece
from domain.errors import Conflict, DomainError
from domain.policies import Draft, Said
from extensions import db, limiter
from models import Category, ClauseVersion

CLAUSE = "/clauses/<code>"


class OtherForm(Form):
    """What a clause says in another language. Without a language it is not there."""

    class Meta(BaseForm.Meta):
        """Where messages are translated."""

    language = StringField(lazy_gettext("Language, by its code"))
    title = StringField(lazy_gettext("Title"))
    text = TextAreaField(lazy_gettext("What readers are asked"))
    statement = TextAreaField(lazy_gettext("What the author of a restricted comment is told"))


class ClauseForm(BaseForm):
    """A clause. `number` is the version the editor had before them."""

    code = StringField(lazy_gettext("Code"))
    category = SelectField(lazy_gettext("Category of the Digital Services Act"))
    title = StringField(lazy_gettext("Title"))
    text = TextAreaField(lazy_gettext("What readers are asked"), filters=[line_ends])
    statement = TextAreaField(lazy_gettext("What the author of a restricted comment is told"), filters=[line_ends])
    number = HiddenField(default="0")
    others = FieldList(FormField(OtherForm), max_entries=policies.MOST_LANGUAGES + 1)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.category.choices = [SelectChoice(one.value, category_name(one)) for one in CATEGORIES]

    @property
    def draft(self) -> Draft:
        """Return what was typed."""
        said = [(one.language.data or "", _said(one.form)) for one in self.others]
        others = {language.strip(): one for language, one in said if language.strip() or one != EMPTY}
        known = {one.value: one for one in Category}
        return Draft(said=_said(self), category=known.get(self.category.data, Category.OTHER), others=others)

    def with_a_spare(self) -> ClauseForm:
        """Return the form with room for one more language."""
        if not self.others.entries or self.others.entries[-1].language.data:
            self.others.append_entry()
        return self


EMPTY = Said(title="", text="", statement="")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One version of a clause, with what it changed of the one before; nothing for the first, and for what is too long."""

    version: ClauseVersion
    pieces: list[Piece] | None


@bp.get("/clauses")
def list_clauses() -> ResponseReturnValue:
    """Show the clauses in the order of their keys, and those that are retired."""
    return render_template("policy/clauses.html", reasons=clauses.reasons(), retired=policies.retired())


@bp.get("/new-clause")
def new_clause() -> ResponseReturnValue:
    """Ask for a new clause."""
    return _form(ClauseForm(), None, None)


@bp.post("/clauses")
@limiter.limit(CHANGES_A_MINUTE)
def add_clause() -> ResponseReturnValue:
    """Add a clause."""
    form = ClauseForm()
    code = (form.code.data or "").strip()
    refusal = tried(lambda: policies.add(code, form.draft, by=participant(), now=utc_now()))
    if refusal:
        return _form(form, None, refusal)
    db.session.commit()
    flash(gettext("Added. It can be a reason from now on."), "done")
    return redirect(url_for("policy.show_clause", code=code), 303)


@bp.get(CLAUSE)
def show_clause(code: str) -> ResponseReturnValue:
    """Show what a clause says, and everything it has said."""
    clause = policies.by_code(code)
    versions = policies.versions_of(clause)
    wordings = policies.wordings_of([version.id for version in versions])
    texts = [_whole(version, wordings[version.id]) for version in versions]
    older = [*texts[1:], None]
    told = [
        Told(version=version, pieces=None if before is None else differences.between(before, text))
        for version, text, before in zip(versions, texts, older, strict=True)
    ]
    return render_template("policy/clause.html", clause=clause, newest=versions[0], others=wordings[versions[0].id], told=told)


@bp.get(f"{CLAUSE}/edit")
def edit_clause(code: str) -> ResponseReturnValue:
    """Ask for what a clause is to say."""
    newest = clauses.newest_of(policies.by_code(code).id)
    draft = policies.drafted(newest)
    others = [{"language": language, **_fields(said)} for language, said in draft.others.items()]
    form = ClauseForm(data={"category": draft.category.value, "number": newest.number, "others": others, **_fields(draft.said)})
    return _form(form, newest, None)


@bp.post(f"{CLAUSE}/versions")
@limiter.limit(CHANGES_A_MINUTE)
def change_clause(code: str) -> ResponseReturnValue:
    """Let a clause say something else."""
    clause, form = policies.by_code(code), ClauseForm()
    refusal = tried(
        lambda: policies.change(clause, form.draft, expected=whole(form.number.data), by=participant(), now=utc_now())
    )
    if refusal:
        newest = clauses.newest_of(clause.id)
        if isinstance(refusal, Conflict):
            form.number.data = str(newest.number)  # what is sent next was typed with theirs in view
        return _form(form, newest, refusal)
    db.session.commit()
    flash(gettext("Saved. What was decided before goes by what it said then."), "done")
    return redirect(url_for("policy.show_clause", code=code), 303)


@bp.post(f"{CLAUSE}/position")
@limiter.limit(CHANGES_A_MINUTE)
def move_clause(code: str) -> ResponseReturnValue:
    """Put a clause one place up or down."""
    place = whole(request.form.get("place"))
    policies.move(policies.by_code(code), place, by=participant(), now=utc_now())
    db.session.commit()
    return redirect(url_for("policy.list_clauses", _anchor=f"clause-{code}"), 303)


@bp.post(f"{CLAUSE}/retirement")
@limiter.limit(CHANGES_A_MINUTE)
def retire_clause(code: str) -> ResponseReturnValue:
    """Let a clause be no reason any more."""
    policies.retire(policies.by_code(code), by=participant(), now=utc_now())
    db.session.commit()
    flash(gettext("Retired. What was decided by it stands."), "done")
    return redirect(url_for("policy.list_clauses"), 303)


@bp.post(f"{CLAUSE}/return")
@limiter.limit(CHANGES_A_MINUTE)
def return_clause(code: str) -> ResponseReturnValue:
    """Let a retired clause be a reason again."""
    policies.bring_back(policies.by_code(code), by=participant(), now=utc_now())
    db.session.commit()
    flash(gettext("It is a reason again, the last in the list."), "done")
    return redirect(url_for("policy.list_clauses"), 303)


def _form(form: ClauseForm, newest: ClauseVersion | None, refusal: DomainError | None) -> ResponseReturnValue:
    told = {"newest": newest, "refusal": refusal, "is_overtaken": isinstance(refusal, Conflict)}
    page = render_template("policy/clause_form.html", form=form.with_a_spare(), **told)
    return page, status_of(refusal)


def _said(form: Form) -> Said:
    typed = {name: (form[name].data or "").strip() for name in ("title", "text", "statement")}
    return Said(**typed)


def _fields(said: Said) -> dict[str, str]:
    return {"title": said.title, "text": said.text, "statement": said.statement}


def _whole(version: ClauseVersion, wordings: dict[str, Said]) -> str:
    """Return all that a version says, one paragraph after another and each with its end, for comparing it with another."""
    parts = [version.title, version.text, version.statement, category_name(version.category)]
    for language, said in wordings.items():
        parts += [f"[{language}] {said.title}", said.text, said.statement]
    return "".join(f"{part}\n\n" for part in parts)
