"""The log: one line for what happened, as JSON or as text, on the standard error. No line holds what readers sent.

Ours are written by `log`, with an event and fields; those of libraries pass the same formatter. Of an exception only its kind
and its place are told (`faults`). `docs/watching.md` lists the fields.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

from config import Config
from observing import faults
from observing.trace import current

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
Fields = MutableMapping[str, Any]

log: Any = structlog.get_logger("foresay")


class _ToStandardError(logging.StreamHandler[TextIO]):
    """Writes to what is the standard error at that moment, which is not always the one of the start."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self.stream = sys.stderr
        super().emit(record)


def configure(config: Config) -> None:
    """Let everything in this process write its lines as the settings say."""
    first: list[Any] = [_with_trace, structlog.stdlib.add_log_level, structlog.processors.TimeStamper("iso", key="time")]
    _handle(_formatter(config, [*first, _from_library]))
    logging.getLogger("foresay").setLevel(LEVELS[config.log_level])
    logging.getLogger("huey").setLevel(logging.CRITICAL)  # a job that fails has its line by jobs.tracing, with its place
    logging.getLogger("huey.consumer").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*first, _without_messages, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[config.log_level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _formatter(config: Config, foreign: list[Any]) -> ProcessorFormatter:
    if config.log == "json":
        renderer: Any = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), timestamp_key="time", pad_event_to=0)
    return ProcessorFormatter(processors=[ProcessorFormatter.remove_processors_meta, renderer], foreign_pre_chain=foreign)


def _handle(formatter: ProcessorFormatter) -> None:
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _ToStandardError)]:
        root.removeHandler(handler)  # of an application made before, as tests do
    handler = _ToStandardError()
    handler.setFormatter(formatter)
    root.addHandler(handler)


def _with_trace(_logger: object, _method: str, fields: Fields) -> Fields:
    """Add what the line belongs to."""
    if (trace := current.get()) is not None:
        fields.setdefault("request_id", trace.request_id)
        fields.setdefault(trace.kind, trace.place)
    return fields


def _from_library(logger: object, method: str, fields: Fields) -> Fields:
    record = fields.get("_record")
    fields["logger"] = getattr(record, "name", "")
    return _without_messages(logger, method, fields)


def _without_messages(_logger: object, _method: str, fields: Fields) -> Fields:
    error = fields.pop("exc_info", None)
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        fields.update(faults.described(error))
    return fields
