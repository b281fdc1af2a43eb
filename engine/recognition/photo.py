"""From the bytes of a photo to the expression that each face in it shows."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from engine import faces, images
from engine.errors import UserError
from engine.faces import Face
from engine.faces.quality import ANSWER_OPEN
from engine.models import shipped
from engine.models.enhanced import with_enhancement
from engine.models.shipped import ShippedModel
from engine.recognition.face_answers import FaceAnswers, answers_at
from engine.recognition.face_units import FaceUnits, Prepared, prepare
from engine.recognition.importance import occlusion_map
from engine.recognition.prediction import Prediction
from engine.recognition.resting_face import RestingFace, checked_rest


@dataclass(frozen=True)
class FaceResult(Prediction):
    """One face and what a model says of it.

    Attributes
    ----------
    face
        Where it is, its landmarks, its quality.
    crop
        (size, size) uint8, gray, aligned: what the model saw.
    probabilities
        A probability a label, summing to 1.
    model
        What answered.
    enhanced
        By which method of `engine.images.lowlight.METHODS` the crop was made brighter, ``"none"`` for by none.
    plain
        The probabilities without regard to how this face rests; empty where that was not taken out.
    usual
        The probabilities without what this person's own corrections have taught; empty where nothing of that is in.
    prepared
        What `units` are read from.
    """

    face: Face
    crop: np.ndarray
    probabilities: dict[str, float]
    model: ShippedModel = field(repr=False)
    enhanced: str = "none"
    plain: dict[str, float] = field(default_factory=dict)
    usual: dict[str, float] = field(default_factory=dict)
    prepared: Prepared | None = field(default=None, repr=False)

    @cached_property
    def units(self) -> FaceUnits | None:
        """Action units and gaze; None where the picture is not at hand."""
        return None if self.prepared is None else self.prepared.read()

    @cached_property
    def asked(self) -> FaceAnswers | None:
        """What the model said of it, with its embedding; None where it does not tell that."""
        if not self.model.tells_embeddings:
            return None
        return answers_at(self.model, [0.0], *self.model.with_embeddings(self.crop[np.newaxis]))

    def without_rest_of(self, rest: Self) -> Self:
        """Return this face with the same person's resting face taken out of its answer.

        Parameters
        ----------
        rest
            A face that a user names as this person at rest, answered for by the same model.

        Raises
        ------
        UserError
            Where another model has answered for it, or this one surely calls it an expression: that is no rest.
        """
        if (rest.model.name, rest.enhanced) != (self.model.name, self.enhanced):
            raise UserError("Another model has answered for the resting face.", "Have one model answer for both.")
        labels = tuple(self.model.labels)
        resting, shown = (np.array([[each.probabilities[label] for label in labels]]) for each in (rest, self))
        (row,) = RestingFace.of(labels, checked_rest(labels, resting), named=True).taken_out(shown)
        taken = dict(zip(labels, map(float, row), strict=True))
        return replace(self, probabilities=taken, plain=self.probabilities)

    @property
    def decided(self) -> bool:
        """Whether the model is sure enough, and the face such that it can be read at all."""
        return super().decided and not self.face.quality.unreadable

    @cached_property
    def importance(self) -> np.ndarray:
        """What mattered for the most probable expression: see `engine.recognition.importance.occlusion_map`."""
        return occlusion_map(self.model.probabilities, self.crop, self.model.labels.index(self.expression))

    @property
    def explained(self) -> bool:
        """Whether `importance` is at hand: it takes longer than all the rest."""
        return "importance" in vars(self)

    def as_json(self) -> dict[str, Any]:
        """Return box, answer, probabilities, quality, action units and gaze, and ``enhanced`` where the crop was."""
        plain = {
            "box": [round(float(value), 1) for value in self.face.detection.box],
            "expression": self.expression,
            "decided": self.decided,
            "probabilities": {label: round(value, 4) for label, value in self.probabilities.items()},
            "quality": self.face.quality.as_json(),
        }
        if self.units is not None:
            plain |= self.units.as_json()
        return plain if self.enhanced == "none" else plain | {"enhanced": self.enhanced}


@dataclass(frozen=True)
class PhotoResult:
    """A photo and its faces, largest first.

    Attributes
    ----------
    picture
        (height, width, 3) uint8 RGB, upright.
    faces
        May be empty.
    """

    picture: np.ndarray
    faces: tuple[FaceResult, ...]


def recognise(data: bytes, model: str | None = None, enhance: str | None = None) -> PhotoResult:
    """Find every face in a photo and name the expression that it shows.

    Parameters
    ----------
    data
        The file's bytes: JPEG, PNG, WebP, BMP, GIF or TIFF.
    model
        Name of a shipped model, the default for None.
    enhance
        A method of `engine.images.lowlight.METHODS` that each face crop goes through first; faces are found in the
        picture as it is. None: as ``"none"``.

    Returns
    -------
    PhotoResult
        No face is no error: ``faces`` is empty then.

    Raises
    ------
    ImageError
        For bytes that are not a whole, allowed picture.
    ModelError
        For a model that is unknown or damaged.
    UserError
        For an enhancement that there is not.

    Examples
    --------
    >>> import cv2
    >>> from skimage import data
    >>> photo = cv2.imencode(".png", data.astronaut()[..., ::-1])[1].tobytes()  # or Path("photo.jpg").read_bytes()
    >>> (face,) = recognise(photo).faces
    >>> face.expression, face.decided, face.crop.shape
    ('happy', True, (48, 48))
    """
    with_enhancement(shipped.load(model), enhance)  # what cannot be is said before the picture is decoded
    return recognise_picture(images.decode(data), model, enhance)


def recognise_picture(picture: np.ndarray, model: str | None = None, enhance: str | None = None) -> PhotoResult:
    """Name the expressions in a picture that is decoded already, ``(height, width, 3)`` uint8; see `recognise`."""
    named = shipped.load(model)
    answering = with_enhancement(named, enhance)
    found = faces.analyse(picture, crop_size=named.crop_size)
    if not found:
        return PhotoResult(picture, ())
    crops = np.stack([images.round_gray(face.crop) for face in found])
    probabilities = answering.probabilities(crops)
    found = [
        _held_against_looks_beside(picture, face, answering, row)
        for face, row in zip(found, probabilities, strict=True)
    ]
    results = [
        FaceResult(
            face,
            crop,
            dict(zip(answering.labels, map(float, row), strict=True)),
            named,
            enhance or "none",
            prepared=prepare(picture, face),
        )
        for face, crop, row in zip(found, answering.seen(crops), probabilities, strict=True)
    ]
    return PhotoResult(picture, tuple(results))


def _held_against_looks_beside(picture: np.ndarray, face: Face, model: Any, probabilities: np.ndarray) -> Face:
    """Return a face, unreadable where its answer is decided and another look at it does not decide alike."""

    def decided(row: np.ndarray) -> str | None:
        label = model.labels[row.argmax()]
        return label if row.max() >= model.thresholds[label] else None

    label = decided(probabilities)
    if label is None or face.quality.unreadable:
        return face
    crops = [images.round_gray(crop) for crop in faces.crops_beside(picture, face, model.crop_size)]
    if not crops or {decided(row) for row in model.probabilities(np.stack(crops))} == {label}:
        return face
    return replace(face, quality=replace(face.quality, checks=(*face.quality.checks, ANSWER_OPEN)))
