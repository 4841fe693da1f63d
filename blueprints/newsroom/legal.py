"""What the law has to do with an article: a page on which an editor sets it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from blueprints.newsroom.area import ARTICLE, attempt, bp, status_of
from blueprints.newsroom.forms import at_most
from blueprints.support.forms import BaseForm, SelectChoice
from blueprints.support.limits import WRITES
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import articles, legal
from domain.errors import DomainError
from domain.legal import FACTS, LONGEST_NAME, LegalSetting
from extensions import db, limiter
from models import Article, LegalState

LONGEST_NOTE = 1_000  # characters: enough for a colleague to follow
LONGEST_SUBJECTS = 5_000  # characters, twenty names and their line ends

STATES = [
    SelectChoice(LegalState.NONE.value, lazy_gettext("Nothing")),
    SelectChoice(LegalState.PROCEEDINGS.value, lazy_gettext("Proceedings are active")),
    SelectChoice(LegalState.COURT_ORDER.value, lazy_gettext("A court has made an order")),
]


class LegalForm(BaseForm):
    """What an editor sets. `edition` is what they had before them."""

    edition = HiddenField()
    state = SelectField(lazy_gettext("What the law has to do with it"), choices=STATES)
    jurisdiction = StringField(lazy_gettext("Country or court"), [at_most(LONGEST_NAME)])
    is_criminal = BooleanField(lazy_gettext("It is a criminal matter"))
    has_jury = BooleanField(lazy_gettext("A jury decides"))
    is_sensitive = BooleanField(lazy_gettext("What is alleged of these is read by a moderator first"))
    subjects = TextAreaField(lazy_gettext("Whom the article is about"), [at_most(LONGEST_SUBJECTS)])
    closes_comments = BooleanField(lazy_gettext("Nobody can write comments"))
    forces_review = BooleanField(lazy_gettext("A moderator reads every comment before it appears"))
    hides_counts = BooleanField(lazy_gettext("Nobody sees how readers answered"))
    forbids_prediction = BooleanField(lazy_gettext("Nobody can predict how it ends"))
    note = TextAreaField(lazy_gettext("Note for colleagues (optional)"), [at_most(LONGEST_NOTE)])

    @property
    def setting(self) -> LegalSetting:
        """Return what was chosen."""
        return LegalSetting(
            state=LegalState(self.state.data),
            jurisdiction=self.jurisdiction.data or "",
            subjects=tuple((self.subjects.data or "").splitlines()),
            **{name: bool(self[name].data) for name in FACTS},
        )


def legal_form(article: Article) -> LegalForm:
    """Return the form with how an article is set."""
    kept = legal.setting_of(article)
    facts = {name: getattr(kept, name) for name in FACTS}
    words = {"state": kept.state.value, "jurisdiction": kept.jurisdiction, "subjects": "\n".join(kept.subjects)}
    return LegalForm(data={**words, **facts, "edition": kept.edition})


@bp.get(f"{ARTICLE}/legal-state")
def legal_state(article_id: int) -> ResponseReturnValue:
    """Show how an article is set, in a form."""
    article = articles.by_id(article_id)
    return _page(article, legal_form(article))


@bp.post(f"{ARTICLE}/legal-state")
@limiter.limit(WRITES)
def set_legal_state(article_id: int) -> ResponseReturnValue:
    """Set an article anew."""
    article = articles.by_id(article_id)
    form = legal_form(article)
    if not form.validate_on_submit():
        return _page(article, form, status=422)
    with attempt() as tried:
        note, expected = form.note.data or "", form.edition.data or ""
        legal.change(article, form.setting, by=participant(), now=utc_now(), note=note, expected=expected)
    if tried.refusal:
        form.edition.data = legal.setting_of(article).edition
        return _page(article, form, refusal=tried.refusal)
    db.session.commit()
    if form.setting.state is LegalState.NONE:
        flash(gettext("It is set. Nothing is restricted for legal reasons any more."), "done")
    else:
        flash(gettext("It is set. Readers see what is restricted, and why."), "done")
    return redirect(url_for(".edit", article_id=article.id), 303)


def _page(article: Article, form: LegalForm, *, refusal: DomainError | None = None, status: int = 0) -> ResponseReturnValue:
    html = render_template("newsroom/legal_state.html", article=article, form=form, refusal=refusal)
    return html, status or status_of(refusal)
