"""One person's own resting face: what the model says of it, and how that is taken out of what it says else.

Some faces look sad, angry or smiling while they rest, to people and to models alike. FaceReader calls the remedy
participant calibration. Here the mean log-probabilities of the frames at rest are what a face brings along; what a
moment changes about them is what it shows.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.emotions import NEUTRAL
from engine.errors import UserError

LEAST_S = 0.4
"""So long must a face have been seen at rest for its rest to be known."""
LONG_S = 2.0
"""... and so long in all where the model does not call it neutral."""
HELD_S = 0.5
"""What a user names as rest is the face held for so long."""
SURE = 0.75
"""An expression that is shown for long, and not rest, has usually at least this probability."""
AT_REST = 0.5
"""What a resting face is at least called neutral with once its own rest is taken out."""
_OWN = 0.7
"""Share of the evidence for neutral that a face which rests neutrally keeps. With none, twice as many faint expressions
of such faces are named wrongly, and half as many more rightly; with all, none is gained."""
_STILL = 1.0  # percent of the distance between the eyes: no region of a still face is further from rest ...
_STILL_TIMES = 2.0  # ... or than so many times what is usual while it rests
_FAINT = 0.01  # of an expression that a resting face shows less of, nobody can tell how much less
_MOVES = 0.7  # standard deviation of log-probabilities: half and twice as probable within half a second
_LEAST = 1e-6
_LEAST_WANDER = 0.25  # of log-probabilities, where few frames happen to agree


@dataclass(frozen=True)
class RestingFace:
    """What a model says of one person's face at rest.

    Attributes
    ----------
    labels
        The expressions; one of them is neutral.
    level
        (labels,) float64: mean log-probabilities, none below that of 1 %.
    wander
        (labels,) float64, above 0: their standard deviations from frame to frame.
    seconds
        How long it was seen.
    named
        Whether a user named it, and not the model.
    """

    labels: tuple[str, ...]
    level: NDArray[np.float64]
    wander: NDArray[np.float64]
    seconds: float = 0.0
    named: bool = False

    @classmethod
    def of(cls, labels: tuple[str, ...], rows: ArrayLike, seconds: float = 0.0, *, named: bool = False) -> Self:
        """Return the rest of some answers, (n, labels) probabilities of frames at rest, n at least 1."""
        logs = _logs(np.asarray(rows, np.float64).reshape(-1, len(labels)))
        level = np.maximum(logs.mean(axis=0), np.log(_FAINT))
        return cls(labels, level, np.maximum(logs.std(axis=0), _LEAST_WANDER), seconds, named)

    def change(self, rows: NDArray) -> NDArray[np.float64]:
        """Return by how much log-probabilities, (n, labels), are above those at rest; 0 where a face rests."""
        return _logs(rows) - self.level

    def largest_change(self, rows: NDArray) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Return how much more probable than at rest the expression is that rose most, and which one that is.

        Parameters
        ----------
        rows
            (n, labels) probabilities.

        Returns
        -------
        tuple
            (n,) natural logarithms, at least 0; (n,) indices into `labels`, never neutral's.
        """
        change = self.change(rows)
        change[:, self.labels.index(NEUTRAL)] = -np.inf
        which = change.argmax(axis=1)
        return np.maximum(change[np.arange(len(change)), which], 0.0), which

    def wander_of_evidence(self) -> NDArray[np.float64]:
        """Return how much the logarithm of each expression's odds against neutral wanders at rest, (labels,)."""
        return np.hypot(self.wander, self.wander[self.labels.index(NEUTRAL)])

    def answer(self) -> NDArray[np.float64]:
        """Return what this face is answered with at rest once that is taken out, (labels,) probabilities.

        Neutral with at least `AT_REST`, and with more where the model itself calls the rest neutral; what is left is
        shared evenly.
        """
        odds = np.exp(self.level)
        neutral = self.labels.index(NEUTRAL)
        surely = (odds[neutral] / max(odds.sum() - odds[neutral], _LEAST)) ** _OWN
        each = np.empty(len(self.labels))
        each[neutral] = max(AT_REST, surely / (1 + surely))
        each[np.arange(len(each)) != neutral] = (1 - each[neutral]) / (len(each) - 1)
        return each

    def taken_out(self, rows: NDArray) -> NDArray[np.float32]:
        """Return probabilities, (n, labels), as they were if this face rested as neutrally as any.

        A row that is the rest itself becomes `answer`.
        """
        logs = self.change(rows) + np.log(self.answer())
        odds = np.exp(logs - logs.max(axis=-1, keepdims=True))
        return (odds / odds.sum(axis=-1, keepdims=True)).astype(np.float32)


