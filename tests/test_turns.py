from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from config import ROOT

# A process that has written is copied; its copy writes, and has not finished when the process wants to write again.
PROGRAM = """
import os, signal, sys
from pathlib import Path
import connections

connections.LONGEST_WAIT = 0.5
turn = connections.WriterTurn(Path(sys.argv[1]))
turn.take()
turn.leave()
reading, writing = os.pipe()
if not (copy := os.fork()):
    turn.take()
    os.write(writing, b"I write")
    signal.pause()
os.read(reading, 100)
try:
    turn.take()
    print("both write")
except connections.NoTurn:
    print("one writes")
os.kill(copy, signal.SIGKILL)
sys.stdout.flush()
os._exit(0)  # without waiting for the thread that still waits
"""


def test_a_process_and_its_copy_take_turns(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "site.db")]
    ended = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    assert ended.stdout == "one writes\n"
