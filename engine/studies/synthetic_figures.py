"""Figures of what networks answered for micro-expressions of drawn faces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.studies.micro_expressions import difference, told

SCORES = ("uf1", "uar", "accuracy")

_PAIRS = (
    ("learnet", "resnet"),
    *(("agmenet", f"agmenet-without-{part}") for part in ("llem", "attention", "ensemble")),
)
"""Whose scores are compared: the first less the second."""


@dataclass(frozen=True)
class Truth:
    """Of which drawn clips answers are; fields as of `engine.studies.synthetic_clips.DrawnClips`."""

    y: NDArray[np.int64]
    classes: tuple[str, ...]
    subject: NDArray[np.int64]


def figures(truth: Truth, answered: Mapping[str, Mapping[str, Sequence[Any]]]) -> dict[str, Any]:
    """Tell how well each network answered, and what separates some of them.

    Parameters
    ----------
    truth
        What they answered for.
    answered
        By learner and light, what `engine.studies.synthetic_micro_expressions.answers` returned: (seeds, clips,
        classes).

    Returns
    -------
    dict
        ``learners``: by name and light (a key of `engine.studies.synthetic_micro_expressions.LIGHTS`), ``uf1``,
        ``uar`` and ``accuracy``, each with ``..._each`` seed's and ``..._interval`` (95 %, identities drawn whole, of
        the seeds' mean). ``differences``: a list of ``first``, ``second``, ``light``, and for each score ``value`` and
        ``interval`` of the first less the second.
    """
    by_light = {
        name: {light: np.array(runs, np.float32) for light, runs in lights.items()} for name, lights in answered.items()
    }
    return {
        "learners": {
            name: {light: told(truth, each, SCORES) for light, each in found.items()}
            for name, found in by_light.items()
        },
        "differences": [
            {"first": first, "second": second, "light": light}
            | difference(truth, by_light[first][light], by_light[second][light], SCORES)
            for first, second in _PAIRS
            if first in by_light and second in by_light
            for light in by_light[first]
        ],
    }
