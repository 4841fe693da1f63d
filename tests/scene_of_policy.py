"""What the policy of the stage holds: a listed word, a rule, a model that was trained."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from sqlalchemy import select

from domain import classifiers, rulekeeping, ruleyaml, wordlists
from domain.classifier import Bin, Report, Threshold
from domain.textmodel import BUCKETS, Model
from extensions import db
from models import ListedWord, Reader, WordList

RULE = """
name: Links from newcomers
when:
  all:
  - author_approved: {below: 2}
  - links: {at_least: 1}
then: flag
"""
REPORT = Report(
    examples=500,
    removed=100,
    brier=0.1,
    calibration=(Bin(0.1, 30, 400), Bin(0.9, 70, 100)),
    hold=Threshold(0.8, 60, 55),
    flag=None,
)


def model(base: float = 0.0) -> Model:
    """Return a model that has learned nothing but how often anything is removed."""
    return Model(base, np.zeros(BUCKETS, dtype=np.float16), REPORT)


def names(editor: Reader, now: datetime) -> dict[str, object]:
    """Let an editor have listed a word, written a rule and trained a model, and return their names."""
    wordlists.add(WordList.BANNED, ["zounds"], by=editor, now=now)
    version = rulekeeping.make(ruleyaml.parse(RULE), clause=None, by=editor, now=now)
    row = classifiers.keep(model(), by=editor, now=now)
    db.session.flush()
    word = db.session.scalar(select(ListedWord.id))
    return {"word": word, "rule": version.rule_id, "rule_source": RULE, "model": row.version}
