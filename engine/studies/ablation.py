"""What each part of a recipe is worth: the same training without it, judged on the same pictures."""

import argparse
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine import datasets
from engine.arguments import add_data, data_of
from engine.datasets.crops import MODES
from engine.errors import DataError
from engine.evaluation.compare import compare
from engine.evaluation.figures import figures
from engine.evaluation.predictions import Predictions
from engine.evaluation.words import percent_with_interval, points_with_interval
from engine.files import write_json
from engine.models import card as cards
from engine.tasks import Progress
from engine.training import runs
from engine.training.checkpoint import Checkpoint
from engine.training.configuration import PARTS, RECIPES, Configuration, Part, parts_of, shortened
from engine.training.request import CROSS_VALIDATIONS, Request, starting_point
from engine.training.results import judged_by, predictions_of
from engine.training.training_data import Division, TrainingData, divide, prepare
from engine.training.work import work
from engine.words import columns

WHOLE = "whole"
"""The folder of the training with all parts."""
SCORES = ("balanced_accuracy", "accuracy")
"""What is told of every training: the mean recall, in which every expression counts alike, and the accuracy."""


def ablate(request: Request, folder: Path, only: tuple[str, ...] | None = None, *, echo: bool = True) -> dict[str, Any]:
    """Train with all parts and once without each, and compare the answers for the validation pictures.

    All trainings have the same epochs, the same seed and the same pictures. Each is a run of its own in a folder inside
    ``folder``; those that are there already are not repeated, and one that was stopped goes on after its last epoch.
    Every network answers for the whole recipe's validation pictures, whose labels are the whole recipe's.

    Parameters
    ----------
    request
        The whole recipe, on a split that trains once.
    folder
        Where the runs go.
    only
        Keys of `engine.training.configuration.PARTS`, all that the configuration has for None.
    echo
        Whether the runs' logs are printed.

    Returns
    -------
    dict
        For a card's ``ablation``: ``data``, ``division``, ``judged_by``, ``n`` validation pictures, ``epochs``,
        ``seed``, ``command``; ``accuracy`` and ``balanced_accuracy`` (the mean recall) of the whole recipe, 0..1, each
        with its ``..._interval`` (95 %, bootstrap over units); and ``parts``, each with ``name``, ``mcnemar_mid``
        (p-value), and both scores as `engine.evaluation.compare.compare` gives them, ``first`` with the part,
        ``second`` without.

    Raises
    ------
    DataError
        For a cross-validation, a part that the configuration lacks, folders that hold other runs, or a run that was
        cancelled.
    UserError
        As a run's.
    """
    parts = _chosen(request, only)
    _work_on(request, folder / WHOLE, echo)
    for key, part in parts.items():
        if not _shares_training(request.configuration, part):
            _work_on(replace(request, configuration=part.without(request.configuration)), folder / key, echo)
    data = prepare(request.configuration, datasets.read(request.data), request.faces, request.split)
    division = divide(data, request.split, request.configuration.seed)
    whole = _answers(request.configuration, folder / WHOLE, data, division)
    scores = figures(whole)
    return {
        "data": data.name,
        "division": division.words,
        "judged_by": judged_by(request.configuration, data.faces.votes),
        "n": len(whole),
        "epochs": request.configuration.epochs,
        "seed": request.configuration.seed,
        "command": command(request, only),
        **{key: scores[key] for score in SCORES for key in (score, f"{score}_interval")},
        "parts": [_row(request.configuration, folder, key, data, division, whole) for key in parts],
    }


def command(request: Request, only: tuple[str, ...] | None = None) -> str:
    """Return the command line that does the same again, with the data set's name and no folder of this machine."""
    words = ["python", "-m", "engine", "study", "ablation", request.model]
    words += ["--data", Path(request.data).name, "--output", "RUNS"]
    for name in ("split", "faces"):
        if getattr(request, name) != "auto":
            words += [f"--{name}", getattr(request, name)]
    if request.configuration.epochs != starting_point(request.model).epochs:
        words += ["--epochs", str(request.configuration.epochs)]
    if request.configuration.initial != starting_point(request.model).initial:
        words += ["--initial", Path(request.configuration.initial or "none").name]
    return shlex.join([*words, "--without", *only] if only else words)


def _chosen(request: Request, only: tuple[str, ...] | None) -> dict[str, Part]:
    if not request.is_network or request.split in CROSS_VALIDATIONS:
        raise DataError(
            f"{request.model} on the split {request.split} leaves no network whose parts could be left out.",
            f"Name one of the recipes {', '.join(RECIPES)}, and a split that trains once.",
        )
    known = parts_of(request.configuration)
    missing = [key for key in only or () if key not in known]
    if missing:
        raise DataError(f"{request.model} has no part {', '.join(missing)}.", f"It has: {', '.join(known)}.")
    return {key: part for key, part in known.items() if only is None or key in only}


