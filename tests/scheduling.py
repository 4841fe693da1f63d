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
    "tests/commands/test_backup.py": "one load of the demo",
    "tests/commands/test_database.py": "one load of the demo",
    "tests/blueprints/test_hidden_results.py": "one crawl of each world",
}

LONGEST = (*TOGETHER, "tests/architecture/test_doors.py")
DATABASES = ("sqlite", "postgresql")


class KeptTogether(LoadScopeScheduling):
    """Hands out a file's tests on one database at a time, and those that belong together to one worker.

    Handed out one by one, twelve thousand tests cost more to hand out than most of them to run.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, name = nodeid.partition("::")
        shared = next((why for start, why in TOGETHER.items() if nodeid.startswith(start)), file)
        return f"{shared} on {next((one for one in DATABASES if one in name), 'none')}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> KeptTogether:
    """Let tests be handed out this way, in the order in which they stand."""
    config.option.loadscopereorder = False
    return KeptTogether(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it."""
    items.sort(
        key=lambda item: next((place for place, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST))
    )
