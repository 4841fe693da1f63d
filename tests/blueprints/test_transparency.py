from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain import audit, clauses, moderation
from domain.judging import Judged
from models import Article, Comment, Reader
from tests import factories
from tests.factories import browser_of
from tests.statements import counted_statements

THEN = datetime(2025, 8, 1, tzinfo=UTC)
REPORT = "/transparency/2025-H2"


@pytest.fixture
def removed(article: Article, moderator: Reader) -> list[Comment]:
    """Twelve comments that were removed for abuse, and three as spam, in a half-year that is over."""
    found = []
    for clause, count in (("abuse", 12), ("spam", 3)):
        for number in range(count):
            comment = factories.comment(article, factories.account(), f"A text that is personal, {clause} {number}.")
            judged = Judged(comment_id=comment.id, version=comment.version)
            moderation.remove(judged, clauses.current(clause), by=moderator, now=THEN, note="a note for Mo's colleagues")
            found.append(comment)
    return found


def rows(client: FlaskClient) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"{REPORT}.csv").get_data(as_text=True).removeprefix("\ufeff"))))


def test_the_log_names_the_clause_and_the_article_and_nobody(
    client: FlaskClient, removed: list[Comment], article: Article
) -> None:
    page = client.get("/moderation-log").text
    said = [words in page for words in (clauses.current("abuse").title, article.headline, "A comment was removed")]
    kept = [words in page for words in ("A text that is personal", ">Mo<", "colleagues", removed[0].reader.name or "")]
    assert (said, any(kept)) == ([True] * 3, False)


def test_the_log_is_the_same_for_all_and_says_so(client: FlaskClient, removed: list[Comment]) -> None:
    first = client.get("/moderation-log")
    again = client.get("/moderation-log", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["Cache-Control"].startswith("public"), again.status_code) == (True, 304)


def test_a_page_of_the_log_costs_the_same_however_much_there_is(client: FlaskClient, removed: list[Comment]) -> None:
    counted = []
    for query in ("", "?before=3"):
        with counted_statements() as statements:
            client.get(f"/moderation-log{query}")
        counted.append(len(statements))
    assert max(counted) <= 2


def test_a_report_hides_small_counts_on_the_page_and_in_the_file(client: FlaskClient, removed: list[Comment]) -> None:
    by_clause = {row["detail"]: row for row in rows(client) if row["indicator"] == "Number of measures by clause"}
    spam = by_clause[clauses.current("spam").title]
    assert (spam["value"], spam["remark"] != "", ">3<" in client.get(REPORT).text) == ("", True, False)


def test_the_file_has_the_categories_of_the_law(client: FlaskClient, removed: list[Comment]) -> None:
    assert "STATEMENT_CATEGORY_SCAMS_AND_FRAUD" in {row["category"] for row in rows(client)}


def test_the_newest_hash_of_the_chain_stands_in_the_report(client: FlaskClient, removed: list[Comment], now: datetime) -> None:
    audit.seal(now=now)
    head = audit.head()
    assert head is not None
    assert head.hash in client.get(REPORT).text


def test_the_running_half_year_is_seen_by_moderators_alone(
    app: Flask, client: FlaskClient, removed: list[Comment], moderator: Reader
) -> None:
    path = "/transparency/" + f"{(now := datetime.now(UTC)).year}-H{1 if now.month < 7 else 2}"
    assert (client.get(path).status_code, browser_of(app, moderator).get(path).status_code) == (404, 200)


@pytest.mark.parametrize("name", ["2025", "2025-H3", "now", "9998-H1"])
def test_what_is_no_report_is_not_found(client: FlaskClient, name: str) -> None:
    assert [client.get(f"/transparency/{name}{end}").status_code for end in ("", ".csv")] == [404, 404]


@pytest.mark.parametrize(
    "query", ["from=2026-02-30", "to=x", "by=reader", "from=2026-02-02&to=2026-02-01", "from=2000-01-01&to=2026-01-01"]
)
def test_figures_of_no_days_are_refused(app: Flask, moderator: Reader, query: str) -> None:
    assert browser_of(app, moderator).get(f"/moderation/metrics?{query}").status_code == 400
