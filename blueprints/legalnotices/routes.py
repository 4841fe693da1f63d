"""Sending a notice that something is against the law, and reading how it stands."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.legalnotices.forms import NoticeForm
from blueprints.support import legal_mails
from blueprints.support.caching import shared
from blueprints.support.site import config, utc_now
from domain import legalnotices
from extensions import db, limiter

NOTICES = "20 per hour"  # from one network: an office of lawyers, not a script

bp = Blueprint("legalnotices", __name__, url_prefix="/legal-notices")
bp.add_app_template_filter(legalnotices.deadline, "deadline")


@bp.get("/new")
@shared("place")
def new() -> ResponseReturnValue:
    """Ask for a notice. The place can be given in the address, as our own pages do."""
    place = request.args.get("place", "")
    is_path = place.startswith("/") and not place.startswith("//")
    form = NoticeForm(data={"place": config().site_url + place} if is_path else None)
    return render_template("legalnotices/new.html", form=form)


@bp.post("")
@limiter.limit(NOTICES)
def create() -> ResponseReturnValue:
    """Take a notice in, acknowledge it by mail, and show the page that only its sender knows."""
    form, now = NoticeForm(), utc_now()
    if not form.validate_on_submit():
        return render_template("legalnotices/new.html", form=form), 422
    notice, token = legalnotices.file(form.filing, site_url=config().site_url, now=now)
    legal_mails.acknowledge(notice, token, now=now)
    db.session.commit()
    return redirect(url_for(".receipt", token=token), 303)


@bp.get("/<token>")
def receipt(token: str) -> ResponseReturnValue:
    """Show a notice, how it stands and the answer, to whoever has its token."""
    answer = render_template("legalnotices/receipt.html", notice=legalnotices.of_token(token), now=utc_now())
    return answer, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
