"""Which network names micro-expressions of drawn faces best, and what each part of AGMENet is worth there.

Groups of identities are left out in turn, and each is answered for by what learnt from all others; the answers are
pooled. Nothing is chosen: a network learns for a number of epochs that is fixed beforehand. AGMENet, which is made for
the dark, answers three times, whole and without each of its parts: see `LIGHTS`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.executors import in_order
from engine.features.clip_input import face_frames
from engine.studies.synthetic_clips import DrawnClips
from engine.tasks import SILENT, Progress
from engine.training.clip_task import Task
from engine.training.face_learners import FaceLearner, behind_llem, face_learner

GROUPS = 4
DARKER = 20.0
"""How many times less light there is in the dark: a strength of `engine.evaluation.degradations.dark`."""

LIGHTS = {
    "light": "learnt and asked in good light",
    "dark": "learnt and asked in the dark",
    "darkened": "learnt in good light, asked in the dark",
}


class Inputs:
    """What networks are given of drawn clips, in good light and in the dark; worked out when it is first asked for.

    Parameters
    ----------
    clips
        The clips.
    darker
        How many times less light there is in the dark.
    """

    def __init__(self, clips: DrawnClips, darker: float = DARKER) -> None:
        self.clips, self.darker = clips, darker

    def of(self, learner: FaceLearner, dark: bool = False) -> NDArray[np.float32]:
        """Return a learner's inputs, one a clip: (n, 112, 112, 3) or (n, 8, 48, 48, 1) float32."""
        if learner.takes == "picture":
            return self.clips.pictures
        if learner.brightened:
            return self._brightened_dark if dark else self._brightened
        return self._dark if dark else self._frames

    @cached_property
    def _frames(self) -> NDArray[np.float32]:
        return _numbers(self.clips.frames)

    @cached_property
    def _dark(self) -> NDArray[np.float32]:
        return _numbers(self.clips.darkened(self.darker))

    @cached_property
    def _brightened(self) -> NDArray[np.float32]:
        return behind_llem(self._frames)

    @cached_property
    def _brightened_dark(self) -> NDArray[np.float32]:
        return behind_llem(self._dark)


@dataclass(frozen=True)
class _Job:
    name: str
    epochs: int
    task: Task


def answers(
    inputs: Inputs,
    name: str,
    seed: int,
    dark: bool = False,
    epochs: int | None = None,
    jobs: int = 1,
    watch: Progress = SILENT,
) -> dict[str, list[list[float]]]:
    """Leave groups of identities out with one seed, and return what was answered, ready for JSON.

    Parameters
    ----------
    inputs
        Of the clips.
    name
        Of a learner in `engine.training.face_learners.FACE_LEARNERS`.
    seed
        Of the groups and of everything that the learner draws.
    dark
        Whether it learns in the dark, and not in good light.
    epochs
        How long it learns; its own number for None.
    jobs
        Processes at a time.
    watch
        Is told the trainings done, and all trainings.

    Returns
    -------
    dict
        (clips, classes) probabilities for those of `LIGHTS` in which it learnt so: ``"dark"``, or ``"light"`` and, for
        learners that are made for the dark, ``"darkened"``.

    Raises
    ------
    DataError
        For fewer than two identities, or no epoch.
    ModelError
        For a learner that is not there.
    Cancelled
        Where the watch says so.
    """
    learner, clips = face_learner(name), inputs.clips
    epochs = learner.candidates[0] if epochs is None else epochs
    if epochs < 1:
        raise DataError(f"{epochs} epochs are none.", "Ask for at least 1.")
    seen = inputs.of(learner, dark)
    asked = {"dark" if dark else "light": seen}
    if learner.for_dark and not dark:
        asked["darkened"] = inputs.of(learner, dark=True)
    group = groups_of(clips.subject, seed)
    out = [group == one for one in range(group.max() + 1)]
    work = [
        _Job(
            name,
            epochs,
            Task(
                seen[~rows],
                clips.y[~rows],
                len(clips.classes),
                np.concatenate([each[rows] for each in asked.values()]),
                seed,
            ),
        )
        for rows in out
    ]
    words = f"{learner.title}{' in the dark' if dark else ''}: leaving groups of drawn identities out"
    pooled = {light: np.zeros((len(clips), len(clips.classes))) for light in asked}
    watch.step(0, len(work), words)
    for done, (rows, answered) in enumerate(zip(out, in_order(_answer, work, jobs), strict=True), 1):
        for light, part in zip(asked, np.split(answered, len(asked)), strict=True):
            pooled[light][rows] = part
        watch.step(done, len(work), words)
    return {light: np.round(each, 5).tolist() for light, each in pooled.items()}


def groups_of(subject: NDArray, seed: int) -> NDArray[np.int64]:
    """Return a group, from 0, for each clip: identities stay whole, and are spread evenly by chance.

    Raises
    ------
    DataError
        For fewer than two identities.
    """
    identities, which = np.unique(subject, return_inverse=True)
    if len(identities) < 2:
        raise DataError("The clips are of one identity.", "Leaving one out needs at least two.")
    places = np.random.default_rng(seed).permutation(len(identities))
    return (places % min(GROUPS, len(identities)))[which]


def _answer(job: _Job) -> NDArray[np.float32]:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return face_learner(job.name).answers(job.task, [job.epochs])[job.epochs]


def _numbers(clips: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.stack([face_frames(faces) for faces in clips])