def _shares_training(configuration: Configuration, part: Part) -> bool:
    """Tell whether the weights without a part are in the whole recipe's checkpoint."""
    # Early stopping keeps the averages of its best epoch, not what was averaged.
    return part.trained_alike and (configuration.patience is None or part is PARTS["mirror"])


def _row(
    configuration: Configuration, folder: Path, key: str, data: TrainingData, division: Division, whole: Predictions
) -> dict[str, Any]:
    part = PARTS[key]
    trained_in = folder / (WHOLE if _shares_training(configuration, part) else key)
    compared = compare(whole, _answers(part.without(configuration), trained_in, data, division))
    return {"name": part.name, **{key: compared[key] for key in (*SCORES, "mcnemar_mid")}}


def _work_on(request: Request, folder: Path, echo: bool) -> None:
    """Train, go on with what was stopped, or find it done."""
    found = runs.opened(folder) if (folder / "run.json").exists() else runs.create(request, folder)
    if found.request != request:
        raise DataError(
            f"{folder} holds another training than this one ({found.about['command']}).", "Choose another folder."
        )
    if found.state != "finished" and work(folder, echo=echo).state != "finished":
        raise DataError(f"The training in {folder} was cancelled.", "Give the same command again to go on.")


def _answers(configuration: Configuration, folder: Path, data: TrainingData, division: Division) -> Predictions:
    """Let the network of a finished run answer for the validation pictures, made as a configuration says."""
    # Not above: TensorFlow comes along, which reading what the study takes should not wait for.
    from engine.training.fit import answers, finish, priors
    from engine.training.last_layer import learn_last_layer

    kept = Checkpoint.load(folder / "checkpoint.npz")
    if configuration.ema_momentum is None and configuration.patience is None:
        # Averaging only watches the training: the last weights are those of a training without it.
        kept = replace(kept, answering=kept.model)
    model = finish(configuration, kept, len(data.labels))
    if configuration.last_layer_votes_share is not None and data.last_layer_targets is not None:
        own = division.training
        wanted = data.last_layer_targets[own]
        learn_last_layer(model, data.crops[own], wanted, priors(wanted, data.origin[own]))
    judged = replace(division, held_out=division.validation)
    return predictions_of(data, judged, answers(model, data.crops[division.validation]))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    parser.add_argument("model", metavar="MODEL", help="a recipe, such as neuromer")
    add_data(parser)
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="where the runs go; those that are there are not repeated",
    )
    parser.add_argument("--without", nargs="+", choices=PARTS, metavar="PART", help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--split", default="auto", help="auto, hold-out, tenth, or two of the set's own parts")
    parser.add_argument("--faces", choices=MODES, default="auto", help="how crops come from pictures")
    parser.add_argument("--epochs", type=int, help="of each training, fewer than the recipe's to save time")
    parser.add_argument("--initial", type=Path, metavar="FOLDER", help="start each training from this model")
    parser.add_argument("--card", type=Path, metavar="FOLDER", help="write the table into this model's card too")


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Train, compare, and keep the table beside the runs."""
    configuration = starting_point(options.model)
    if options.epochs is not None:
        if options.epochs < 1:
            raise DataError(f"{options.epochs} epochs are none.", "Ask for at least 1.")
        configuration = shortened(configuration, options.epochs)
    if options.initial is not None:
        configuration = replace(configuration, initial=str(options.initial.resolve()))
    request = Request(options.model, data_of(options.data), configuration, split=options.split, faces=options.faces)
    card = None if options.card is None else cards.read(options.card)
    try:
        found = ablate(request, options.output, options.without and tuple(options.without), echo=not options.json)
    except KeyboardInterrupt as error:
        raise DataError("It was stopped.", "Give the same command again to go on.") from error
    write_json(options.output / "ablation.json", found)
    if card is not None:
        cards.write(options.card, {**card, "ablation": found})
    return [found]


def in_words(found: Mapping[str, Any]) -> str:
    """Return the table."""
    lines = [
        f"{found['data']}, {found['n']} validation pictures, {found['judged_by']}",
        f"epochs of each training: {found['epochs']}",
    ]
    table = [["", "mean recall", "accuracy", "McNemar p"]]
    table.append(["whole", *(percent_with_interval(found[score], found[f"{score}_interval"]) for score in SCORES), ""])
    for part in found["parts"]:
        changes = (points_with_interval(part[score]["difference"], part[score]["interval"]) for score in SCORES)
        table.append([f"without {part['name']}", *changes, f"{part['mcnemar_mid']:.2g}"])
    return "\n".join([*lines, *columns(table)])
