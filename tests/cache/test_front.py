from __future__ import annotations

import gzip
import threading
import tracemalloc
from collections.abc import Callable, Iterable
from time import monotonic, sleep
from typing import Any

import brotli
import pytest
from werkzeug.test import Client, TestResponse, create_environ
from werkzeug.wrappers import Request, Response

from cache import Cache, Rule, Settings

PAGE = "A page for everybody, long enough to be worth compressing. " * 20
RULES = {
    "/": Rule(arguments=("sort", "after"), remembered=("sort", frozenset({"best", "newest"}))),
    "/feed": Rule(for_everybody=True),
    "/other": Rule(),
}


class Site:
    """A site of one changing page, which counts how often it is asked and for what."""

    def __init__(self) -> None:
        self.text, self.status, self.asked = PAGE, 200, list[Request]()
        self.headers = {"Cache-Control": "public, max-age=0"}
        self.takes = 0.0
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        self.asked.append(request)
        sleep(self.takes)
        assert self.may_answer.wait(30)
        answer = Response(self.text, self.status, self.headers, mimetype="text/html")
        if self.status == 200:
            answer.set_etag(str(hash(self.text)), weak=True)
        return answer.make_conditional(request)(environ, start_response)


@pytest.fixture
def site() -> Site:
    return Site()


def front(site: Site, *, fresh: float = 60, oldest: float = 120, room: int = 100_000) -> Client:
    settings = Settings(rule_of=RULES.get, known_by=("session", "guest"), room=room)
    return Client(Cache(site, settings, fresh=fresh, oldest=oldest), use_cookies=False)


def together(count: int, act: Callable[[], TestResponse]) -> list[TestResponse]:
    answers: list[TestResponse] = []
    threads = [threading.Thread(target=lambda: answers.append(act())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def until(is_so: Callable[[], bool]) -> None:
    end = monotonic() + 30
    while not is_so():
        assert monotonic() < end
        sleep(0.01)


def test_a_fresh_answer_is_not_asked_for_again(site: Site) -> None:
    browser = front(site)
    assert [browser.get("/").text for _ in range(3)] == [PAGE] * 3
    assert len(site.asked) == 1


def test_an_old_answer_is_checked_by_its_tag_and_sent_again(site: Site) -> None:
    browser = front(site, fresh=0, oldest=0)
    assert browser.get("/").text == browser.get("/").text == PAGE
    assert [bool(asked.if_none_match) for asked in site.asked] == [False, True]


def test_what_has_changed_is_sent_at_the_next_check(site: Site) -> None:
    browser = front(site, fresh=0, oldest=0)
    browser.get("/")
    site.text = PAGE + "More."
    assert browser.get("/").text == site.text


def test_whoever_has_an_answer_is_told_so_without_the_site(site: Site) -> None:
    browser = front(site)
    etag = browser.get("/").headers["ETag"]
    again = browser.get("/", headers={"If-None-Match": f'"another", {etag}'})
    assert (again.status_code, again.data, again.headers["ETag"], len(site.asked)) == (304, b"", etag, 1)


@pytest.mark.parametrize("tags", ['"another"', 'W/"1"', ""])
def test_another_tag_gets_the_whole_answer(site: Site, tags: str) -> None:
    browser = front(site)
    assert browser.get("/", headers={"If-None-Match": tags}).text == PAGE


@pytest.mark.parametrize(
    ("accepted", "coding", "read"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip;q=0.5", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_an_answer_is_sent_in_the_best_coding_the_browser_takes(
    site: Site, accepted: str, coding: str | None, read: Callable[[bytes], bytes]
) -> None:
    answer = front(site).get("/", headers={"Accept-Encoding": accepted})
    assert (answer.headers.get("Content-Encoding"), read(answer.data)) == (coding, PAGE.encode())
    assert answer.headers["Content-Length"] == str(len(answer.data))


def test_an_answer_is_compressed_once(site: Site) -> None:
    browser = front(site)
    first, second = (browser.get("/", headers={"Accept-Encoding": "br"}) for _ in range(2))
    assert first.data == second.data
    assert len(site.asked) == 1


def test_head_has_the_head_of_the_answer_alone(site: Site) -> None:
    answer = front(site).head("/")
    assert (answer.data, answer.headers["Content-Length"]) == (b"", str(len(PAGE)))


@pytest.mark.parametrize("cookie", ["session=x", "a=b; guest=y", "a=b;guest=", "a=b, session=x"])
def test_a_reader_we_know_goes_through(site: Site, cookie: str) -> None:
    browser = front(site)
    for _ in range(2):
        browser.get("/", headers={"Cookie": cookie})
    assert [asked.headers["Cookie"] for asked in site.asked] == [cookie] * 2


@pytest.mark.parametrize("cookie", ["xsession=x", "a=session", "theme=dark", "mysession=1; otherguest=2"])
def test_a_cookie_of_others_changes_nothing(site: Site, cookie: str) -> None:
    browser = front(site)
    browser.get("/")
    assert browser.get("/", headers={"Cookie": cookie}).text == PAGE
    assert len(site.asked) == 1


def test_readers_we_know_get_what_is_for_everybody_from_memory(site: Site) -> None:
    browser = front(site)
    browser.get("/feed")
    browser.get("/feed", headers={"Cookie": "session=x"})
    assert len(site.asked) == 1


def test_nothing_of_whoever_asks_reaches_the_site(site: Site) -> None:
    headers = {"Cookie": "a=b", "Accept-Language": "de", "User-Agent": "me", "Authorization": "Bearer x", "X-Any": "y"}
    front(site).get("/?utm_source=mail&after=3&fbclid=z", headers={**headers, "Accept": "application/json"})
    assert dict(site.asked[0].headers) == {"Host": "localhost"}
    assert site.asked[0].full_path == "/?after=3"


def test_marks_in_links_share_one_answer(site: Site) -> None:
    browser = front(site)
    for query in ("", "?fbclid=1", "?utm_source=a&utm_medium=b", "?"):
        browser.get(f"/{query}")
    assert len(site.asked) == 1


def test_the_order_of_arguments_makes_no_other_answer(site: Site) -> None:
    browser = front(site)
    browser.get("/?sort=newest&after=3")
    browser.get("/?after=3&sort=newest&after=4")
    assert len(site.asked) == 1


def test_a_remembered_argument_stands_for_one_that_is_not_given(site: Site) -> None:
    browser = front(site)
    browser.get("/", headers={"Cookie": "a=b; sort=newest"})
    browser.get("/?sort=best", headers={"Cookie": "sort=newest"})
    browser.get("/", headers={"Cookie": "sort=<script>"})
    assert [asked.full_path for asked in site.asked] == ["/?sort=newest", "/?sort=best", "/?"]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {"Cache-Control": "private, no-store"}),
        (200, {"Cache-Control": "public", "Set-Cookie": "a=b"}),
        (403, {}),
        (500, {}),
        (302, {"Location": "/elsewhere"}),
    ],
)
def test_what_is_not_for_all_is_not_kept(site: Site, status: int, headers: dict[str, str]) -> None:
    site.status, site.headers = status, headers
    browser = front(site)
    assert [browser.get("/").status_code for _ in range(2)] == [status] * 2
    assert len(site.asked) == 2


