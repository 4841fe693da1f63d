"""The article page on granian and on gunicorn, each beside bare Flask on the same server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import floors
from bench.load import Answer, Load, fetch, get, repeated
from bench.report import Comparison, Plan, Report, Sample, Target, alternate, beside
from bench.servers import FLOOR, GRANIAN, GUNICORN, SITE, RunningServer, served, site_and_floor
from bench.sites import article_with_talk, must_show, prepared
from extensions import db

COMMENTS = 40  # as many as stand on one page
CONNECTIONS = 16
AS_BROWSERS_ASK = {"Accept-Encoding": "gzip, br"}
NEAR_THE_FLOOR = Target(bound=0.9, why="target 1")
BELOW_THE_FLOOR = Target(bound=1.3, why="target 2")
FASTER = Target(bound=1.0, why="the server we ship")
CHEAPER = Target(bound=1.0, why="the server we ship", is_least=False)


def measure(plan: Plan) -> Report:
    """Measure the page as browsers get it, the page uncompressed, and the answer that nothing has changed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, _servers(plan, Path(name)) as (servers, path):
        page, whole = (fetch(servers["granian, ours"].port, get(path, headers)) for headers in (AS_BROWSERS_ASK, {}))
        must_show(whole, COMMENTS)
        things = {
            f"{server}: {thing}": (servers[f"{server}, {side}"], load)
            for server in (GRANIAN, GUNICORN)
            for thing, (side, load) in _loads(path, page, whole).items()
        }
        found = alternate(plan, things)
        return Report(
            name="server",
            title=f"an article with {COMMENTS} comments for the signed-out, beside bare Flask on the same server",
            comparisons=_comparisons(found),
            facts=[
                "while others work on this machine, more threads are given more of it: then compare servers by CPU alone",
                f"{CONNECTIONS} connections; the page has {len(whole.body):,} bytes, {len(page.body):,} of them on the wire",
                *(f"{name}: {_cost(servers[f'{name}, ours'])}" for name in (GRANIAN, GUNICORN)),
            ],
        )


@contextmanager
def _servers(plan: Plan, folder: Path) -> Iterator[tuple[Mapping[str, RunningServer], str]]:
    """Start ours and the floor on both servers; give them by name, and the path of the article."""
    with ExitStack() as stack:
        site_url, floor_url = stack.enter_context(site_and_floor("sqlite", folder))
        with prepared(site_url, folder):
            path = f"/articles/{article_with_talk(COMMENTS).slug}"
            db.session.commit()
        started = {
            f"{name}, {side}": stack.enter_context(served(name, factory, url, folder, plan.size))
            for name in (GRANIAN, GUNICORN)
            for side, factory, url in (("ours", SITE, site_url), ("floor", FLOOR, floor_url))
        }
        yield started, path


def _loads(path: str, page: Answer, whole: Answer) -> dict[str, tuple[str, Load]]:
    def reading(request: bytes, body: bytes, status: int = 200) -> Load:
        return repeated(request, status, body, connections=CONNECTIONS)

    def as_long_as(answer: Answer) -> Load:
        size = len(answer.body)
        return reading(get(f"/bytes/{size}"), b"." * size)

    return {
        "page, compressed": ("ours", reading(get(path, AS_BROWSERS_ASK), page.body)),
        "as many bytes": ("floor", as_long_as(page)),
        "page, plain": ("ours", reading(get(path), whole.body)),
        "as many plain bytes": ("floor", as_long_as(whole)),
        "304": ("ours", reading(get(path, {**AS_BROWSERS_ASK, "If-None-Match": page.header("ETag")}), b"", 304)),
        "hello": ("floor", reading(get("/"), floors.GREETING)),
    }


def _comparisons(found: Mapping[str, list[Sample]]) -> list[Comparison]:
    pairs = (
        ("page, compressed", "as many bytes", NEAR_THE_FLOOR),
        ("page, plain", "as many plain bytes", NEAR_THE_FLOOR),
        ("304", "hello", BELOW_THE_FLOOR),
    )
    servers = (GRANIAN, GUNICORN)
    return [
        *(beside(found, f"{server}: {a}", f"{server}: {b}", target=target) for server in servers for a, b, target in pairs),
        *(beside(found, f"{server}: {a}", f"{server}: {b}", by="cpu_milliseconds") for server in servers for a, b, _ in pairs),
        *(
            beside(found, f"{GRANIAN}: {thing}", f"{GUNICORN}: {thing}", by=figure, target=target)
            for figure, target in (("rate", FASTER), ("cpu_milliseconds", CHEAPER))
            for pair in pairs
            for thing in pair[:2]
        ),
    ]


def _cost(server: RunningServer) -> str:
    return f"first answer after {server.seconds_to_first_answer:.1f} s, then {server.megabytes():.0f} MB in all its processes"
