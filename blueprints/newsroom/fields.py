"""Fields that forms do not come with: an instant typed in the site's zone, and a list of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from wtforms import Field, ValidationError

from blueprints.support.site import config
from domain import text
from domain.articles import ANSWERS, LONGEST_LINE
from domain.spans import YEARS
from models import Camp

MOST_ROWS = 100  # that are read from one form; six times what a question may have
SPARE_ROWS = 2  # empty ones below those that are filled


class InstantField(Field):
    """An instant, typed as date and time in the site's zone; `data` is aware, or None where it cannot be read.

    Where clocks are put back an hour comes twice: then `comes_twice` is set and a second input, `<name>-fold`, says which of
    the two is meant.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed = self.fold = ""
        self.problem: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which the time is typed."""
        return ZoneInfo(config().timezone)

    @property
    def comes_twice(self) -> bool:
        """Whether the typed time is in the hour that comes twice."""
        local = self._local()
        return local is not None and _offsets(local, self.zone)[0] > _offsets(local, self.zone)[1]

    @property
    def fold_names(self) -> list[tuple[str, str]]:
        """Return the two hours with the same name, each with its zone's short name and offset."""
        local = self._local()
        if local is None:
            return []
        return [(str(fold), f"{local.replace(tzinfo=self.zone, fold=fold):%H:%M %Z (UTC%z)}") for fold in (0, 1)]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was typed, or else show the instant that is kept."""
        del extra_filters
        self.errors, self.problem = [], None
        if formdata is not None and self.name in formdata:
            self.typed, self.fold = formdata[self.name].strip(), formdata.get(f"{self.name}-fold", "")
            self.data, self.problem = self._read()
        else:
            self.show(data if isinstance(data, datetime) else None)

    def show(self, instant: datetime | None) -> None:
        """Put an instant into the field."""
        self.data, self.typed, self.fold = instant, "", ""
        if instant is not None:
            local = instant.astimezone(self.zone)
            self.typed, self.fold = f"{local:%Y-%m-%dT%H:%M}", str(local.fold)

    def pre_validate(self, form: Any) -> None:
        """Say what is wrong with what was typed."""
        del form
        if self.problem or self.data is None:
            raise ValidationError(self.problem or gettext("Give a date and a time."))

    def _local(self) -> datetime | None:
        """Return what was typed, without a zone."""
        try:
            local = datetime.fromisoformat(self.typed)
        except ValueError:
            return None
        return local if len(self.typed) > len("2026-01-01") and local.tzinfo is None and local.year in YEARS else None

    def _read(self) -> tuple[datetime | None, str | None]:
        """Return the instant, or what keeps it from being one."""
        local = self._local()
        if local is None:
            return None, gettext("That is not a date and a time. Write it like 2031-05-24 18:30.") if self.typed else None
        first, second = _offsets(local, self.zone)
        if first < second:
            return None, gettext("The clocks go forward that night and skip this time in %(zone)s.", zone=self.zone.key)
        if first > second and self.fold not in {"0", "1"}:
            return None, gettext("The clocks go back that night, so this time comes twice. Say below which one you mean.")
        return local.replace(tzinfo=self.zone, fold=int(self.fold == "1" and first > second)).astimezone(UTC), None


@dataclass(frozen=True)
class AnswerRow:
    """One answer as it stands in the form."""

    label: str = ""
    camp: Camp = Camp.OTHER


class AnswersField(Field):
    """The answers of a question, one in each row; empty rows are dropped. `data` has the others.

    Each row is an input named `<name>-label` and, where answers take sides, a select named `<name>-camp`.
    """

    def __init__(self, *, takes_sides: bool = False, least_rows: int = 4, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.takes_sides = takes_sides
        self.least_rows = least_rows
        self.spare_rows = SPARE_ROWS

    @property
    def rows(self) -> list[AnswerRow]:
        """Return the rows to show: those that are filled, and some empty ones as long as there may be more."""
        spare = max(self.spare_rows, self.least_rows - len(self.data))
        room = max(ANSWERS.stop - 1 - len(self.data), 0)
        return [*self.data, *(AnswerRow() for _ in range(min(spare, room)))]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the rows that were sent, or else those that are kept."""
        del extra_filters
        self.errors = []
        if formdata is None:
            self.data = [row for row in data or () if isinstance(row, AnswerRow)]
            return
        labels, camps = (formdata.getlist(f"{self.name}-{part}")[:MOST_ROWS] for part in ("label", "camp"))
        rows = (AnswerRow(label, _camp(camp)) for label, camp in zip_longest(labels, camps[: len(labels)], fillvalue=""))
        self.data = [row for row in rows if text.line(row.label)]

    def pre_validate(self, form: Any) -> None:
        """Check what the domain will ask for, to say it beside the rows."""
        del form
        labels = [text.line(row.label) for row in self.data]
        if len(labels) not in ANSWERS:
            raise ValidationError(
                gettext("Give from %(least)s to %(most)s answers.", least=ANSWERS.start, most=ANSWERS.stop - 1)
            )
        if len({label.casefold() for label in labels}) < len(labels):
            raise ValidationError(gettext("Two answers are the same."))
        if any(len(label) > LONGEST_LINE for label in labels):
            raise ValidationError(gettext("An answer may have at most %(most)s characters.", most=LONGEST_LINE))

    def show(self, rows: Sequence[AnswerRow]) -> None:
        """Put answers into the field."""
        self.data = list(rows)


def _offsets(local: datetime, zone: ZoneInfo) -> tuple[Any, Any]:
    """Return the zone's two offsets at a local time: apart where clocks change, the first larger where they go back."""
    return local.replace(tzinfo=zone, fold=0).utcoffset(), local.replace(tzinfo=zone, fold=1).utcoffset()


def _camp(value: str) -> Camp:
    return Camp(value) if value in {camp.value for camp in Camp} else Camp.OTHER
