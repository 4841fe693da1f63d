from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from extensions import db
from models import Article, Comment, Reader
from tests import factories


@pytest.fixture
def comment(article: Article, reader: Reader) -> Comment:
    comment = factories.comment(article, reader)
    db.session.commit()
    return comment


def run(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["comments", "recount", *options])


def broken(comment: Comment) -> None:
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(good=7))
    db.session.commit()


@pytest.mark.usefixtures("comment")
def test_where_everything_is_right_a_recount_says_so(app: Flask) -> None:
    result = run(app)
    assert (result.exit_code, result.stdout.strip()) == (0, "Every counter is what a recount says.")


def test_a_difference_is_one_line_and_ends_with_one(app: Flask, comment: Comment) -> None:
    broken(comment)
    result = run(app)
    assert (result.exit_code, result.stdout.splitlines()) == (1, [f"comment {comment.id}: good is 7, should be 0"])
    assert "--repair" in result.stderr
    assert db.session.get_one(Comment, comment.id, populate_existing=True).good == 7


def test_a_repair_says_what_it_put_right_and_ends_well(app: Flask, comment: Comment) -> None:
    broken(comment)
    result = run(app, "--repair")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "Put right: 1.")
    assert db.session.get_one(Comment, comment.id, populate_existing=True).good == 0
    assert run(app).exit_code == 0
