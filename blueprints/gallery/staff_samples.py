"""What the gallery shows of the newsroom's and the moderators' components."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from blueprints.gallery.samples import CHOICES, CLAUSES, LONG_AGO, LONG_TEXT, author
from domain import marking
from domain.weighing import Weight
from models import (
    Article,
    Camp,
    Comment,
    CommentState,
    Finding,
    LegalState,
    ModerationAct,
    ModerationEntry,
    OpinionPoll,
    Outcome,
    PollKind,
    Prediction,
    PredictionKind,
    Reader,
    Referral,
    ReferralKind,
    ResultsVisibility,
    Role,
    SanctionKind,
    ScreeningVerdict,
)

STAGES = ("draft", "open", "awaiting", "disputed", "resolved", "closed")
NOUNS = ("annulment", "ambiguity", "reopening")
ZONE = "Europe/Berlin"
PLACE = SimpleNamespace(query={})
ASKS_ALL = Article(
    poll=OpinionPoll(question=LONG_TEXT, choices=CHOICES, closes_at=LONG_AGO, visibility=ResultsVisibility.ALWAYS),
    prediction=Prediction(
        question="What will happen?",
        outcomes=[Outcome(label="This"), Outcome(label=LONG_TEXT)],
        criteria=LONG_TEXT,
        closes_at=LONG_AGO + timedelta(days=1),
        visibility=ResultsVisibility.AFTER_CLOSING,
    ),
)
ASKS_NOTHING = Article(id=1)
ASKED_POLLS = [
    OpinionPoll(
        question=kind.value,
        choices=CHOICES,
        kind=kind,
        is_shuffled=kind is PollKind.SINGLE,
        closes_at=LONG_AGO,
        closed_at=LONG_AGO if kind is PollKind.RANKED else None,
        visibility=ResultsVisibility.ALWAYS,
    )
    for kind in PollKind
]
ASKED_PREDICTION = Prediction(
    question="How many seats?",
    outcomes=[Outcome(label="below 10"), Outcome(label="10 or more")],
    kind=PredictionKind.NUMBER,
    criteria="The commission decides.",
    closes_at=LONG_AGO,
    visibility=ResultsVisibility.ALWAYS,
)
ALL_ACTS = {"wording", "closing-time", "outcomes", "ending"}
STRETCHES = marking.stretches("Look at k1lled and the rest", [(8, 14)])
WEIGHTS = [Weight(3, 0.5, 1), Weight(1, 12.25, 21)]
SANCTIONS = list(SanctionKind)
REFERRALS = [
    *(Referral(kind=kind, made_at=LONG_AGO, note="") for kind in ReferralKind),
    Referral(kind=ReferralKind.LEGAL, made_at=LONG_AGO, note=LONG_TEXT, by=Reader(name="Mo", registered_at=LONG_AGO)),
]
LEGAL_STATES = [
    Article(legal_state=state, jurisdiction="Germany", is_criminal=is_criminal, has_jury=has_jury)
    for state in LegalState
    for is_criminal, has_jury in ((False, False), (True, False), (True, True))
]
VERDICTS = [
    ScreeningVerdict(finding=finding, check_version=version, score=score, evidence=evidence)
    for finding, version, score, evidence in (
        (Finding.HOLD, 1, None, None),
        (Finding.HOLD, 3, None, {"places": [[0, 4, "word"]]}),
        (Finding.FAILED, 1, None, None),
        (Finding.HOLD, 1, 0.81, {"base": -1.2, "parts": [["idiot", 2.1]], "rest": 0.4, "version": "2026-11"}),
        (Finding.HOLD, 1, None, {"comment": 1, "resemblance": 0.93}),
        (
            Finding.HOLD,
            2,
            None,
            {"reasons": [{"fact": "links", "seen": 3, "held": True}, {"fact": "text", "seen": ["a"], "held": False}]},
        ),
    )
]
READERS = [
    author(Role.READER),
    Reader(registered_at=LONG_AGO, email_confirmed_at=LONG_AGO),
    Reader(),
]
ENTRIES = [
    ModerationEntry(act=ModerationAct.HELD),
    ModerationEntry(id=1, act=ModerationAct.APPROVED, from_state=CommentState.HELD),
    ModerationEntry(id=2, act=ModerationAct.APPROVED, from_state=CommentState.PUBLISHED),
    *(ModerationEntry(id=3, act=ModerationAct.REMOVED, clause=clause) for clause in CLAUSES),
    ModerationEntry(id=4, act=ModerationAct.UNDONE),
    *(ModerationEntry(id=5, act=act) for act in ModerationAct if act.value.startswith("edit_")),
    ModerationEntry(id=6, act=ModerationAct.WITHDRAWN),
    ModerationEntry(id=7, act=ModerationAct.HELD, actor_id=1),
    *(ModerationEntry(id=8, act=act, clause=CLAUSES[0]) for act in (ModerationAct.LIMITED, ModerationAct.DISABLED)),
    *(ModerationEntry(id=9, act=act) for act in (ModerationAct.ERASED, ModerationAct.FLAGGED, ModerationAct.REFERRED)),
    *(ModerationEntry(id=10, act=act) for act in ModerationAct if act.value.startswith("appeal")),
]
ITEMS = [
    SimpleNamespace(comment=Comment(state=state), edit=edit)
    for state, edit in [(CommentState.PUBLISHED, None), (CommentState.PUBLISHED, LONG_TEXT), (CommentState.WITHDRAWN, None)]
]


def answers(name: str, *, takes_sides: bool, is_wrong: bool) -> SimpleNamespace:
    """Return the rows of a question's answers."""
    rows = [SimpleNamespace(label=label, camp=camp) for label, camp in zip(("Yes", LONG_TEXT, "", ""), Camp, strict=True)]
    return _field(name, "The answers", is_wrong=is_wrong, rows=rows, takes_sides=takes_sides)


def instant(name: str, *, comes_twice: bool, is_wrong: bool) -> SimpleNamespace:
    """Return an instant that is typed."""
    folds = [("0", "02:30 CEST (UTC+0200)"), ("1", "02:30 CET (UTC+0100)")]
    typed = {"typed": "2031-10-26T02:30", "fold": "", "fold_names": folds, "comes_twice": comes_twice}
    return _field(name, "When it closes", is_wrong=is_wrong, **typed)


def _field(name: str, label: str, *, is_wrong: bool, **more: object) -> SimpleNamespace:
    errors = ["This is what is wrong with it."] if is_wrong else []
    return SimpleNamespace(id=name, name=name, label=SimpleNamespace(text=label), errors=errors, **more)
