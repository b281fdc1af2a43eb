"""What a user chooses for the camera."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LiveSettings:
    """How faces are answered for.

    Attributes
    ----------
    model
        Name of a shipped model or of a run's, None for the default.
    enhance
        A key of `engine.images.lowlight.METHODS`: what face crops go through before the model sees them.
    plastic
        Whether the model's plastic head answers in place of its softmax layer.
    smooth_s
        Time constant in seconds by which probabilities are smoothed; 0 for not at all.
    """

    model: str | None = None
    enhance: str = "none"
    plastic: bool = False
    smooth_s: float = 0.2
