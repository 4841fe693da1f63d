from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from domain.articles import LONGEST_BODY
from extensions import db
from importers import LARGEST_FILE
from models import Article, OpinionPoll, Prediction
from tests.applications import another_app, migrated, twin

pytestmark = pytest.mark.usefixtures("stage")

CLOSING = (
    "Do you agree with the captain’s step against the company? Give us your take and your prediction of the outcome below."
)
TEXT = f"""The captain goes to court

By Ana Lopez

Last spring the charges against the ferry's captain were dropped.

This week she filed a lawsuit against the harbour company, asking for damages.

{CLOSING}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "captain.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(app: Flask, *arguments: str | Path) -> Result:
    result = app.test_cli_runner().invoke(args=["articles", "import", *map(str, arguments)])
    db.session.rollback()  # what the command did not commit is gone
    return result


def imported(app: Flask, *arguments: str | Path) -> Article:
    result = run(app, *arguments)
    assert result.exit_code == 0, result.output
    return db.session.scalars(select(Article)).one()


def questions_of(article: Article) -> tuple[OpinionPoll, Prediction]:
    assert article.poll is not None
    assert article.prediction is not None
    return article.poll, article.prediction


def test_a_file_becomes_a_draft_with_headline_byline_and_text(app: Flask, file: Path) -> None:
    article = imported(app, file)
    assert article.is_draft
    assert (article.slug, article.headline) == ("the-captain-goes-to-court", "The captain goes to court")
    assert article.byline == "By Ana Lopez"
    assert article.body_source.startswith("Last spring")
    assert article.body_source.endswith("for damages.")


def test_the_closing_question_becomes_a_poll(app: Flask, file: Path) -> None:
    poll, _ = questions_of(imported(app, file))
    assert poll.question == "Do you agree with the captain’s step against the company?"
    assert [choice.label for choice in poll.choices] == ["Agree", "Disagree", "Not sure"]


def test_the_requested_prediction_takes_the_outcomes_of_a_lawsuit(app: Flask, file: Path) -> None:
    _, prediction = questions_of(imported(app, file))
    assert prediction.question == "How will the lawsuit end?"
    outcomes = ["Dismissed", "Settled", "Verdict for the claimant", "Verdict for the defendants", "Dropped", "Something else"]
    assert [outcome.label for outcome in prediction.outcomes] == outcomes
    assert prediction.criteria.startswith("Decided by")
    assert prediction.closes_at - datetime.now(UTC) > timedelta(days=364)


def test_the_output_says_what_was_drafted_and_what_to_confirm(app: Flask, file: Path) -> None:
    output = run(app, file).output
    parts = (
        "slug: the-captain-goes-to-court",
        "Do you agree",
        "- Agree (for)",
        "How will the lawsuit end?",
        "- Settled",
        "closes 2",
    )
    assert [part for part in parts if part not in output] == []
    assert "template “Civil lawsuit”" in output
    assert "Confirm the wording" in output


def test_importing_the_same_file_again_changes_nothing(app: Flask, file: Path) -> None:
    before = imported(app, file).version
    copy = file.with_name("copy.txt")
    copy.write_bytes(file.read_bytes())
    result = run(app, copy, "--title", "Another headline")
    assert result.exit_code == 0
    assert "imported before, as “the-captain-goes-to-court”. Nothing was changed." in result.output
    article = db.session.scalars(select(Article)).one()
    assert (article.headline, article.version) == ("The captain goes to court", before)


def test_another_file_with_the_same_headline_is_another_article(app: Flask, file: Path) -> None:
    imported(app, file)
    file.write_text(TEXT.replace("Last spring", "Last winter"), encoding="utf-8")
    assert "slug: the-captain-goes-to-court-2" in run(app, file).output


def test_the_command_line_outdoes_the_file(app: Flask, file: Path) -> None:
    article = imported(app, file, "--title", " Court ", "--byline", "By Jo Baker", "--section", "Islands")
    assert (article.headline, article.byline, article.section) == ("Court", "By Jo Baker", "Islands")
    assert "captain goes to court" not in article.body_source


def test_a_headline_made_from_the_first_sentence_is_said(app: Flask, file: Path) -> None:
    file.write_text("The ferry is back, its owners say.\n\nShould it sail?", encoding="utf-8")
    result = run(app, file)
    assert "Imported as a draft: The ferry is back, its owners say\n" in result.output
    assert "made from its first sentence" in result.output
    assert "--title" in result.output


@pytest.mark.parametrize(
    ("closing", "says"),
    [
        ("The ferry sails on Friday.", "No closing question was found"),
        ("Who should pay for it?", "no poll and no prediction could be made"),
        ("Will the ferry sail again?", "No outcome template fits"),
    ],
)
def test_where_something_is_missing_the_output_says_what_to_do(app: Flask, file: Path, closing: str, says: str) -> None:
    file.write_text(f"The ferry is back.\n\n{closing}", encoding="utf-8")
    assert says in " ".join(run(app, file).output.split())


def test_without_a_question_the_draft_has_none_and_keeps_its_text(app: Flask, file: Path) -> None:
    file.write_text("The ferry is back.\n\nIt sails on Friday.", encoding="utf-8")
    article = imported(app, file)
    assert (article.poll, article.prediction) == (None, None)
    assert article.body_source == "The ferry is back.\n\nIt sails on Friday."


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_any_usual_encoding_and_line_end_gives_the_same_article(app: Flask, file: Path, encoding: str, ends: str) -> None:
    file.write_bytes(TEXT.rstrip("\n").replace("\n", ends).encode(encoding))
    article = imported(app, file)
    assert questions_of(article)[0].question == "Do you agree with the captain’s step against the company?"
    assert article.body_source.count("\n\n") == 1


def test_a_web_page_becomes_the_same_questions(app: Flask, tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{part}" for part in TEXT.split("\n\n")[2:])
    page = tmp_path / "captain.html"
    page.write_text(f"<title>Captain | Tide</title><article><h1>Captain</h1><script>x</script>{paragraphs}</article>")
    article = imported(app, page)
    assert article.headline == "Captain"
    assert questions_of(article)[1].question == "How will the lawsuit end?"
    assert "<script" not in article.body_html


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "The file is empty"),
        ("blank.md", b" \r\n\t\n", "The file is empty"),
        ("nul.txt", b"text\x00text", "not a text file"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
        ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "This is a PDF"),
        ("letters.txt", b"\x81\x8d\x90\x9d", "cannot be read"),
        ("headline.txt", b"Only a headline", "no text below it"),
        ("page.html", b"<script>write('x')</script>", "no article text"),
        ("deep.html", b"<div>" * 9_000 + b"x", "nested too deeply"),
        ("long.txt", b"Long words. " * (LONGEST_BODY // 11), "too long: at most 200000"),
        ("longer.txt", b"Long words. " * 100_000, "far too long"),
        ("huge.txt", b"x" * (LARGEST_FILE + 1), "at most 2 MB"),
        ("heading.md", b"# " + b"long " * 60 + b"\n\nText.", "shorter one with --title"),
        ("byline.md", b"---\nauthor: " + b"long " * 60 + b"\n---\nText.", "byline or the section is too long"),
    ],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(
    app: Flask, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    result = run(app, path)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert says in result.output
    assert len(result.output.splitlines()) <= 2
    assert db.session.scalar(select(func.count()).select_from(Article)) == 0


@pytest.mark.parametrize(
    ("path", "says"),
    [("missing.txt", "No such file"), (".", "not a file"), ("x" * 300, "too long"), ("captain.txt/x", "Not a dir")],
)
def test_a_path_that_leads_to_no_file_is_named(app: Flask, file: Path, path: str, says: str) -> None:
    result = run(app, file.parent / path)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert says in result.output


def test_of_a_huge_file_only_the_beginning_is_read(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "sparse.txt"
    path.touch()
    os.truncate(path, 10**12)
    assert "at most 2 MB" in run(app, path).output


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])  # 26 hours apart: one has another day than UTC
def test_a_drafted_question_names_the_day_of_the_sites_zone(database_url: str, file: Path, zone: str) -> None:
    file.write_text("The ferry may sail again.\n\nIts owners want a new pier.\n\nWhen will it sail?\n", encoding="utf-8")
    with twin(migrated(database_url)) as url, another_app(url, timezone=zone) as site, site.app_context():
        prediction = imported(site, file).prediction
        assert prediction is not None
        day = prediction.closes_at.astimezone(ZoneInfo(zone))
        assert prediction.question == f"Will it sail by {day.day} {day:%B %Y}?"
