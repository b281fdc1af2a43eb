"""The parts of a recipe that can be left out, to see what each is worth."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.training.augment import NONE
from engine.training.configuration import Configuration


@dataclass(frozen=True)
class Part:
    """A part of a recipe that can be left out.

    Attributes
    ----------
    name
        For people.
    without
        Returns a configuration that lacks the part, or the same one where it has none.
    trained_alike
        Whether leaving it out changes what is made of the trained weights, not the training itself.
    """

    name: str
    without: Callable[[Configuration], Configuration]
    trained_alike: bool = False


PARTS = {
    "lbp": Part("LBP planes", lambda known: _told(known, lbp=False)),
    "lstm": Part("LSTM", lambda known: _told(known, recurrent=False)),
    "soft-labels": Part(
        "votes as soft labels",
        lambda known: replace(known, labels="given", votes_share=0.0),
    ),
    "augmentation": Part("augmentation", lambda known: replace(known, augmentation=NONE)),
    "initial": Part("trained start", lambda known: replace(known, initial=None)),
    "teachers": Part("teachers", lambda known: replace(known, teachers=())),
    "averaging": Part("averaged weights", lambda known: replace(known, ema_momentum=None), trained_alike=True),
    "mirror": Part("mirror image", lambda known: replace(known, mirror=False), trained_alike=True),
}


def parts_of(configuration: Configuration) -> dict[str, Part]:
    """Return the parts that a configuration has, by the names under which they can be left out."""
    if configuration.architecture == "paper_cnn_lstm":
        # It is nothing but its LBP codes and its recurrent layers.
        known = {key: part for key, part in PARTS.items() if key not in ("lbp", "lstm")}
    else:
        known = PARTS
    return {key: part for key, part in known.items() if part.without(configuration) != configuration}


def _told(known: Configuration, **options: bool) -> Configuration:
    return replace(known, options={**known.options, **options})
