"""Which kind of prediction an article's own words speak for. Pure.

Each sentence speaks for a template with the weights of the template's words in it. The closing paragraph and the
headline say what the article is about, and what happened just now is what readers are asked about, so they count more;
what lies behind us counts less; and a sentence that says a matter is over does not speak for predicting its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.outcome_templates import TEMPLATES, OutcomeTemplate

LEAST_SCORE = 6  # one strong word and some more: a lawsuit mentioned in passing makes no article about a lawsuit
HEAVY = 3.0  # headline and closing paragraph
RECENT, PAST = 2.0, 0.5

_RECENT = re.compile(
    r"\b(?:now|today|tonight|yesterday|this (?:week|month|morning|afternoon|evening|weekend)|latest|recently"
    r"|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:has|have) (?:filed|launched|announced|asked|begun|opened))\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:last (?:week|month|year|spring|summer|autumn|fall|winter)|back in|ago|earlier|previous(?:ly)?|former(?:ly)?)\b",
    re.IGNORECASE,
)


def best_template(heavy: Iterable[str], sentences: Iterable[str]) -> OutcomeTemplate | None:
    """Return the template that the sentences speak for most, or None where none is spoken for enough.

    `heavy` are the sentences of the headline and of the closing paragraph, which count more.
    """
    weighed = [(sentence, HEAVY) for sentence in heavy] + [(sentence, _weight(sentence)) for sentence in sentences]
    scores = {template.key: sum(weight * score(sentence, template) for sentence, weight in weighed) for template in TEMPLATES}
    best = max(TEMPLATES, key=lambda template: scores[template.key])
    return best if scores[best.key] >= LEAST_SCORE else None


def score(sentence: str, template: OutcomeTemplate) -> int:
    """Return how much one sentence speaks for a template; the same word said twice in it counts once."""
    sentence = sentence.lower()
    if re.search(template.over, sentence):
        return 0
    return sum(
        weight * len({found.group() for found in re.finditer(rf"\b(?:{words})\b", sentence)})
        for weight, words in template.words.items()
    )


def _weight(sentence: str) -> float:
    weight = RECENT if _RECENT.search(sentence) else 1.0
    return weight * PAST if _PAST.search(sentence) else weight
