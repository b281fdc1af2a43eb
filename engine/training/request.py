"""What a run was asked to do: enough to do it again."""

import dataclasses
import json
import shlex
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine import emotions
from engine.errors import DataError, ModelError
from engine.models.shipped import REPLACED
from engine.training.augment import Augmentation
from engine.training.configuration import AUGMENTATIONS, RECIPES, Configuration

CROSS_VALIDATIONS = ("k-fold", "loso")
"""Splits that train once a fold: they measure a way of training and leave no model behind."""

EXPRESSIONS = {"six": emotions.PAPER_SIX, "seven": emotions.SEVEN, "eight": (*emotions.SEVEN, "contempt")}


@dataclass(frozen=True)
class Request:
    """One training, or one cross-validation.

    Attributes
    ----------
    model
        A recipe (`engine.training.configuration.RECIPES`) or a learner (`engine.training.learners.LEARNERS`).
    data
        A path, or the name of an imported set.
    configuration
        The recipe's, changed as asked. Of a learner's only the labels, the expressions and the seed count.
    split, folds
        See `engine.training.training_data.divide` and `folds_of`; ``folds`` counts for ``"k-fold"`` only.
    faces
        How crops come from pictures: see `engine.datasets.crops.face_crops`.
    jobs, scheduler
        How many folds at once, and the address of a Dask scheduler or None.
    """

    model: str
    data: str
    configuration: Configuration
    split: str = "auto"
    folds: int = 5
    faces: str = "auto"
    jobs: int = 1
    scheduler: str | None = None

    @property
    def is_network(self) -> bool:
        """Whether a network is trained, not a conventional learner."""
        return self.model in RECIPES

    @property
    def leaves_a_model(self) -> bool:
        """Whether there will be a model to try: neither learners nor cross-validations leave one."""
        return self.is_network and self.split not in CROSS_VALIDATIONS

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``run.json``."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Request":
        """Return what `as_json` gave.

        Raises
        ------
        KeyError, TypeError
            For values of another form.
        """
        configuration = dict(values["configuration"])
        for name in ("classes", "teachers"):
            configuration[name] = tuple(configuration.get(name, ()))
        configuration["augmentation"] = Augmentation(**configuration["augmentation"])
        # Of runs from before: a weight by class has another name, and a prior is taken out while training.
        configuration.pop("prior_exponent", None)
        if "class_weights" in configuration:
            balanced = configuration.pop("class_weights") == "balanced"
            configuration.setdefault("class_balance", "weights" if balanced else "none")
        return cls(**{**values, "configuration": Configuration(**configuration)})

    def command(self) -> str:
        """Return the command line that does the same again, with the data set's name and no folder of this machine."""
        words = ["python", "-m", "engine", "train", self.model, "--data", Path(self.data).name]
        for name in ("split", "folds", "faces"):
            if (value := getattr(self, name)) != getattr(Request, name):
                words += [f"--{name}", str(value)]
        usual = starting_point(self.model)
        for field in dataclasses.fields(Configuration):
            value = getattr(self.configuration, field.name)
            if field.name == "title" or value == getattr(usual, field.name):
                continue
            if field.name == "teachers":
                words += [word for named in value for word in ("--teacher", Path(named).name)]
            elif isinstance(value, bool):
                words.append(f"--{'' if value else 'no-'}{field.name}")
            else:
                words += [f"--{OPTIONS.get(field.name, field.name).replace('_', '-')}", _word(field.name, value)]
        return shlex.join(words)


OPTIONS = {"classes": "expressions"}
"""Options of the command line that have another name than the attribute of `Configuration`."""


def starting_point(model: str) -> Configuration:
    """Return the configuration that a recipe or learner starts from.

    Raises
    ------
    ModelError
        For a name that is neither.
    """
    if model in RECIPES:
        return RECIPES[model]
    # They bring Numba along, which other commands should not wait for.
    from engine.training.learners import LEARNERS

    if model in LEARNERS:
        return dataclasses.replace(RECIPES["paper"], title=LEARNERS[model])
    if model in REPLACED:
        raise ModelError(
            f"The recipe {model} is there no longer.", f"{REPLACED[model]} replaces it, on all sets at once."
        )
    raise ModelError(
        f"There is no model {model!r} to train.",
        f"There are the networks {', '.join(RECIPES)} and the learners {', '.join(LEARNERS)}.",
    )


def load(folder: Path) -> tuple[Request, dict[str, Any]]:
    """Read a run's ``run.json``: the request, and everything that stands there.

    Raises
    ------
    DataError
        For a file that is missing, damaged or of another form.
    """
    try:
        values = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        return Request.from_json(values["request"]), values
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{folder.name} is no run that can be read ({error}).", "Give the folder of a run, with its run.json."
        ) from error


def _word(name: str, value: Any) -> str:
    if name == "augmentation":
        return next((key for key, known in AUGMENTATIONS.items() if known == value), "own")
    if name == "classes":
        return next((key for key, known in EXPRESSIONS.items() if known == value), ",".join(value))
    if name == "initial" and value is not None:
        return Path(value).name
    if name == "options":
        return json.dumps(value)
    return "none" if value is None else str(value)
