"""A forecast as it is read from the card and shown in it again: the pick, and the chances of a full one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from wtforms import Field, ValidationError

from domain import chances
from domain.chances import WHOLE
from models import Outcome

PERCENT = re.compile(r"[0-9]{1,3}")  # ASCII alone: what looks like a number to one program and not to the next is none


class PickField(Field):
    """One of the outcomes, or none. `data` is its id, and 0 stands for an outcome that there is not."""

    def __init__(self, outcomes: Sequence[Outcome], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcomes = outcomes
        self.has_several = False

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was sent, or else the reader's current pick."""
        del extra_filters
        self.errors = []
        sent = [text.strip() for text in formdata.getlist(self.name)] if formdata else []
        self.has_several = len(sent) > 1
        known = {str(outcome.id): outcome.id for outcome in self.outcomes}
        self.data = data if not formdata else known.get(sent[0], 0) if sent and sent[0] else None

    def pre_validate(self, form: Any) -> None:
        """Refuse several, and what is not offered."""
        del form
        if self.has_several:
            raise ValidationError(gettext("Pick one outcome."))
        if self.data == 0:
            raise ValidationError(gettext("That outcome is not part of this question."))


class ChancesField(Field):
    """A chance in whole percent for every outcome, each from an input of its own named `chances-<outcome id>`.

    `data` maps outcome ids to what was typed; `chances` is the distribution, or None when every input was left empty.
    """

    def __init__(self, outcomes: Sequence[Outcome], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcomes = outcomes
        self.chances: dict[int, int] | None = None
        self.missing: list[Outcome] = []
        self.foreign = False

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was typed, or else the chances of the reader's current forecast."""
        del extra_filters
        given = data if isinstance(data, Mapping) else {}
        self.errors = []
        names = {self.input_name(outcome): outcome for outcome in self.outcomes}
        if not formdata:
            self.data = {outcome.id: str(given.get(outcome.id, "")) for outcome in self.outcomes}
            return
        self.data = {outcome.id: formdata.get(name, "").strip().replace("\0", "\ufffd") for name, outcome in names.items()}
        self.missing = [outcome for name, outcome in names.items() if name not in formdata]
        strange = {name for name in formdata if name.startswith(f"{self.name}-")} - names.keys()
        self.foreign = any(formdata[name].strip() for name in strange)

    def input_name(self, outcome: Outcome) -> str:
        """Return the name of one outcome's input."""
        return f"{self.name}-{outcome.id}"

    @property
    def is_given(self) -> bool:
        """Whether any chance was typed."""
        return any(self.data.values())

    @property
    def drawn(self) -> dict[int, int]:
        """Return what is drawn of the chances as they stand, whatever is wrong with them."""
        return {key: min(int(text), WHOLE) if PERCENT.fullmatch(text) else 0 for key, text in self.data.items()}

    @property
    def likeliest(self) -> int | None:
        """Return the outcome with the highest chance as they stand, if any has one."""
        return chances.likeliest(self.drawn) if any(self.drawn.values()) else None

    def pre_validate(self, form: Any) -> None:
        """Read the numbers and check that they are whole percents that add up."""
        del form
        if self.foreign:
            raise ValidationError(gettext("These chances are for outcomes that are not part of this question."))
        if not self.is_given:
            return
        if self.missing:
            raise ValidationError(
                gettext(
                    "“%(outcome)s” was added while you were answering. Give it a chance as well.",
                    outcome=self.missing[0].label,
                )
            )
        if not all(0 <= (chance or 0) <= WHOLE for chance in self.numbers().values()):
            raise ValidationError(gettext("A chance is a whole number from 0 to 100."))
        given = {key: chance or 0 for key, chance in self.numbers().items()}
        if (total := sum(given.values())) != WHOLE:
            raise ValidationError(gettext("The chances add up to %(total)s %%; they must add up to 100 %%.", total=total))
        self.chances = given

    def numbers(self) -> dict[int, int | None]:
        """Return the numbers typed, none where nothing was. Raises `ValidationError` for what is no whole number."""
        if not all(PERCENT.fullmatch(text) for text in self.data.values() if text):
            raise ValidationError(gettext("A chance is a whole number from 0 to 100."))
        return {key: int(text) if text else None for key, text in self.data.items()}

    def move(self, outcome: Outcome, by: int, start: Mapping[int, int]) -> None:
        """Give one outcome more or less, and the others what is left. Without chances yet, begin from `start`."""
        try:
            typed = self.numbers()
        except ValidationError as error:
            self.errors = [*self.errors, str(error)]
            return
        whole = chances.completed(typed) if self.is_given else start
        self.data = {key: str(chance) for key, chance in chances.moved(whole, outcome.id, by).items()}