def test_that_there_is_nothing_is_kept(site: Site) -> None:
    site.status, site.headers = 404, {}
    browser = front(site)
    assert [browser.get("/").status_code for _ in range(2)] == [404] * 2
    assert len(site.asked) == 1


def test_what_is_forbidden_by_now_is_forgotten(site: Site) -> None:
    browser = front(site, fresh=0, oldest=0)
    browser.get("/")
    site.status = 403
    browser.get("/")
    site.status = 500
    assert browser.get("/").status_code == 500


def test_a_site_that_fails_is_stood_in_for_and_left_alone_for_a_moment(site: Site) -> None:
    browser = front(site, fresh=0, oldest=0)
    browser.get("/")
    site.status = 503
    assert [browser.get("/").text for _ in range(3)] == [PAGE] * 3
    assert len(site.asked) == 2


def test_only_one_makes_what_many_ask_for(site: Site) -> None:
    site.takes = 0.2
    browser = front(site)
    answers = together(8, lambda: browser.get("/"))
    assert {answer.text for answer in answers} == {PAGE}
    assert len(site.asked) == 1


def test_nobody_waits_while_another_checks_a_recent_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cache.front.PATIENCE", 60)
    browser = front(site, fresh=0, oldest=60)
    browser.get("/")
    site.may_answer.clear()
    checking = threading.Thread(target=lambda: browser.get("/"))
    checking.start()
    until(lambda: len(site.asked) == 2)
    assert browser.get("/").text == PAGE
    assert len(site.asked) == 2
    site.may_answer.set()
    checking.join()


def test_whoever_has_waited_long_gets_what_there_is(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cache.front.PATIENCE", 0.2)
    browser = front(site, fresh=0, oldest=0)
    browser.get("/")
    site.may_answer.clear()
    checking = threading.Thread(target=lambda: browser.get("/"))
    checking.start()
    until(lambda: len(site.asked) == 2)
    assert browser.get("/").text == PAGE
    assert len(site.asked) == 2
    site.may_answer.set()
    checking.join()


def test_however_long_one_waits_nobody_gets_what_is_too_old(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = front(site, fresh=0, oldest=0)
    browser.get("/")
    monkeypatch.setattr("cache.front.LAST_RESORT", 0)
    monkeypatch.setattr("cache.front.PATIENCE", 0.2)
    site.text, site.takes = PAGE + "More.", 0.6
    answers = together(2, lambda: browser.get("/"))
    assert [answer.text for answer in answers] == [site.text] * 2


@pytest.mark.parametrize("part", ["PATH_INFO", "QUERY_STRING", "HTTP_HOST", "HTTP_ACCEPT_ENCODING"])
def test_what_is_asked_at_great_length_is_not_remembered(part: str) -> None:
    site = Response(PAGE, headers={"Cache-Control": "public"})
    cache = Cache(site, Settings(rule_of=lambda _path: Rule(arguments=("x",)), known_by=("session",), room=1_000_000_000))
    given: Any = lambda *_: None  # noqa: E731 - what a server is told the answer's head by
    list(cache(create_environ("/"), given))
    tracemalloc.start()
    for number in range(50):
        list(cache({**create_environ("/"), part: f"x={number}" + "x" * 50_000}, given))
    remembered, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert remembered < 500_000


def test_what_an_answer_does_not_depend_on_may_be_of_any_length(site: Site) -> None:
    browser = front(site)
    for mark in ("", "?mark=" + "x" * 50_000):
        assert browser.get(f"/{mark}").text == PAGE
    assert len(site.asked) == 1


def test_a_write_goes_through(site: Site) -> None:
    browser = front(site)
    browser.get("/")
    browser.post("/", data={"a": "b"})
    assert [asked.method for asked in site.asked] == ["GET", "POST"]


def test_an_address_without_a_rule_goes_through(site: Site) -> None:
    browser = front(site)
    for _ in range(2):
        browser.get("/private", headers={"User-Agent": "me"})
    assert [asked.headers["User-Agent"] for asked in site.asked] == ["me"] * 2
