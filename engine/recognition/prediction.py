"""What a model's probabilities say: the most probable expression, how sure that is, and whether it is sure enough."""

from typing import Protocol


class Classifier(Protocol):
    """What names expressions: a model, perhaps behind an enhancement, perhaps as one person has taught it."""

    name: str
    labels: tuple[str, ...]
    thresholds: dict[str, float]


class Prediction:
    """Whatever has ``probabilities``, by label, and the ``model`` that they are from."""

    probabilities: dict[str, float]
    model: Classifier

    @property
    def expression(self) -> str:
        """The most probable expression, whether decided or not."""
        return max(self.probabilities, key=self.probabilities.__getitem__)

    @property
    def certainty(self) -> float:
        """The probability of the most probable expression, 0..1."""
        return self.probabilities[self.expression]

    @property
    def decided(self) -> bool:
        """Whether the model is sure enough: each expression has a threshold, chosen on data, that its card tells."""
        return self.certainty >= self.model.thresholds[self.expression]

    @property
    def answer(self) -> str:
        """The expression shown, or ``undecided``."""
        return self.expression if self.decided else "undecided"
