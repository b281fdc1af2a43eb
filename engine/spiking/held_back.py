"""Whether what one person's corrections teach helps that person: before and after, on corrections that it never saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.spiking.encoding import OnOff
from engine.spiking.person_layers import PersonLayers
from engine.tasks import SILENT, Progress

LEAST = 20
"""Corrections below which nothing is measured; ``study person-adaptation`` asks whether that is enough."""
LEAST_EACH = 3
"""Of an expression, for it to count among those that can be told apart; two of these are needed."""
LEAST_SOURCES = 5
"""From so many recordings on, whole recordings are held back: faces of one are more alike than those of two."""
FOLDS, TURNS = 5, 3
"""A fifth is held back at a time, and each correction three times, beside others each time."""
RESAMPLES = 2000


@dataclass(frozen=True)
class Corrected:
    """Faces of one person whose expressions were corrected or confirmed, in the order in which that was done.

    Attributes
    ----------
    shown
        (n, expressions) what the recogniser shows of each without the adaptation.
    named
        (n, expressions) what the adaptation starts from: the same, or with this person's resting face taken out.
    embeddings
        (n, size) of the faces.
    meant
        (n,) which expression each is.
    source
        (n,) which recording, photo or lesson each is from.
    """

    shown: NDArray
    named: NDArray
    embeddings: NDArray
    meant: NDArray[np.intp]
    source: NDArray

    def __len__(self) -> int:
        return len(self.meant)

    def only(self, which: NDArray) -> "Corrected":
        """Return some of them, by a mask or by their places."""
        arrays = (self.shown, self.named, self.embeddings, self.meant, self.source)
        return Corrected(*(each[which] for each in arrays))

    def learnt(self, encoder: OnOff, progress: Progress = SILENT) -> PersonLayers:
        """Return what all of them teach; see `PersonLayers.fit`."""
        return PersonLayers.fit(encoder, self.named, self.embeddings, self.meant, progress)


def missing(corrected: Corrected, labels: Sequence[str]) -> str:
    """Say what is missing for a measurement, as a sentence; empty where nothing is."""
    counts = np.bincount(corrected.meant, minlength=len(labels))
    if (few := LEAST - len(corrected)) > 0:
        return f"{few} more {'correction is' if few == 1 else 'corrections are'} needed: {len(corrected)} of {LEAST}."
    if (counts >= LEAST_EACH).sum() < 2:
        said = ", ".join(f"{label} {count}" for label, count in zip(labels, counts, strict=True) if count)
        return f"Two expressions need {LEAST_EACH} corrections each; so far there are: {said}."
    return ""


def measure(
    corrected: Corrected, encoder: OnOff, labels: Sequence[str], seed: int = 0, progress: Progress = SILENT
) -> dict[str, Any]:
    """Hold corrections back in turn, learn the others, and compare the answers for those held back.

    Parameters
    ----------
    corrected
        The faces.
    encoder
        Of the model's plastic head.
    labels
        The expressions.
    seed
        Of the draws.
    progress
        Is told how far it is.

    Returns
    -------
    dict
        ``corrections``, ``sources``; ``whole_sources``, whether whole recordings were held back; ``before`` and
        ``after``, shares of right answers, 0..1; ``difference`` and its 95 % ``interval``, paired, by bootstrap over
        what was held back together (Efron and Tibshirani 1993, chapter 8); ``helps``, whether all of the interval is
        above 0; ``expressions``, by label ``corrections``, ``before`` and ``after``.

    Raises
    ------
    DataError
        Where `missing` says something.
    """
    if said := missing(corrected, labels):
        raise DataError(said, "Correct or confirm more of this person’s expressions.")
    _, source = np.unique(corrected.source, return_inverse=True)
    whole = source.max() + 1 >= LEAST_SOURCES
    random = np.random.default_rng(seed)
    before = corrected.shown.argmax(axis=1) == corrected.meant
    after = np.zeros((TURNS, len(corrected)))
    for turn in range(TURNS):
        fold = _whole_folds(source, random) if whole else _folds(corrected.meant, random)
        for part in range(FOLDS):
            progress.step(turn * FOLDS + part, TURNS * FOLDS, "Comparing before and after")
            held = fold == part
            if held.any() and not held.all():
                answers = (
                    corrected.only(~held).learnt(encoder).answers(corrected.named[held], corrected.embeddings[held])
                )
                after[turn, held] = answers.argmax(axis=1) == corrected.meant[held]
    right = after.mean(axis=0)
    ends = _interval(right - before, source if whole else np.arange(len(corrected)), random)
    return {
        "corrections": len(corrected),
        "sources": int(source.max()) + 1,
        "whole_sources": bool(whole),
        "before": float(before.mean()),
        "after": float(right.mean()),
        "difference": float(right.mean() - before.mean()),
        "interval": ends,
        "helps": ends[0] > 0,
        "expressions": {
            label: {
                "corrections": int(here.sum()),
                "before": float(before[here].mean()),
                "after": float(right[here].mean()),
            }
            for at, label in enumerate(labels)
            if (here := corrected.meant == at).any()
        },
    }


def _folds(meant: NDArray, random: np.random.Generator) -> NDArray[np.intp]:
    """Return in which part each is: the same share of every expression in each, as far as that goes."""
    order = random.permutation(len(meant))
    order = order[np.argsort(meant[order], kind="stable")]
    fold = np.empty(len(meant), np.intp)
    fold[order] = np.arange(len(meant)) % FOLDS
    return fold


def _whole_folds(source: NDArray, random: np.random.Generator) -> NDArray[np.intp]:
    """Return in which part each is: those of one source in the same, the parts about as large as one another."""
    counts = np.bincount(source)
    sizes, part = np.zeros(FOLDS), np.empty(len(counts), np.intp)
    drawn = random.permutation(len(counts))
    for each in drawn[np.argsort(-counts[drawn], kind="stable")]:
        part[each] = sizes.argmin()
        sizes[part[each]] += counts[each]
    return part[source]


def _interval(gained: NDArray, unit: NDArray, random: np.random.Generator) -> list[float]:
    """Return the 95 % interval of the mean of (n,) gains, units drawn whole."""
    sums, sizes = np.bincount(unit, gained), np.bincount(unit)
    drawn = random.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), RESAMPLES)
    return [float(end) for end in np.percentile(drawn @ sums / (drawn @ sizes), [2.5, 97.5])]
