"""A discussion of 1,000 comments: from memory, made anew, and in bytes; its first page, all its pages in a row, and its transcript.

The peers send such a discussion whole with every read; ours is read in pages, or whole as its transcript. Held against what the peers
reach: the first page, which is what a reader gets who opens it, and the transcript, which has every comment on it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from re import search

from bench import peers, sites
from bench.floors import GREETING
from bench.load import Answer, Load, Period, Script, WrongAnswerError, fetch, get, repeated
from bench.report import Comparison, Plan, Report, Sample, Target, alternate, beside
from bench.servers import FLOOR, GRANIAN, SITE, RunningServer, served, site_and_floor
from domain.threads import COMMENTS_A_PAGE
from extensions import db
from tests import factories, talks
from tests.talks import Shape

COMMENTS = 1_000
AS_BROWSERS_ASK = {"Accept-Encoding": "gzip, br"}
NEXT = r'rel="next" href="([^"]+)"'


def measure(plan: Plan) -> Report:
    """Measure the discussion on SQLite: from memory no database is asked."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, site_and_floor("sqlite", Path(name)) as (url, floor_url):
        folder = Path(name)
        with sites.prepared(url, folder):
            article = factories.open_article(datetime.now(UTC))
            talks.fill(article, COMMENTS, sites.people(), shape=Shape.LOOSE, html_of=sites.remark_html)
            path = f"/articles/{article.slug}"
            db.session.commit()
        with (
            served(GRANIAN, SITE, url, folder, plan.size) as warm,
            served(GRANIAN, SITE, url, folder, plan.size, settings={"FORESAY_CACHE_MB": "0"}) as cold,
            served(GRANIAN, FLOOR, floor_url, folder, plan.size) as floor,
        ):
            paths = _pages(warm, path)
            return _report(plan, (warm, cold, floor), paths)


def _pages(site: RunningServer, path: str) -> list[str]:
    """Follow the discussion from page to page; raise `WrongAnswerError` unless all its comments were there."""
    paths, shown = [path], 0
    while True:
        body = fetch(site.port, get(paths[-1])).must(200, marker=b"</html>").body
        shown += body.count(b'id="comment-')
        following = search(NEXT, body.decode())
        if following is None:
            break
        paths.append(unescape(following[1]).partition("#")[0])
    if shown != COMMENTS:
        message = f"{len(paths)} pages show {shown} comments, not {COMMENTS}"
        raise WrongAnswerError(message)
    return paths


FIRST, PAGES, WHOLE = "first page", "all its pages", "the whole on one page"
FIRST_ANEW, WHOLE_ANEW = "first page made anew, one reader", "the whole made anew, one reader"
HELLO, HELLO_ALONE = "hello", "hello, one reader"


def _report(plan: Plan, servers: tuple[RunningServer, RunningServer, RunningServer], paths: Sequence[str]) -> Report:
    warm, cold, floor = servers
    answers = [fetch(warm.port, get(path, AS_BROWSERS_ASK)).must(200) for path in paths]
    transcript = f"{paths[0]}/transcript"
    record = fetch(warm.port, get(transcript, AS_BROWSERS_ASK)).must(200)
    sites.must_have(fetch(warm.port, get(transcript)), b'<li id="c', COMMENTS)
    found = alternate(
        plan,
        {
            FIRST: (warm, _reading(paths[0], answers[0])),
            HELLO: (floor, repeated(get("/"), 200, GREETING, connections=peers.GREETED)),
            PAGES: (warm, _reading_all(paths, answers)),
            WHOLE: (warm, _reading(transcript, record)),
            FIRST_ANEW: (cold, _made_anew(paths[0])),
            WHOLE_ANEW: (cold, _made_anew(transcript)),
            HELLO_ALONE: (floor, repeated(get("/"), 200, GREETING, connections=1)),
        },
    )
    sizes = {FIRST: len(answers[0].body), WHOLE: len(record.body), PAGES: sum(len(answer.body) for answer in answers)}
    return Report(
        name="threads",
        title=f"a discussion of {COMMENTS:,} comments, {len(paths)} pages of at most {COMMENTS_A_PAGE}, as browsers ask for it",
        comparisons=_comparisons(found, sizes),
        facts=[
            f"{peers.GREETED} connections from memory; the peers' figures as shares of bare Flask's greetings a second",
            "made anew: without the cache; its processor time in greetings' worth",
        ],
    )


def _comparisons(found: Mapping[str, Sequence[Sample]], sizes: Mapping[str, int]) -> list[Comparison]:
    return [
        *(beside(found, thing, HELLO, target=target) for thing in (FIRST, WHOLE) for target in peers.THREAD_READS),
        beside(found, PAGES, HELLO),
        *(
            beside(found, thing, HELLO, by="cpu_milliseconds", target=target)
            for thing in (FIRST_ANEW, WHOLE_ANEW)
            for target in peers.COLD_READS
        ),
        beside(found, FIRST_ANEW, HELLO_ALONE, by="milliseconds"),
        *(_bytes(thing, size, None if thing == PAGES else peers.THREAD_BYTES) for thing, size in sizes.items()),
    ]


def _reading(path: str, answer: Answer) -> Load:
    return repeated(get(path, AS_BROWSERS_ASK), 200, answer.body, connections=peers.GREETED)


def _reading_all(paths: Sequence[str], answers: Sequence[Answer]) -> Load:
    """Return the load of readers who read every page, one after another; what they note is how long the whole took."""
    steps = [(get(path, AS_BROWSERS_ASK), answer.body) for path, answer in zip(paths, answers, strict=True)]

    def reader(period: Period) -> Script:
        while period.lasts():
            took = 0.0
            for request, body in steps:
                answer = (yield request).must(200, body)
                took += answer.seconds
            period.note(replace(answer, seconds=took))

    return lambda period: [reader(period) for _ in range(peers.GREETED)]


def _made_anew(path: str) -> Load:
    request = get(path, AS_BROWSERS_ASK)

    def reader(period: Period) -> Script:
        while period.lasts():
            period.note((yield request).must(200))

    return lambda period: [reader(period)]


def _bytes(thing: str, size: int, target: Target | None) -> Comparison:
    return Comparison(
        name=thing,
        against="Isso's whole",
        unit=" KB",
        ours=[size / 1000],
        theirs=[peers.ISSO_BYTES / 1000],
        target=target,
    )
