"""What the page of a prediction's disputes shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from blueprints.disputes.forms import DisputeForm
from blueprints.support.caching import about
from domain import disputes, resolutions
from domain.errors import DomainError
from domain.permissions import can_edit
from models import Article, Dispute, Prediction, Reader, Resolution


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A dispute as this reader may read it."""

    dispute: Dispute
    shows_text: bool


@dataclass(frozen=True, kw_only=True)
class DisputesPage:
    """Everything that was said of how a prediction ended, newest first, with the disputes of each.

    `form` is there where this reader can dispute what is said; where not, `refusal` says why.
    """

    article: Article
    prediction: Prediction
    said: list[tuple[Resolution, list[Shown]]]
    form: DisputeForm | None
    refusal: DomainError | None
    final_at: datetime | None  # where something can be disputed: until when

    @property
    def version(self) -> tuple[object, ...]:
        """Return what changes whenever the page of a stranger does."""
        texts = tuple((one.dispute.id, one.shows_text) for _, shown in self.said for one in shown)  # by the trust of today
        return self.article.id, self.article.version, self.prediction.resolution_count, self.form is not None, texts


def disputes_page(prediction: Prediction, form: DisputeForm, reader: Reader | None, now: datetime) -> DisputesPage:
    """Return the page as this reader may see it."""
    about(prediction.article)
    shown: dict[int, list[Shown]] = {row.id: [] for row in prediction.resolutions}
    for one in disputes.of(prediction):
        is_own = reader is not None and one.reader_id == reader.id
        shows_text = is_own or can_edit(reader) or disputes.is_text_public(one)
        shown[one.resolution_id].append(Shown(dispute=one, shows_text=shows_text))
    refusal = disputes.refusal_of(prediction, reader, now)
    said = prediction.verdict
    form.expected.data = str(prediction.resolution_count)
    return DisputesPage(
        article=prediction.article,
        prediction=prediction,
        said=[(row, shown[row.id]) for row in prediction.resolutions[::-1]],
        form=None if refusal else form,
        refusal=refusal,
        final_at=resolutions.disputable_until(said) if said is not None and not refusal else None,
    )
