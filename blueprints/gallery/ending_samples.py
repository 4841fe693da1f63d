"""What the gallery shows of how predictions end."""

from __future__ import annotations

from datetime import timedelta

from blueprints.gallery.samples import LONG_AGO, LONG_TEXT, NAME
from models import Dispute, DisputeDecision, Outcome, Resolution, ResolutionAct

SOURCE = "https://example.org/a-very-long-address/that-has-to-be-broken-somewhere/or-it-would-reach-out-of-its-box"
WITH_OUTCOME = {ResolutionAct.PROVISIONAL, ResolutionAct.FINAL}
NAMED = NAME


def said(act: ResolutionAct) -> Resolution:
    """Return one thing that was said."""
    row = Resolution(act=act, number=1, resolved_at=LONG_AGO + timedelta(days=1), source_url="", evidence="", note="")
    if act in WITH_OUTCOME:
        row.outcome, row.source_url, row.evidence = Outcome(label=LONG_TEXT), SOURCE, LONG_TEXT
        row.happened_at, row.known_at = LONG_AGO, LONG_AGO + timedelta(hours=1)
    else:
        row.note = LONG_TEXT
    row.editor_id = None if act is ResolutionAct.FINAL else 1
    return row


SAID = [said(act) for act in ResolutionAct]


def disputed(number: int, *, is_upheld: bool | None) -> Dispute:
    """Return a dispute, decided or not."""
    row = Dispute(id=number, source_url=SOURCE, argument=LONG_TEXT, made_at=LONG_AGO)
    if is_upheld is not None:
        row.decision = DisputeDecision(is_upheld=is_upheld, note=LONG_TEXT, decided_at=LONG_AGO + timedelta(hours=3))
    return row


DISPUTES = [disputed(1, is_upheld=None), disputed(2, is_upheld=True), disputed(3, is_upheld=False)]
