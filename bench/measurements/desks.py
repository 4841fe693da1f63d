"""The moderators' desk when much waits beside when little does: a page of each queue, and a decision with its undoing."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import desks, sites
from bench.load import Answer, Load, Period, Script, WrongAnswerError, get, post
from bench.report import Comparison, Plan, Report, Target, alternate, beside
from bench.servers import GRANIAN, UNLIMITED, RunningServer, database_server, served
from domain.queues import ITEMS_A_PAGE
from extensions import db
from models import Role
from tests import factories

LITTLE, MUCH = 100, 100_000  # comments that wait
PAGES = ("held", "reported", "edited", "flagged", "all", "all?words=toll", "new-names")
AS_QUICK = Target(bound=1.2, why="issue 5", is_least=False)
ITEM, UNDO = re.compile(rb'id=\\?"item-(\d+)'), re.compile(rb"/entries/(\d+)/reversal")


@dataclass(frozen=True)
class Desk:
    """A desk, the cookie of a moderator who sits at it, and the first comment that is held there."""

    server: RunningServer
    cookie: str
    held_id: int


def measure(plan: Plan) -> Report:
    """Measure each page and decision with little and with much waiting, on each database."""
    comparisons: list[Comparison] = []
    for database in plan.databases:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            comparisons += _on(database, plan, Path(name))
    return Report(
        name="desks",
        title=f"a desk where {MUCH:,} comments wait beside one where {LITTLE} do, for one moderator",
        comparisons=comparisons,
        facts=[
            "a quarter each is held, reported twice, edited and flagged; five comments an author; whole pages, with every count"
        ],
    )


def _on(database: str, plan: Plan, folder: Path) -> list[Comparison]:
    with contextlib.ExitStack() as stack:
        found = {size: stack.enter_context(_desk(database, size, plan, folder / str(size))) for size in (LITTLE, MUCH)}
        things = {
            f"{database}: {name} of {size:,}": (desk.server, load)
            for name in (*PAGES, "decision")
            for size, desk in found.items()
            for load in [_decisions(desk) if name == "decision" else _page(desk, name)]
        }
        samples = alternate(plan, things)
    return [
        beside(samples, f"{database}: {name} of {MUCH:,}", f"{database}: {name} of {LITTLE:,}", by=by, target=target)
        for name in (*PAGES, "decision")
        for by, target in (("quick_milliseconds", AS_QUICK), ("cpu_milliseconds", None))
    ]


@contextlib.contextmanager
def _desk(database: str, size: int, plan: Plan, folder: Path) -> Iterator[Desk]:
    folder.mkdir()
    with database_server(database, folder) as url:
        with sites.prepared(url, folder) as app:
            held_id = desks.fill(size)
            cookie = sites.cookie_of(app, factories.account(role=Role.MODERATOR))
            db.session.commit()
        with served(GRANIAN, UNLIMITED, url, folder, plan.size) as server:
            yield Desk(server, cookie, held_id)


def _page(desk: Desk, name: str) -> Load:
    path = "/moderation/" if name == "held" else f"/moderation/{name}"
    request = get(path, {"Cookie": desk.cookie})

    def reading(period: Period) -> Script:
        while period.lasts():
            shown = period.note((yield request)).must(200, marker=b"</html>")
            if name in PAGES[:5] and len(ITEM.findall(shown.body)) < ITEMS_A_PAGE:
                message = f"{name} shows too few items"
                raise WrongAnswerError(message)

    return lambda period: [reading(period)]


def _decisions(desk: Desk) -> Load:
    """Approve one comment and undo it, over and over, as a page that stays open does."""
    version = 1

    def sent(path: str, fields: dict[str, str]) -> bytes:
        return post(f"{path}?place=held", fields, desk.cookie).replace(b"\r\n", b"\r\nAccept: application/json\r\n", 1)

    def deciding(period: Period) -> Script:
        nonlocal version
        while period.lasts():
            approved: Answer = period.note(
                (yield sent(f"/moderation/comments/{desk.held_id}/approval", {"version": str(version)}))
            )
            entry = UNDO.search(approved.must(200).body)
            if entry is None:
                raise WrongAnswerError("the answer offers no undoing")
            period.note((yield sent(f"/moderation/entries/{int(entry[1])}/reversal", {}))).must(200)
            version += 2

    return lambda period: [deciding(period)]
