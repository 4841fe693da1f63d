"""The list of articles; writing, importing and editing one."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.newsroom.area import ARTICLE, attempt, bp, status_of
from blueprints.newsroom.drafting import Drafted, NewArticleForm, drafted
from blueprints.newsroom.pages import EditPage, edit_page
from blueprints.support.limits import WRITES
from blueprints.support.pagination import cursor
from blueprints.support.site import config, utc_now
from domain import articles, newsroom
from domain.errors import DomainError
from domain.newsroom import Stage
from extensions import db, limiter
from models import Article

NOTES_SHOWN = 5  # about a new draft, on its first page


@bp.get("")
def index() -> ResponseReturnValue:
    """List all articles, or those at one stage."""
    stages = {stage.value: stage for stage in Stage}
    name = request.args.get("stage")
    if name is not None and name not in stages:
        abort(400)
    stage = stages[name] if name else None
    before = cursor("before")
    listing = newsroom.listing(utc_now(), stage=stage, before=before)
    return render_template(
        "newsroom/index.html", listing=listing, stages=list(Stage), chosen=stage, is_later_page=before is not None
    )


@bp.get("/articles/new")
def new() -> ResponseReturnValue:
    """Ask for an article's text, typed or as a file."""
    return _new_form(NewArticleForm(data={"key": secrets.token_hex(8)}))


@bp.post("/articles")
@limiter.limit(WRITES)
def create() -> ResponseReturnValue:
    """Make a draft of what was typed or uploaded, with the questions it asks."""
    form, now = NewArticleForm(), utc_now()
    if not form.validate_on_submit():
        return _new_form(form), 422
    found = drafted(form, now)
    with attempt() as tried:
        article = articles.create_once(found.draft, now=now)
    if tried.refusal:
        return _new_form(form, tried.refusal), status_of(tried.refusal)
    db.session.commit()
    _tell_about(found, is_new=article.created_at == now)
    return redirect(url_for(".edit", article_id=article.id), 303)


@bp.get(ARTICLE)
def edit(article_id: int) -> ResponseReturnValue:
    """Show an article in its forms."""
    return _edit_form(edit_page(articles.by_id(article_id), utc_now()))


@bp.post(ARTICLE)
@limiter.limit(WRITES)
def revise(article_id: int) -> ResponseReturnValue:
    """Save what was typed; or, for the buttons that only help with typing, show the form with what they did."""
    now = utc_now()
    page = edit_page(articles.by_id(article_id), now)
    step = request.form.get("step", "save")
    if helper := _typing_help(page).get(step):
        helper()
        page.is_unsaved = True
        return _edit_form(page), 422 if page.errors else 200
    if not page.validate():
        return _edit_form(page), 422
    with attempt() as tried:
        articles.revise(page.article, page.draft, expected=page.words.edition.data)
    if tried.refusal:
        page.refuse(tried.refusal, now)
        return _edit_form(page), status_of(tried.refusal)
    db.session.commit()
    flash(gettext("Saved."), "done")
    return redirect(_after_saving(page.article, step), 303)


def _typing_help(page: EditPage) -> dict[str, Callable[[], None]]:
    """Return the buttons that change the form and save nothing."""
    return {
        "more-choices": page.give_more_choices,
        "more-outcomes": page.give_more_outcomes,
        "kind": page.use_kind,
        "template": page.use_template,
        "spans": page.use_spans,
    }


def _after_saving(article: Article, step: str) -> str:
    if step == "preview":
        return url_for("articles.show", slug=article.slug)
    return url_for(".opening" if step == "open" and article.is_draft else ".edit", article_id=article.id)


def _tell_about(found: Drafted, *, is_new: bool) -> None:
    if not is_new:
        flash(gettext("This text is here already. Nothing was added."), "kept")
        return
    flash(gettext("A draft, for you to confirm. Only the newsroom sees it."), "done")
    for note in found.notes[:NOTES_SHOWN]:
        flash(note, "kept")


def _new_form(form: NewArticleForm, refusal: DomainError | None = None) -> str:
    return render_template("newsroom/new.html", form=form, refusal=refusal)


def _edit_form(page: EditPage) -> str:
    return render_template("newsroom/edit.html", page=page, zone=config().timezone)
