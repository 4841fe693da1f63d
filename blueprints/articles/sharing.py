"""What is on the picture beside a shared link: the result as everybody may see it, or the question alone while it is hidden."""

from __future__ import annotations

import hashlib

from flask_babel import gettext, ngettext

from blueprints.articles.pages import ArticlePage
from blueprints.support.filters import percent
from blueprints.support.language import number
from blueprints.support.pictures import MOST_BARS, Bar, PictureContent
from blueprints.support.site import absolute_url, config
from domain.tallies import Tally

DIGEST = 16  # hexadecimal digits, of which two pictures will not have the same


def content_of(page: ArticlePage) -> PictureContent:
    """Return what is on the picture of a page made for nobody."""
    article, poll, prediction = page.article, page.article.poll, page.article.prediction
    shown: tuple[str, list[Bar], str] | None = None
    if poll is not None and page.takes is not None and page.takes.total:
        shown = poll.question, _bars(page.takes), _note(page.takes)
    elif prediction is not None and page.outcomes is not None and page.outcomes.total:
        shown = prediction.question, _bars(page.outcomes), _note(page.outcomes)
    asked = poll or prediction
    question, bars, note = shown or (asked.question if asked else "", [], "")
    return PictureContent(
        site_name=config().site_name,
        headline=article.headline,
        question=question,
        bars=bars,
        note=note,
        is_hidden=shown is None,
    )


def digest_of(content: PictureContent) -> str:
    """Return what changes with the picture: nothing that is not on it is part of this."""
    return hashlib.sha256(repr((content, config().locale)).encode()).hexdigest()[:DIGEST]


def address_of(page: ArticlePage) -> str:
    """Return where the picture of a page made for nobody is, under an address of its own for each state."""
    return absolute_url("articles.result_picture_of", slug=page.article.slug, v=digest_of(content_of(page)))


def _bars(tally: Tally) -> list[Bar]:
    """Return the answers that have the most room, in the order of the question: chances of outcomes, shares of takes."""
    sizes = [(share.crowd if tally.has_crowd and share.crowd is not None else share.share) for share in tally.shares]
    largest = sorted(range(len(sizes)), key=lambda place: -sizes[place])[:MOST_BARS]
    return [
        Bar(share.label, sizes[place], percent(sizes[place]), share.camp.value if share.camp else "foresight")
        for place, share in enumerate(tally.shares)
        if place in largest
    ]


def _note(tally: Tally) -> str:
    if tally.has_crowd:
        return gettext("The crowd forecast of %(count)s readers", count=number(tally.forecasts_in_crowd))
    if tally.rounds:
        return ngettext(
            "How many of %(count)s reader put each first. They chose to take part.",
            "How many of %(count)s readers put each first. They chose to take part.",
            tally.total,
            count=number(tally.total),
        )
    return ngettext(
        "%(count)s reader. They chose to take part: not a representative sample.",
        "%(count)s readers. They chose to take part: not a representative sample.",
        tally.total,
        count=number(tally.total),
    )
