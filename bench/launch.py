"""`python -m bench.launch FACTORY`: any application on the server that `flask serve` uses, set up in the same way."""

from __future__ import annotations

import sys

from commands.serve import server_for
from config import Config

if __name__ == "__main__":
    server_for(Config.from_environment(), factory=sys.argv[1]).serve()
