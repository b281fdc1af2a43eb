"""A small labelled set of drawn faces: something to try imports and trainings with, where nothing is at hand."""

from pathlib import Path

import cv2

from engine.emotions import SEVEN
from engine.practice.displays import face, people_for
from engine.tasks import SILENT, Progress

STRENGTHS = (1.0, 0.85)
"""How much of each expression is shown."""

_SIDE = 200  # pixels


def write_faces(folder: Path, progress: Progress = SILENT) -> int:
    """Draw every expression on everybody it can be read on, as ``P03/happy/1.png``: a folder a person, classes in it.

    Parameters
    ----------
    folder
        Where; made where it is not there.
    progress
        Told how far it is.

    Returns
    -------
    int
        How many pictures were written.

    Raises
    ------
    OSError
        Where there is no room, or nobody may write there.
    Cancelled
        Where ``progress`` says so.
    """
    wanted = [
        (expression, person, number) for expression in SEVEN for person in people_for(expression) for number in (1, 2)
    ]
    for done, (expression, person, number) in enumerate(wanted):
        progress.step(done, len(wanted), "drawing faces")
        drawn = cv2.resize(
            face(person, expression, STRENGTHS[number - 1]), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA
        )
        place = folder / f"P{person:02d}" / expression
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.png").write_bytes(cv2.imencode(".png", drawn[..., ::-1])[1].tobytes())
    return len(wanted)
