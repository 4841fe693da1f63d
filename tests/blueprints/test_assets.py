from __future__ import annotations

import brotli
from flask.testing import FlaskClient

ADDRESS = "/static/any/js/app.js"


def test_a_script_leaves_as_small_as_it_gets(client: FlaskClient) -> None:
    plain = client.get(ADDRESS)
    small = client.get(ADDRESS, headers={"Accept-Encoding": "gzip, br"})
    assert (small.headers["Content-Encoding"], brotli.decompress(small.data)) == ("br", plain.data)
    assert len(small.data) <= len(brotli.compress(plain.data, quality=11))


def test_who_cannot_unpack_it_gets_it_plain(client: FlaskClient) -> None:
    answer = client.get(ADDRESS, headers={"Accept-Encoding": "identity"})
    assert (answer.headers.get("Content-Encoding"), answer.data[:3]) == (None, b"// ")


def test_caches_keep_both_apart(client: FlaskClient) -> None:
    assert "Accept-Encoding" in client.get(ADDRESS, headers={"Accept-Encoding": "br"}).headers["Vary"]


def test_sheets_leave_without_the_remarks_of_whoever_works_on_them(client: FlaskClient) -> None:
    for sheet in ("site.css", "staff.css"):
        body = client.get(f"/static/any/{sheet}").text
        assert ("{" in body, "/*" in body) == (True, False)
