from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain import articles, crowds, participation, verifying
from domain.participation import Answer
from extensions import db
from models import OpinionVote, PollKind
from tests import factories, multitudes


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("kind", [PollKind.SINGLE, PollKind.APPROVAL, PollKind.RANKED])
def test_a_multitude_is_what_the_same_readers_would_have_left(kind: PollKind, now: datetime) -> None:
    draft = factories.draft(now)
    assert draft.poll is not None
    article = articles.create(replace(draft, poll=replace(draft.poll, kind=kind)), now=now)
    articles.open_to_readers(article, now=now - timedelta(days=1))
    multitudes.take_part(article, multitudes.readers(500, now=now))
    poll, prediction = factories.asked(article)
    participation.submit(article, Answer(choices=poll.choices[:1]), by=factories.guest(), now=now)
    crowds.refresh(prediction, now=now)
    found = [str(one) for check in verifying.checks() for one in verifying.findings(check, now=now)]
    assert [one for one in found if "point" not in one] == []
    assert db.session.scalar(select(func.count()).select_from(OpinionVote)) == 501
