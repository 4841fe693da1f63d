"""Many numbers at once: numpy, which is loaded when they are first reckoned with, and what its arrays are of. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lazily import lazily

__all__ = [
    "ArrayLike",
    "Buckets",
    "CodePoints",
    "Flags",
    "Floats",
    "Hashes",
    "Integers",
    "NDArray",
    "Numbers",
    "Places",
    "np",
]

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Buckets = NDArray[np.int32]
    CodePoints = NDArray[np.uint32]
    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Hashes = NDArray[np.uint64]
    Integers = NDArray[np.int64]
    Numbers = NDArray[np.int64]
    Places = NDArray[np.intp]
else:
    np = lazily("numpy")
    ArrayLike = NDArray = Any  # no annotation is looked at while the site runs
    Buckets = CodePoints = Flags = Floats = Hashes = Integers = Numbers = Places = Any
