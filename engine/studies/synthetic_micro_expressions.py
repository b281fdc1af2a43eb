"""Which network names synthetic micro-expressions best, and what each part of AGMENet is worth there.

Groups of synthetic identities are left out in turn, and each is answered for by what learnt from all others; the
answers are pooled. Nothing is chosen: a network learns for a number of epochs that is fixed beforehand. LBP-TOP with a
support vector machine is what the field compared itself with before there were networks. AGMENet, which is made for the
dark, answers three times, whole and without each of its parts: see `LIGHTS`. It tells networks apart and says nothing
about real people.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arguments import add_jobs, add_seeds, seeds_of
from engine.datasets.splits import Fold
from engine.errors import DataError
from engine.evaluation.subject_figures import difference, told
from engine.evaluation.words import differences_in_words, score_with_interval
from engine.features.clip_input import face_frames
from engine.studies.synthetic_clips import HELD_BACK, SyntheticClips, draw
from engine.tasks import SILENT, Progress
from engine.training.clip_task import ClipFold, Task, answer_clips
from engine.training.cross_validation import answer_folds, gathered, read_answers, write_answers
from engine.training.face_learners import FACE_LEARNERS, FaceLearner, FrameSVM, behind_llem, face_learner
from engine.words import columns

GROUPS = 4
DARKER = 20.0
"""How many times less light there is in the dark: a strength of `engine.evaluation.degradations.dark`."""

LIGHTS = {
    "light": "learnt and asked in good light",
    "dark": "learnt and asked in the dark",
    "darkened": "learnt in good light, asked in the dark",
}

SCORES = ("uf1", "uar", "accuracy")

_PAIRS = (
    ("learnet", "resnet"),
    *(("agmenet", f"agmenet-without-{part}") for part in ("llem", "attention", "ensemble")),
)
"""Whose scores are compared: the first less the second."""


class Inputs:
    """What networks are given of synthetic clips, in good light and in the dark; worked out when it is first asked for.

    Parameters
    ----------
    clips
        The clips.
    darker
        How many times less light there is in the dark.
    """

    def __init__(self, clips: SyntheticClips, darker: float = DARKER) -> None:
        self.clips, self.darker = clips, darker
        self._known: dict[tuple[bool, bool], NDArray[np.float32]] = {}

    def of(self, learner: FaceLearner | FrameSVM, dark: bool = False) -> NDArray[np.float32]:
        """Return a learner's inputs, one a clip: (n, 112, 112, 3) or (n, 8, 48, 48, 1) float32."""
        if learner.takes == "picture":
            return self.clips.pictures
        asked = learner.brightened, dark
        if asked not in self._known:
            clips = self.clips.darkened(self.darker) if dark else self.clips.frames
            frames = np.stack([face_frames(faces) for faces in clips])
            self._known[asked] = behind_llem(frames) if learner.brightened else frames
        return self._known[asked]


