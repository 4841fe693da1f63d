from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Config
from observing import logs
from observing.logs import log


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Let later tests log as usual."""
    yield
    logs.configure(Config(secret_key="", database_url=""))


def log_as(kind: str, level: str = "info") -> None:
    logs.configure(Config(secret_key="", database_url="", instance=Path("/"), log=kind, log_level=level))


def test_json_is_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("json")
    log.info("one", text="of two\nlines")
    log.info("two")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["one", "two"]


def test_text_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("text")
    log.warning("slow statement", duration_ms=5)
    assert "[warning  ] slow statement duration_ms=5" in capsys.readouterr().err


@pytest.mark.parametrize(("level", "written"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_a_level_leaves_out_what_is_below(capsys: pytest.CaptureFixture[str], level: str, written: int) -> None:
    log_as("json", level)
    for each in ("debug", "info", "warning", "error"):
        getattr(log, each)("something")
    assert len(capsys.readouterr().err.splitlines()) == written


def test_lines_of_libraries_are_objects_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("json")
    logging.getLogger("a.library").warning("mail %s did not leave", 7)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["logger"], line["level"]) == ("mail 7 did not leave", "a.library", "warning")


def test_libraries_say_of_exceptions_no_more_than_we_do(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("json")
    try:
        int("a-secret-of-mine")
    except ValueError:
        logging.getLogger("a.library").exception("it failed")
    told = capsys.readouterr().err
    assert (json.loads(told)["error"], "a-secret-of-mine" in told) == ("ValueError", False)


def test_configuring_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    log_as("json")
    log_as("json")
    log.info("one")
    assert len(capsys.readouterr().err.splitlines()) == 1
