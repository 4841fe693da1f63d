"""The ballot of each kind of poll, as it is read from the card and shown in it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, ValidationError

from models import OpinionChoice, OpinionPoll, PollKind

# as many as a poll can be ranked in (`articles.MOST_RANKED`); languages count places each in their own way
PLACES = tuple(lazy_gettext(place) for place in ("1st", "2nd", "3rd", "4th", "5th", "6th"))
RANK = "rank-"


class BallotField(Field):
    """The choices of a ballot: several inputs of one name or, of a ranked poll, an input for each choice's place.

    `data` has the ids of the choices given, in order of preference where the poll is ranked; `ranks` the places as they were
    typed, by choice id.
    """

    def __init__(self, poll: OpinionPoll | None, choices: Sequence[OpinionChoice], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.poll = poll
        self.choices = choices
        self.ranks: dict[int, str] = {}
        self.foreign = False

    @property
    def is_ranked(self) -> bool:
        """Whether each choice is given a place."""
        return self.poll is not None and self.poll.kind is PollKind.RANKED

    @property
    def places(self) -> tuple[Any, ...]:
        """Return the places to be given, in words."""
        return PLACES[: len(self.choices)]

    @property
    def takes_several(self) -> bool:
        """Whether more than one choice can be given."""
        return self.poll is not None and self.poll.takes_several

    @property
    def given(self) -> list[OpinionChoice]:
        """Return the choices of the ballot."""
        choices = {choice.id: choice for choice in self.choices}
        return [choices[choice_id] for choice_id in self.data if choice_id in choices]

    def rank_name(self, choice: OpinionChoice) -> str:
        """Return the name of the input for one choice's place."""
        return f"{RANK}{choice.id}"

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was sent, or else the reader's current ballot."""
        del extra_filters
        self.errors = []
        if formdata:
            self._read(formdata)
            return
        self.data = list(data or ())
        self.ranks = {choice_id: str(place) for place, choice_id in enumerate(self.data, 1)}

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no ballot of this poll. A gap between places means nothing, and is closed."""
        del form
        if self.foreign:
            raise ValidationError(gettext("That choice is not part of this question."))
        if not self.takes_several and len(self.data) > 1:
            raise ValidationError(gettext("This question takes one answer."))
        if self.is_ranked:
            self._check_places()
        if len(set(self.data)) < len(self.data):
            raise ValidationError(gettext("Give each answer once."))

    def _read(self, formdata: Any) -> None:
        known = {str(choice.id): choice.id for choice in self.choices}
        sent, ranks = formdata.getlist(self.name), _ranks_in(formdata)
        if self.is_ranked:
            self.foreign = bool(sent or ranks.keys() - known.keys())
            self.ranks = {known[key]: rank for key, rank in ranks.items() if key in known}
            self.data = sorted(self._places(), key=self._places().__getitem__)
        else:
            self.foreign = bool(ranks or set(sent) - known.keys())
            self.data = [known[key] for key in sent if key in known]

    def _places(self) -> dict[int, int]:
        """Return the places given that are places, by choice id."""
        allowed = {str(place): place for place in range(1, len(self.choices) + 1)}
        return {choice_id: allowed[rank] for choice_id, rank in self.ranks.items() if rank in allowed}

    def _check_places(self) -> None:
        places = self._places()
        if len(places) < len([rank for rank in self.ranks.values() if rank]):
            raise ValidationError(gettext("A place is a number from 1 to %(most)s.", most=len(self.choices)))
        for place, name in enumerate(PLACES, 1):
            same = [choice.label for choice in self.choices if places.get(choice.id) == place]
            if len(same) > 1:
                raise ValidationError(
                    gettext(
                        "“%(one)s” and “%(other)s” both have the place “%(place)s”. Give each place once.",
                        one=same[0],
                        other=same[1],
                        place=name,
                    )
                )


def _ranks_in(formdata: Any) -> Mapping[str, str]:
    """Return the places sent, by what stands for the choice in their names."""
    return {name.removeprefix(RANK): formdata[name].strip() for name in formdata if name.startswith(RANK)}
