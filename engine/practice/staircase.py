"""An adaptive staircase: after each answer, the next face is shown for as long as tells most about one's limit.

QUEST, A. B. Watson and D. G. Pelli, "QUEST: a Bayesian adaptive psychometric method", Perception & Psychophysics 33,
1983, doi 10.3758/BF03202828; the next duration is the posterior's mean, as P. E. King-Smith and others, "Efficient and
unbiased modifications of the QUEST threshold method", Vision Research 34, 1994, doi 10.1016/0042-6989(94)90039-6, found
best.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.emotions import SEVEN

GUESSING = 1 / len(SEVEN)
"""Share of right answers that guessing among the choices gives."""
LAPSES = 0.02
"""Share of answers that go wrong however long a face is shown: a blink, a wrong key."""
SLOPE = 3.5
"""Steepness of the psychometric function over log10 of the duration, Watson and Pelli's."""

SHORTEST_S, LONGEST_S = 1 / 25, 1 / 2
"""Between which durations faces are shown: a micro-expression lasts at most half a second."""

_STEP = 0.01  # of log10 seconds
_GRID = np.arange(-2.5, 0.8, _STEP)
_PRIOR_MEAN_S, _PRIOR_DEVIATION = 0.16, 0.45


def probability_right(duration_s: ArrayLike, threshold_s: ArrayLike) -> NDArray[np.float64]:
    """Return how probable a right answer is.

    A Weibull function over the logarithm of the duration. At the threshold it is guessing and 63 % (1 - 1/e) of what
    lies between guessing and lapses: 67 %.

    Parameters
    ----------
    duration_s, threshold_s
        Above 0, of shapes that broadcast.

    Examples
    --------
    >>> float(probability_right(0.1, 0.1).round(2))
    0.67
    """
    far = np.log10(np.asarray(duration_s, float)) - np.log10(np.asarray(threshold_s, float))
    # 10 to the power of more than 300 would overflow, and nothing changes up there.
    return GUESSING + (1 - GUESSING - LAPSES) * -np.expm1(-(10 ** np.minimum(SLOPE * far, 100)))


class Staircase:
    """Finds how long somebody must see a face to name its expression.

    Examples
    --------
    >>> staircase = Staircase()
    >>> longer = staircase.next_s
    >>> staircase.add(longer, right=True)
    >>> staircase.next_s < longer
    True
    """

    def __init__(self) -> None:
        self._log_posterior = -0.5 * ((_GRID - np.log10(_PRIOR_MEAN_S)) / _PRIOR_DEVIATION) ** 2
        self.count = 0

    def add(self, shown_s: float, right: bool) -> None:
        """Learn from an answer to a face that was shown for so long.

        Raises
        ------
        ValueError
            For a duration that is not above 0.
        """
        if not shown_s > 0:
            raise ValueError(f"Expected a duration above 0 s. Received {shown_s}.")
        share = probability_right(shown_s, 10**_GRID)
        self._log_posterior += np.log(share if right else 1 - share)
        self.count += 1

    @property
    def next_s(self) -> float:
        """How long the next face is to be shown, `SHORTEST_S` to `LONGEST_S`."""
        return float(np.clip(self.threshold_s, SHORTEST_S, LONGEST_S))

    @property
    def threshold_s(self) -> float:
        """The estimate: shown for so long, a face is named rightly 67 times in 100."""
        return float(10 ** (self._posterior @ _GRID))

    @property
    def interval_s(self) -> tuple[float, float]:
        """Between which durations the threshold lies with a probability of 95 %."""
        below = np.cumsum(self._posterior)
        low, high = (_GRID[min(int(np.searchsorted(below, share)), len(_GRID) - 1)] for share in (0.025, 0.975))
        return float(10**low), float(10**high)

    @property
    def _posterior(self) -> NDArray[np.float64]:
        weight = np.exp(self._log_posterior - self._log_posterior.max())
        return weight / weight.sum()
