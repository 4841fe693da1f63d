from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models import Article

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_write_from_elsewhere_is_refused(client: FlaskClient, article: Article, headers: dict[str, str]) -> None:
    answer = client.post(f"/articles/{article.slug}/participation", headers=headers)
    assert (answer.status_code, "did not come from a page of this site" in answer.text) == (403, True)


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost", 307), ("http://evil.example", 403), ("null", 403), ("http://[", 403), (None, 403)],
)
def test_without_fetch_metadata_the_origin_decides(app: Flask, article: Article, origin: str | None, status: int) -> None:
    plain = app.test_client_class(app) if app.test_client_class else app.test_client()
    headers = {"Origin": origin} if origin else {}
    answer = super(type(plain), plain).open(f"/articles/{article.slug}/participation", method="POST", headers=headers)
    assert answer.status_code == status


def test_every_page_forbids_inline_scripts_and_framing(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert ("script-src 'self'" in policy, "frame-ancestors 'none'" in policy, "unsafe" in policy) == (True, True, False)


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/articles/x/nothing", 404), ("/?after=x", 200)])
def test_errors_come_in_the_sites_look(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_an_oversized_request_is_refused_with_a_page(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"/articles/{article.slug}/participation", data={"reason": "x" * 3_000_000})
    assert (answer.status_code, "too large" in answer.text) == (413, True)


def test_static_files_are_kept_for_ever_under_their_build(client: FlaskClient, app: Flask) -> None:
    answer = client.get(f"/static/{app.extensions['build']}/site.css")
    assert (answer.status_code, "immutable" in answer.headers["Cache-Control"]) == (200, True)


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "js/nothing.js", "css"])
def test_static_files_end_at_their_folder(client: FlaskClient, app: Flask, name: str) -> None:
    assert client.get(f"/static/{app.extensions['build']}/{name}").status_code == 404


def test_a_refusal_comes_though_nobody_can_read_where_the_request_came_from(client: FlaskClient, article: Article) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Referer": "http://[x"}
    answer = client.post(f"/articles/{article.slug}/participation", headers=headers)
    assert (answer.status_code, "Error 403" in answer.text) == (403, True)


@pytest.mark.parametrize("address", ["/articles/a%00b", "/readers/%00", "/oembed?url=http://localhost/articles/a%00b"])
def test_a_character_that_no_text_has_is_refused_and_breaks_nothing(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400
