"""How often each expression was named rightly, with intervals."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.practice.rounds import CHOICES, Answer


@dataclass(frozen=True)
class Score:
    """How many of some faces were named rightly.

    Attributes
    ----------
    right, count
        Of how many faces, at least one.
    """

    right: int
    count: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.right / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """Between what the share lies with 95 % confidence, for as few faces as these (Wilson 1927)."""
        # Not above: it takes a second, which a page that only lists should not wait for.
        from scipy.stats import binomtest

        found = binomtest(self.right, self.count).proportion_ci(0.95, "wilson")
        return float(found.low), float(found.high)


def scores(answers: Iterable[Answer]) -> dict[str, Score]:
    """Return the score of each of `CHOICES` that was shown, in their order."""
    counted: dict[str, list[bool]] = {choice: [] for choice in CHOICES}
    for answer in answers:
        counted[answer.trial.expression].append(answer.right)
    return {choice: Score(sum(each), len(each)) for choice, each in counted.items() if each}


def whole(found: dict[str, Score]) -> Score:
    """Return the score of all expressions together; of none at all it has no share."""
    return Score(sum(each.right for each in found.values()), sum(each.count for each in found.values()))