@dataclass(frozen=True)
class Rest:
    """What is known of how somebody's face rests.

    Attributes
    ----------
    face
        The resting face; None where there is none to know.
    why_not
        What stands in the way of knowing it, as the end of a sentence; empty where nothing does.
    called_neutral
        Whether the model itself calls it neutral.
    """

    face: RestingFace | None = None
    why_not: str = ""
    called_neutral: bool = False


def find_rest(labels: tuple[str, ...], rows: NDArray, far: NDArray, step_s: float) -> Rest:
    """Find how a face rests among what a model says of it, frame by frame.

    Rest is what the model calls neutral. Where it hardly ever does, a posture in which the face was still for most of
    the time is rest, unless its usual answer is an expression with `SURE`: then that may be what it shows.

    Parameters
    ----------
    labels
        The expressions; without neutral among them there is no rest.
    rows
        (n, labels) probabilities; frames in which the face is covered left out.
    far
        (n,) how far the region that is furthest from where it rests is, in percent of the distance between the eyes.
    step_s
        Time between two of them, in seconds.
    """
    if NEUTRAL not in labels:
        return Rest(None, "the model knows no neutral face")
    best = rows.argmax(axis=1)
    neutral = best == labels.index(NEUTRAL)
    if neutral.sum() * step_s >= LEAST_S - 1e-6:
        # Whatever else the model says of a face that is as still, that is how much its answers wander. Where no neutral
        # frame is near, a smile that is held is as still: what is shown surely is none of its rest.
        calm = far <= max(_STILL, _STILL_TIMES * float(np.median(far[neutral])))
        calm &= neutral | (rows.max(axis=1) < SURE)
        if (calm & neutral).sum() * step_s < LEAST_S - 1e-6:
            return Rest(None, "it moves whenever the model calls it neutral", called_neutral=True)
        return Rest(RestingFace.of(labels, rows[calm], calm.sum() * step_s), called_neutral=True)
    if len(rows) * step_s < LONG_S:
        return Rest(None, f"it is seen for less than {LONG_S:g} s")
    still = far <= max(_STILL, _STILL_TIMES * float(np.quantile(far, 0.25)))
    if still.mean() < 0.5:
        return Rest(None, "it is hardly ever called neutral, and hardly ever still")
    face = RestingFace.of(labels, rows[still], still.sum() * step_s)
    usual = np.exp(_logs(rows[still]).mean(axis=0))
    if (usual / usual.sum()).max() >= SURE:
        return Rest(None, f"while it is still it is called {labels[int(usual.argmax())]}")
    return Rest(face)


def checked_rest(labels: tuple[str, ...], rows: NDArray) -> NDArray:
    """Return the answers, (n, labels), to a face that a user names as resting.

    Raises
    ------
    UserError
        Where it moves, or shows what the model surely calls an expression: that is no rest.
    """
    if NEUTRAL not in labels:
        raise UserError("This model knows no neutral face, so that none can rest.", "Choose another model.")
    why = why_no_rest(labels, rows)
    if why:
        raise UserError(f"That is no rest: {why}.", "Relax the face, look at the camera, and name it again.")
    return rows


def why_no_rest(labels: tuple[str, ...], rows: NDArray) -> str:
    """Return why the face in some answers, (n, labels), does not rest, as the end of a sentence; empty where it may."""
    logs = _logs(rows)
    usual = np.exp(logs.mean(axis=0))
    usual /= usual.sum()
    best = int(usual.argmax())
    if labels[best] != NEUTRAL and usual[best] >= SURE:
        return f"the model calls this face {labels[best]} with {usual[best]:.0%}"
    return "the face changes meanwhile" if logs.std(axis=0)[best] > _MOVES else ""


def rest_at(labels: tuple[str, ...], asked_s: NDArray, rows: NDArray, named_s: float) -> Rest:
    """Return how a face rests that a user names as resting at a moment of a recording.

    Parameters
    ----------
    labels
        The expressions, neutral among them.
    asked_s, rows
        (n,) times in seconds and (n, labels) probabilities of the frames in which the face is seen, and not covered.
    named_s
        The moment.
    """
    near = np.abs(asked_s - named_s) <= HELD_S / 2 + 1e-6
    when = f"at {named_s:.2f} s, which was named as rest,"
    if not near.any():
        return Rest(None, f"{when} the face is not seen")
    if why := why_no_rest(labels, rows[near]):
        return Rest(None, f"{when} {why}")
    return Rest(RestingFace.of(labels, rows[near], HELD_S, named=True))


def _logs(rows: NDArray) -> NDArray[np.float64]:
    return np.log(np.maximum(np.asarray(rows, np.float64), _LEAST))
