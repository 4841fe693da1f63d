"""The processes of a site that is served. Each worker has a role: `web` answers, `jobs` works off the queue, `all` does both.

The process that has loaded the site is copied, and its copies are the first workers: they are there at once, and share what
none of them changes. Then it becomes `watcher.py`, which holds nothing of it. ADR 24 says why.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import jobs
from commands.watcher import ENDS, HEEDED
from commands.webserver import Web
from config import Config
from lazily import lazily

if TYPE_CHECKING:
    import watchfiles
    from _typeshed.wsgi import WSGIApplication
else:
    watchfiles = lazily("watchfiles")

WATCHER = Path(__file__).with_name("watcher.py")
NAMED = Path("/proc/self/comm")  # the name of this process, as `ps` and `top` show it
ORPHANED = 1.0  # seconds between two looks whether the main process is still there
SWITCH = 0.001  # seconds a job computes before a request goes on that waits for Python, as it does after each of its statements
SOURCES = (".html", ".mo")  # beside Python: what a process reads once


def roles(config: Config, *, works: bool) -> list[str]:
    """Return the role of each worker. One that is alone does the jobs too: another process would hold everything once more."""
    if not works:
        return ["web"] * config.workers
    return ["all"] if config.workers == 1 else [*["web"] * config.workers, "jobs"]


def start(wanted: Iterable[str], work: Callable[[str], None]) -> NoReturn:
    """Let copies of this process do the work of the roles, and become the one that watches over them.

    Nothing may be open that two processes cannot share, such as a database.
    """
    gc.freeze()  # what is there is not looked through again, which would change, and so copy, every page of it
    signal.pthread_sigmask(signal.SIG_BLOCK, HEEDED)
    sys.stdout.flush()
    begun = " ".join(f"{role}:{_copy(role, work)}" for role in wanted)
    program = [sys.executable, "-I", "-S", str(WATCHER), begun, sys.executable, *sys.orig_argv[1:]]
    os.execv(sys.executable, program)  # noqa: S606 - our own program


def _copy(role: str, work: Callable[[str], None]) -> int:
    main = os.getpid()
    return os.fork() or begin(role, work, main)


def begin(role: str, work: Callable[[str], None], main: int) -> NoReturn:
    """Be the worker of a role until it is told to end, or the main process of this number is no longer there.

    Nothing comes after: an answer that hangs would hold up an ordinary end.

    The signals that end it are held back from the start to the last, and waited for by `when_told` or the work itself: Python
    hears of one that comes while its main thread lies down to wait only when something else wakes it.
    """
    code = 1
    try:
        os.setpgid(0, 0)  # Ctrl-C reaches a terminal's whole group; the main process hands it on, once
        with suppress(OSError):
            NAMED.write_text(f"foresay-{role}")
        signal.pthread_sigmask(signal.SIG_SETMASK, ENDS)
        threading.Thread(target=_end_with, args=(main,), daemon=True).start()
        work(role)
        code = 0
    except Exception:
        logging.getLogger("foresay").exception("worker failed")
    finally:
        with suppress(OSError):  # nobody reads it any more
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def work(role: str, app: WSGIApplication, config: Config) -> None:
    """Do what the role asks for until this process is told to end."""
    consumer = jobs.start_consumer() if role != "web" else None
    if role == "all":
        sys.setswitchinterval(SWITCH)
    try:
        if role == "jobs":
            signal.sigwait(ENDS)
        else:
            web = Web(app, config)
            when_told(web.end)
            web.serve()
    finally:
        if consumer:
            consumer.stop(graceful=True)


def when_told(end: Callable[[], object]) -> None:
    """Do this, in another thread, as soon as this process is told to end."""

    def wait() -> None:
        signal.sigwait(ENDS)
        end()

    threading.Thread(target=wait, daemon=True).start()


def end_at_changes(folder: Path) -> None:
    """End this process, for another to follow, as soon as a file below the folder changes."""
    only = watchfiles.PythonFilter(extra_extensions=SOURCES)

    def watch() -> None:
        next(watchfiles.watch(folder, watch_filter=only, raise_interrupt=False))
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _end_with(main: int) -> None:
    """End this process when the main one was killed, before now or later: it would go on answering at a new site's address."""
    while os.getppid() == main:
        time.sleep(ORPHANED)
    os.kill(os.getpid(), signal.SIGTERM)
