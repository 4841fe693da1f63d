"""What the gallery shows of the log, the reports and the figures of moderation."""

from __future__ import annotations

from datetime import timedelta

from blueprints.gallery.samples import LONG_AGO, LONG_TEXT
from domain.metrics import Figures
from domain.publiclog import Told
from models import ModerationAct, SanctionKind

FIGURES = Figures(
    name=LONG_TEXT,
    decisions=12_345,
    half=timedelta(minutes=7),
    most=timedelta(hours=30),
    a_minute=4.25,
    reversed=0.031,
    opinions=40,
    agreement=0.9,
)
NOTHING = Figures(name="", decisions=0, half=None, most=None, a_minute=None, reversed=None, opinions=0, agreement=None)


def _told(act: ModerationAct, sanction: SanctionKind | None = None) -> Told:
    return Told(
        id=1,
        act=act,
        made_at=LONG_AGO,
        clause="Abuse",
        is_by_machine=False,
        article=None,
        sanction=sanction,
        undoes=None,
        detail="",
    )


ACTS = [
    *(_told(act) for act in ModerationAct if act is not ModerationAct.SANCTIONED),
    *(_told(ModerationAct.SANCTIONED, kind) for kind in SanctionKind),
]
