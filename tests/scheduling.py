"""Which tests stay together on one worker: those that share something slow to make.

xdist's own groups come to nothing with pytest 9, which no longer lets a test be renamed while it is collected.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/browser/": "one site",
    "tests/commands/test_demo.py": "one load of the demo",
    "tests/blueprints/test_hidden_results.py": "one crawl of each world",
}

LONGEST = ("tests/browser/", "tests/blueprints/test_hidden_results.py")


class KeptTogether(LoadScopeScheduling):
    """Hands out tests one by one, but those that belong together to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        return next((why for start, why in TOGETHER.items() if nodeid.startswith(start)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> KeptTogether:
    """Let tests be handed out this way."""
    return KeptTogether(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
