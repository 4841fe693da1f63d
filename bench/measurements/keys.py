"""A moderator in a real browser who clears a desk by keys alone: items a minute of machine time, and keys a decision."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench import sites
from bench.report import Check, Plan, Report, same
from bench.servers import GRANIAN, UNLIMITED, database_server, served
from extensions import db
from models import Role
from tests import deskwork, factories
from tests.deskwork import Work

ITEMS = 300  # held and reported in turns
MOST_KEYS = 3  # a decision
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def measure(plan: Plan) -> Report:
    """Clear a desk on each database; nothing of it is repeated."""
    checks: list[Check] = []
    facts = [f"no key decides within {deskwork.LOOK} ms of a new item coming up, which is in the time"]
    for database in plan.databases:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            work, wrong = _on(database, plan, Path(name))
        facts.append(f"{database}: {work}, {work.seconds:.0f} s")
        checks.append(same(f"{database}: items decided", len(work.states), ITEMS))
        checks.append(same(f"{database}: items in another state than decided", wrong, 0))
        checks.append(
            same(f"{database}: at most {MOST_KEYS} keys a decision", work.keys <= MOST_KEYS * work.decisions, wanted=True)
        )
    return Report(name="keys", title=f"{ITEMS} items cleared by keys alone", checks=checks, facts=facts)


def _on(database: str, plan: Plan, folder: Path) -> tuple[Work, int]:
    with database_server(database, folder) as url, sites.prepared(url, folder) as app:
        deskwork.put_before(ITEMS)
        name, _, value = sites.cookie_of(app, factories.account(role=Role.MODERATOR)).partition("=")
        db.session.commit()
        with served(GRANIAN, UNLIMITED, url, folder, plan.size) as server:
            work = _worked(f"http://127.0.0.1:{server.port}", name, value)
        return work, len(deskwork.wrong_states(work))


def _worked(site: str, name: str, value: str) -> Work:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=site)
        context.add_cookies([{"name": name, "value": value, "url": site}])
        page = context.new_page()
        page.goto("/moderation/all")
        page.locator("moderation-desk [data-item][aria-current]").wait_for()
        work = deskwork.clear(page, ITEMS)
        browser.close()
        return work
