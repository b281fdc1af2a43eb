"""What a run was asked to do: enough to do it again."""

import dataclasses
import json
import shlex
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine import emotions
from engine.errors import DataError, ModelError
from engine.kept import fits, form_of, read_json, sound
from engine.models.shipped import REPLACED
from engine.training.augment import Augmentation
from engine.training.configuration import AUGMENTATIONS, RECIPES, Configuration

CROSS_VALIDATIONS = ("k-fold", "loso")
"""Splits that train once a fold: they measure a way of training and leave no model behind."""

_ABOUT = {"command": str, "created": str, "data_fingerprint": str, "versions": {str: str}}

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
        KeyError, TypeError, ValueError
            For values of another form. What a newer version asks for beside is left out: see `unknown`.
        """
        configuration = dict(values["configuration"])
        # Of runs from before: a weight by class has another name, and a prior is taken out while training.
        configuration.pop("prior_exponent", None)
        if "class_weights" in configuration:
            balanced = configuration.pop("class_weights") == "balanced"
            configuration.setdefault("class_balance", "weights" if balanced else "none")
        configuration = _known(Configuration, configuration)
        for name in ("classes", "teachers"):
            configuration[name] = tuple(configuration.get(name, ()))
        configuration["augmentation"] = Augmentation(**_known(Augmentation, configuration["augmentation"]))
        return cls(**{**_known(cls, values), "configuration": Configuration(**configuration)})

    def unknown(self, values: dict[str, Any]) -> list[str]:
        """Return what a run's ``run.json``, of a newer version, asks for beside all that is known here."""
        names = {key for key in values if key not in self.as_json()}
        given, known = values["configuration"], self.as_json()["configuration"]
        return sorted(names | set(given) - set(known) - {"prior_exponent", "class_weights"})

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
    path = folder / "run.json"
    try:
        values = read_json(path)
        if not isinstance(values, dict) or not fits(values.get("request"), {"configuration": dict}):
            raise ValueError("it holds no request")
        request = Request.from_json(values["request"])
    except FileNotFoundError as error:
        raise DataError(f"{folder.name} is no run: it has no {path.name}.", "Give the folder of a run.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else str(getattr(error, "strerror", None) or error)
        raise DataError(
            f"The run {folder.name} is damaged: its {path.name} cannot be read ({why}).",
            "Put that file back, or remove the run's folder.",
        ) from error
    told = {"command": request.command(), "created": "", "versions": {}}
    return request, told | sound(values, _ABOUT)


def _known(kind: type, values: dict[str, Any]) -> dict[str, Any]:
    """Return what a dataclass knows of an object; raises `ValueError` for a value of another form."""
    forms = form_of(kind)
    known = {key: value for key, value in values.items() if key in forms}
    if odd := [key for key, value in known.items() if not fits(value, forms[key])]:
        raise ValueError(f"its {odd[0]} is {ascii(known[odd[0]])[:40]}")
    return known


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
