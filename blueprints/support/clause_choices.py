"""The clauses of the policy, to choose one from: none is chosen before somebody has."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext

from blueprints.support.forms import SelectChoice
from models import ClauseVersion

UNCHOSEN = lazy_gettext("Choose a clause: whoever it concerns is told why.")


def clause_choices(offered: Iterable[ClauseVersion]) -> list[SelectChoice]:
    """Return what a list of clauses offers. Its first entry is empty, so that nobody is told a reason that nobody chose."""
    return [SelectChoice("", gettext("Choose a clause")), *(SelectChoice(row.clause.code, row.title) for row in offered)]
