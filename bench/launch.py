"""`python -m bench.launch FACTORY`: any application on the server that `flask serve` uses, set up in the same way."""

from __future__ import annotations

import sys
from pkgutil import resolve_name

from commands import webserver, workers
from config import Config

if __name__ == "__main__":
    config, app = Config.from_environment(), resolve_name(sys.argv[1])()
    webserver.allow_files()
    workers.start(["web"] * config.workers, lambda role: workers.work(role, app, config))
