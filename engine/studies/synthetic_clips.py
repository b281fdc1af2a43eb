"""Micro-expressions of synthetic faces, cut out of their clips as they are cut out of recordings.

No set of real micro-expressions with faces may be passed on; the real ones at hand are maps of the optical flow. So
networks that read dynamic images or gray frames meet faces here: synthetic ones, of people who do not exist, each
showing each expression once, with head motion, blinks, light and sensor noise as in every synthetic clip. What is
measured on them tells networks and their parts apart; it says nothing about real people.

Identities are told apart by their seeds. Everything was chosen on seeds below 10,000; those from 10,000 on are held
back.
"""

from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.evaluation.degradations import degraded
from engine.faces.track import Tracker
from engine.features.aligned_face import align_face
from engine.features.clip_input import dynamic_picture, spread
from engine.synthetic import EXPRESSIONS, synthetic_clip
from engine.synthetic.truth import random_micro
from engine.tasks import SILENT, Progress
from engine.tasks.pools import in_order

HELD_BACK = 10_000
"""The seed of the first identity that nothing was chosen on."""

FPS = 60.0
SETTLING_S, BEFORE_S = 0.1, 0.1
"""Drawn before the onset: so long the face is only followed, as in a recording that began earlier; so long it is in
the clip at rest."""


@dataclass(frozen=True)
class SyntheticClips:
    """One micro-expression a clip; all arrays have one entry a clip.

    Attributes
    ----------
    classes
        Expressions.
    y
        (n,) int64, indices into ``classes``.
    subject
        (n,) int64, the identity's seed.
    pictures
        (n, 112, 112, 3) float32: dynamic images, see `engine.features.clip_input.dynamic_picture`.
    frames
        (n, 8, 128, 128) uint8: the gray faces that `engine.features.clip_input.face_frames` takes of a clip.
    lost
        How many clips were drawn in which the face was not found.
    """

    classes: tuple[str, ...]
    y: NDArray[np.int64]
    subject: NDArray[np.int64]
    pictures: NDArray[np.float32]
    frames: NDArray[np.uint8]
    lost: int = 0

    def __len__(self) -> int:
        return len(self.y)

    def darkened(self, strength: float) -> NDArray[np.uint8]:
        """Return the frames taken in ``1 / strength`` of the light, noise included: (n, 8, 128, 128) uint8.

        As `engine.studies.low_light.measure` darkens faces (see `engine.evaluation.degradations.dark`), but before
        they are shrunk: it is a sensor's pixels that see less light, and shrinking then averages some of their noise.
        """
        flat = self.frames.reshape(-1, *self.frames.shape[2:])
        return degraded(flat, "dark", strength).reshape(self.frames.shape)


def draw(
    identities: int,
    first: int = HELD_BACK,
    fps: float = FPS,
    size: tuple[int, int] = (640, 480),
    jobs: int = 1,
    progress: Progress = SILENT,
) -> SyntheticClips:
    """Draw a micro-expression of each expression for each identity, and follow and cut out the face.

    Parameters
    ----------
    identities
        How many.
    first
        Seed of the first one; the others follow.
    fps, size
        Frames a second; (width, height) in pixels.
    jobs
        Processes at a time.
    progress
        Told after each identity.

    Raises
    ------
    DataError
        For less than one identity, or where no face was found in any clip.
    Cancelled
        Where ``progress`` says so.
    """
    if identities < 1:
        raise DataError(f"{identities} identities are none.", "Ask for at least 1.")
    classes = tuple(EXPRESSIONS)
    found: list[tuple[int, int, NDArray, NDArray]] = []
    progress.step(0, identities, "drawing faces")
    asked = zip(range(first, first + identities), repeat(fps), repeat(size), strict=False)
    for done, clips in enumerate(in_order(_identity, asked, jobs), 1):
        found += [
            (first + done - 1, at, dynamic_picture(faces), np.stack([faces[frame] for frame in spread(len(faces))]))
            for at, faces in enumerate(clips)
            if faces
        ]
        progress.step(done, identities, "drawing faces")
    if not found:
        raise DataError("No face was found in any of the synthetic clips.", "Draw them larger.")
    subject, y, pictures, frames = zip(*found, strict=True)
    arrays = np.array(y), np.array(subject), np.stack(pictures), np.stack(frames)
    return SyntheticClips(classes, *arrays, lost=identities * len(classes) - len(found))


def synthetic_faces(
    identity: int, expression: str, fps: float = FPS, size: tuple[int, int] = (640, 480)
) -> list[NDArray[np.uint8]]:
    """Draw one clip, from shortly before the onset to the offset, and return the face in each frame.

    Parameters
    ----------
    identity
        Seed of the face; together with the expression that of everything else.
    expression
        A key of `engine.synthetic.EXPRESSIONS`.
    fps, size
        Frames a second; (width, height) in pixels.

    Returns
    -------
    list of ndarray
        (128, 128) uint8 each, upright and in one place: see `engine.features.aligned_face`. Frames in which the face
        was not found are left out.
    """
    seed = identity * len(EXPRESSIONS) + list(EXPRESSIONS).index(expression)
    event = random_micro(np.random.default_rng((seed, 13)), SETTLING_S + BEFORE_S, expression=expression)
    clip = synthetic_clip(seed, face=identity, duration_s=event.offset_s, fps=fps, size=size, events=[event])
    tracker, found = Tracker(), []
    for frame in clip.frames():
        faces = [face for face in tracker.update(frame.picture, frame.time_s) if face.person == 1]
        if faces and frame.time_s >= SETTLING_S:
            found.append(align_face(frame.picture, faces[0].landmarks, frame.time_s).gray)
    return found


def _identity(asked: tuple[int, float, tuple[int, int]]) -> list[list[NDArray[np.uint8]]]:
    identity, fps, size = asked
    return [synthetic_faces(identity, expression, fps, size) for expression in EXPRESSIONS]