def answers(
    inputs: Inputs,
    name: str,
    seed: int,
    dark: bool = False,
    epochs: int | None = None,
    jobs: int = 1,
    progress: Progress = SILENT,
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
        How long a network learns; its own number for None.
    jobs
        Processes at a time.
    progress
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
        Where ``progress`` says so.
    """
    learner, clips = face_learner(name), inputs.clips
    if epochs is not None and epochs < 1:
        raise DataError(f"{epochs} epochs are none.", "Ask for at least 1.")
    seen = inputs.of(learner, dark)
    asked = {"dark" if dark else "light": seen}
    if learner.for_dark and not dark:
        asked["darkened"] = inputs.of(learner, dark=True)
    group = groups_of(clips.subject, seed)
    folds = [Fold.of(group == one, f"group {one}") for one in range(group.max() + 1)]

    def given(fold: Fold) -> ClipFold:
        held_out = np.concatenate([each[fold.held_out] for each in asked.values()])
        task = Task(seen[fold.training], clips.y[fold.training], len(clips.classes), held_out, seed)
        return ClipFold(learner, task, (epochs,) if epochs and learner.has_epochs else learner.candidates[:1])

    words = f"{learner.title}{' in the dark' if dark else ''}: leaving groups of synthetic identities out"
    found = answer_folds(answer_clips, folds, given, jobs, progress=progress, words=words)
    _, pooled = gathered(folds, [each.reshape(len(asked), -1, len(clips.classes)) for each in found])
    return {light: np.round(each, 5).tolist() for light, each in zip(asked, pooled.astype(float), strict=True)}


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


@dataclass(frozen=True)
class Truth:
    """Of which synthetic clips answers are; fields as of `engine.studies.synthetic_clips.SyntheticClips`."""

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
        By learner and light, what `answers` returned: (seeds, clips, classes).

    Returns
    -------
    dict
        ``learners``: by name and light (a key of `LIGHTS`), ``uf1``, ``uar`` and ``accuracy``, each with ``..._each``
        seed's and ``..._interval`` (95 %, identities drawn whole, of the seeds' mean). ``differences``: a list of
        ``first``, ``second``, ``light``, and for each score ``value`` and ``interval`` of the first less the second.
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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    parser.add_argument("--identities", type=int, default=24, metavar="N", help="synthetic people (default: 24)")
    parser.add_argument(
        "--first", type=int, default=HELD_BACK, metavar="SEED", help="of the first of them; held back from 10,000 on"
    )
    parser.add_argument(
        "--learner", action="append", metavar="NAME", help="may be given several times; all unless named"
    )
    parser.add_argument(
        "--epochs", type=int, metavar="N", help="how long each network learns; its own number unless told"
    )
    add_seeds(parser, 1)
    parser.add_argument(
        "--darker",
        type=float,
        default=DARKER,
        metavar="TIMES",
        help="how many times less light there is in the dark (default: 20)",
    )
    add_jobs(parser)
    parser.add_argument(
        "--output", type=Path, metavar="FILE.json", help="keep the answers; what stands there is not repeated"
    )


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Draw, learn, ask, and tell the figures."""
    seeds = seeds_of(options)
    names = list(dict.fromkeys(options.learner or FACE_LEARNERS))
    for name in names:
        face_learner(name)
    kept = _kept(options)
    _learn(options, names, kept, progress)
    clips = kept["clips"]
    truth = Truth(np.array(clips["y"]), tuple(clips["classes"]), np.array(clips["subject"]))
    answered = {name: {light: runs[: len(seeds)] for light, runs in kept["answers"][name].items()} for name in names}
    asked = {"synthetic": True, **kept["drawn"], "clips": len(clips["y"]), "lost": clips["lost"]}
    return [asked | figures(truth, answered)]


def in_words(found: dict[str, Any]) -> str:
    """Return a table for each light, and what separates networks."""
    lost = f"; in {found['lost']} more no face was found" if found["lost"] else ""
    lines = [
        f"Synthetic: {found['clips']} micro-expressions of {found['identities']} synthetic people{lost}; "
        f"in the dark {found['darker']:g} times less light"
    ]
    for light, words in LIGHTS.items():
        rows = {name: each[light] for name, each in found["learners"].items() if light in each}
        table = [[words, "UF1", "UAR", "accuracy (95 % over identities)"]]
        for name, row in rows.items():
            scores = (score_with_interval(row[score], row[f"{score}_interval"]) for score in SCORES)
            table.append([FACE_LEARNERS[name].title, *scores])
        lines += ["", *columns(table)] if rows else []
    lines.append("")
    for each in found["differences"]:
        pair = " less ".join(FACE_LEARNERS[each[place]].title for place in ("first", "second"))
        lines.append(f"{pair}, {LIGHTS[each['light']]}: {differences_in_words(each)}")
    return "\n".join(lines).rstrip()


def _kept(options: argparse.Namespace) -> dict[str, Any]:
    """Return the answers that there are, where they are of what is asked for now."""
    asked = {key: getattr(options, key) for key in ("identities", "first", "darker", "epochs")}
    if asked["darker"] < 1:
        raise DataError(f"{asked['darker']:g} times less light is no less light.", "Ask for at least 1.")
    kept = read_answers(options.output) or {"drawn": asked, "answers": {}}
    if kept.get("drawn") != asked:
        raise DataError(
            f"{options.output} holds answers for {kept.get('drawn')}, not for {asked}.",
            "Ask for the same, or name another file.",
        )
    return kept


def _learn(options: argparse.Namespace, names: list[str], kept: dict[str, Any], progress: Progress) -> None:
    """Work out the answers that are missing, and keep each as soon as it is there."""
    answered = kept["answers"]
    missing = [
        (seed, dark, name)
        for seed in range(options.seeds)
        for dark in (False, True)
        for name in names
        if FACE_LEARNERS[name].for_dark or not dark
        if seed >= len(answered.get(name, {}).get("dark" if dark else "light", []))
    ]
    if not missing:
        return
    clips = draw(options.identities, kept["drawn"]["first"], jobs=options.jobs, progress=progress)
    kept["clips"] = {
        "y": clips.y.tolist(),
        "subject": clips.subject.tolist(),
        "classes": list(clips.classes),
        "lost": clips.lost,
    }
    inputs = Inputs(clips, kept["drawn"]["darker"])
    for seed, dark, name in missing:
        found = answers(inputs, name, seed, dark, options.epochs, options.jobs, progress)
        for light, probabilities in found.items():
            answered.setdefault(name, {}).setdefault(light, []).append(probabilities)
        write_answers(options.output, kept)
