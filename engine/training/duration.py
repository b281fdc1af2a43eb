"""About how long a training takes on this machine: told before it begins, and what its bar is divided by."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.datasets import FaceSet
from engine.datasets.crops import CROP_LIMIT, are_crops
from engine.datasets.parts import meaning
from engine.errors import ModelError
from engine.models import shipped
from engine.settings import CROP_SIZE
from engine.training.configuration import Configuration
from engine.training.request import Request

PACE_S = 0.0018
"""Seconds that the shipped model takes to answer for a crop on the machine that the figures below are of: two cores."""
LAST_LAYER_EPOCHS = 1.5
"""About as many epochs of the whole network take as long as learning its last layer anew."""

_PICTURE_S = {"neuromer_cnn_lstm": 1.75e-3, "paper_cnn_lstm": 0.65e-3}
"""A picture and an epoch, by architecture."""
_LOADING_S = {"neuromer_cnn_lstm": 14.0, "paper_cnn_lstm": 7.0}
"""TensorFlow, the network and its first batch, for which it is compiled, by architecture."""
_OTHER = "neuromer_cnn_lstm"
_STARTING_S = 2.5  # the process and what it imports
_CUT_S, _FOUND_S = 1e-4, 0.012  # a picture that is a face crop, and one in which the face is looked for
_COPIES_S = 4e-4  # a picture that copies are looked for of
_ENDING_S, _ANSWER_S = 6.0, 2.5e-3  # exporting a network, and each picture that it then answers for
_KNN_PAIR_S, _SVM_PAIR_S, _FOREST_PICTURE_S, _HISTOGRAM_S = 3e-8, 1.5e-7, 3.3e-3, 1e-4


@dataclass(frozen=True)
class Duration:
    """Seconds that the parts of a training take.

    Attributes
    ----------
    reading_s, loading_s, training_s, ending_s
        Until the pictures are cut and divided, then until the first batch has been learnt from, then all epochs or
        folds, then the figures and the export.
    at_most
        Whether it may end early, when it learns nothing more.
    """

    reading_s: float
    loading_s: float
    training_s: float
    ending_s: float
    at_most: bool

    @property
    def total_s(self) -> float:
        """All parts."""
        return self.reading_s + self.loading_s + self.training_s + self.ending_s


def expected(
    request: Request, pictures: int, splits: Mapping[str, int], *, subjects: int, large: bool, copies_known: bool
) -> Duration:
    """Tell about how long a training takes: within a factor of two, on a machine that does nothing else.

    The seconds that one machine took are scaled by how fast this one answers with the shipped model.

    Parameters
    ----------
    request
        What is asked.
    pictures
        Of the set that have a usable label.
    splits
        The pictures of each of the set's own parts; empty where it has none.
    subjects
        How many people the set names, 0 for none.
    large
        Whether faces are to be found in the pictures: they are no crops.
    copies_known
        Whether the set's copies are known already.
    """
    configuration, pace = request.configuration, _pace()
    times, training, validation, held_out = _divided(request, pictures, splits, subjects)
    used = training + validation + held_out
    reading_s = _STARTING_S + used * ((_FOUND_S if large else _CUT_S) + (0 if copies_known else _COPIES_S))
    if request.is_network:
        one_s = _network_s(configuration, training, validation)
        loading_s = _LOADING_S.get(configuration.architecture, _LOADING_S[_OTHER])
        ending_s = _ENDING_S + held_out * _ANSWER_S if request.leaves_a_model else 1.0
        at_most = configuration.patience is not None
    else:
        one_s = _learner_s(request.model, training + validation, held_out) / min(request.jobs, times)
        loading_s, ending_s, at_most = 1.0, 1.0, False
    if times > 1:  # each fold loads what it needs
        one_s, loading_s = one_s + loading_s, 0.0
    return Duration(pace * reading_s, pace * loading_s, pace * times * one_s, pace * ending_s, at_most)


def of_faces(request: Request, faces: FaceSet) -> Duration:
    """Tell the same of a set that has been read."""
    splits = {} if faces.split is None else Counter(map(str, faces.split))
    subjects = 0 if faces.subject is None else len(np.unique(faces.subject))
    large = not are_crops(faces.pictures, request.faces)
    usable = _usable(request.configuration, Counter(map(str, faces.labels)))
    return expected(request, usable, splits, subjects=subjects, large=large, copies_known=faces.group is not None)


def of_stored(request: Request, about: Mapping[str, Any], *, copies_known: bool) -> Duration:
    """Tell the same of an imported set, of what `engine.datasets.store.about` says of it."""
    large = request.faces != "crop" and (about["shape"] is None or max(about["shape"][:2]) > CROP_LIMIT)
    return expected(
        request,
        _usable(request.configuration, about["labels"]),
        about["splits"],
        subjects=about["subjects"] or 0,
        large=large,
        copies_known=copies_known,
    )


def _usable(configuration: Configuration, labels: Mapping[str, int]) -> int:
    if configuration.labels == "votes":
        return sum(labels.values())
    return sum(count for label, count in labels.items() if label in configuration.classes)


def _network_s(configuration: Configuration, training: int, validation: int) -> float:
    of_picture = (
        _PICTURE_S.get(configuration.architecture, _PICTURE_S[_OTHER]) * (configuration.crop_size / CROP_SIZE) ** 2
    )
    epochs = configuration.epochs * (training + validation / 3)
    if configuration.last_layer_votes_share is not None:
        epochs += LAST_LAYER_EPOCHS * training
    return of_picture * epochs + _ANSWER_S * len(configuration.teachers) * training


def _learner_s(name: str, training: int, held_out: int) -> float:
    own = {
        "knn": _KNN_PAIR_S * training * held_out,
        "svm": _SVM_PAIR_S * training * (training + held_out),
        "random-forest": _FOREST_PICTURE_S * training,
    }
    return 1.0 + _HISTOGRAM_S * (training + held_out) + own[name]


def _divided(request: Request, pictures: int, splits: Mapping[str, int], subjects: int) -> tuple[int, int, int, int]:
    """Return how often is trained, and about how many pictures train, validate and are held out each time."""
    named = request.split.split(":")
    tests = sum(splits[part] for part in meaning(splits, "test") if part not in named)
    # Parts are counted before pictures without a usable label go.
    usable = min(1.0, pictures / max(1, sum(splits.values()))) if splits else 1.0
    left = pictures - round(tests * usable)
    own = {part: round(splits.get(part, 0) * usable) for part in {*splits, *named}}
    if request.split == "auto":
        parts = [sum(own[part] for part in meaning(splits, kind)) for kind in ("training", "validation")]
        if all(parts):
            return 1, parts[0], parts[1], parts[1]
    if len(named) == 2:
        return 1, round(0.9 * own[named[0]]), round(0.1 * own[named[0]]), own[named[1]]
    if request.split == "tenth":
        return 1, round(0.9 * left), round(0.1 * left), round(0.1 * left)
    times = {"k-fold": request.folds, "loso": max(2, subjects)}.get(request.split, 0)
    held_out = round(left / times) if times else round(0.2 * left)
    rest = left - held_out
    return max(1, times), round(0.9 * rest), round(0.1 * rest), held_out


@lru_cache(maxsize=1)
def _pace() -> float:
    """Return how many times as long as the machine of the figures this one takes."""
    try:
        model = shipped.load()
    except ModelError:  # whoever trains anew does not need it
        return 1.0
    crops = np.zeros((32, model.crop_size, model.crop_size), np.uint8)
    taken = []
    for _ in range(4):  # the first one also makes everything ready
        begun = time.perf_counter()
        model.probabilities(crops)
        taken.append(time.perf_counter() - begun)
    return min(taken) / len(crops) / PACE_S
