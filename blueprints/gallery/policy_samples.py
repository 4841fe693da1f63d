"""What the gallery shows of the policy's components."""

from __future__ import annotations

from blueprints.gallery.samples import CLAUSES
from domain import precision
from domain.classifier import Threshold
from domain.precision import Precision

LIMITS = precision
CLAUSE = CLAUSES[0]
PRECISIONS = [
    Precision(hits=0, decided=0, upheld=0),
    Precision(hits=12, decided=0, upheld=0),
    Precision(hits=40, decided=20, upheld=12),
    Precision(hits=400, decided=200, upheld=20),
]
THRESHOLDS = [Threshold(0.8, 60, 55), None]
