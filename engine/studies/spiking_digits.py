"""scikit-learn's handwritten digits, learnt without labels: a check that plasticity finds structure by itself."""

import argparse
from collections.abc import Iterable
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from engine.arguments import add_seeds, seeds_of
from engine.evaluation.metrics import confusion_matrix
from engine.evaluation.words import mean_over_seeds, seeds_in_words
from engine.spiking.competitive import CompetitiveLayer, CompetitiveSettings, OutputLabels
from engine.tasks import SILENT, Progress

CLASSES = 10


def learn(seed: int, settings: CompetitiveSettings | None = None, progress: Progress = SILENT) -> dict[str, Any]:
    """Learn three quarters of the digits without labels, name the outputs by these, and answer for the other quarter.

    Parameters
    ----------
    seed
        Of the division (stratified), of the first weights and of the order.
    settings
        How the layer is built.
    progress
        Is told how far it is.

    Returns
    -------
    dict
        ``accuracy`` on the held-out quarter, 0..1, ``confusion`` (10 × 10, rows true), ``n`` held out, ``silent``, the
        share of held-out pictures for which no output fired, and ``weights``, (64, outputs) float32.
    """
    digits = load_digits()
    pictures, held_out, labels, true = train_test_split(
        digits.data, digits.target, test_size=0.25, random_state=seed, stratify=digits.target
    )
    layer = CompetitiveLayer(pictures.shape[1], settings, seed).fit(pictures, progress)
    names = OutputLabels.of(layer.counts(pictures), labels, CLASSES)
    counts = layer.counts(held_out)
    answered = names.answers(counts)
    return {
        "accuracy": float(np.mean(answered == true)),
        "confusion": confusion_matrix(true, answered, CLASSES),
        "n": len(true),
        "silent": float(np.mean(counts.sum(axis=1) == 0)),
        "weights": layer.network.weights,
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_seeds(parser)


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Learn with plasticity and without, each time divided anew."""
    ways = {"digits without labels": CompetitiveSettings(), "without plasticity": CompetitiveSettings(epochs=0)}
    return [
        mean_over_seeds(
            {
                name: [learn(seed, settings, progress)["accuracy"] for seed in seeds_of(options)]
                for name, settings in ways.items()
            }
        )
    ]


in_words = seeds_in_words
