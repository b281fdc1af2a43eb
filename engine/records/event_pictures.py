"""Pictures of a recording's events, made where somebody chooses to keep them: faces as JPEG, a slow replay as MP4."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime

import numpy as np
from PIL import Image

from engine.errors import UserError
from engine.records import kept, pictures
from engine.records.corrections import reviewed
from engine.records.review import ReviewedEvent

JPEG = "image/jpeg"
MP4 = "video/mp4"
QUALITY = 92
Shown = Callable[[ReviewedEvent], Mapping[str, np.ndarray | bytes]]
"""Returns an event's pictures by their moment (`engine.records.pictures.MOMENTS`): (height, width, 3) uint8 RGB, or the
bytes of an MP4."""


def keep(
    owner: str,
    recording_id: str,
    shown: Shown,
    delete_on: datetime,
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[int, tuple[str, ...]]:
    """Keep the pictures of every event of a recording that stands; those that cannot be kept cost no others.

    Parameters
    ----------
    owner, recording_id
        Of what.
    shown
        Makes the pictures of an event.
    delete_on
        As `engine.records.pictures.keep` takes it.
    progress
        Told which share of the events is done, 0..1.

    Returns
    -------
    tuple
        How many are kept, and a sentence for each reason why others are not.

    Raises
    ------
    RecordsError, ConsentError
        As `engine.records.kept.review`.
    """
    view = kept.review(owner, recording_id)
    standing = [each for each in reviewed(view.analysis, view.corrections) if not each.rejected]
    count, left_out = 0, []
    for number, each in enumerate(standing):
        progress(number / len(standing))
        try:
            for moment, picture in shown(each).items():
                data, mime = (picture, MP4) if isinstance(picture, bytes) else (_jpeg(picture), JPEG)
                pictures.keep(owner, recording_id, data, mime, moment, each.id, delete_on)
                count += 1
        except UserError as error:
            left_out.append(str(error))
    progress(1.0)
    return count, tuple(dict.fromkeys(left_out))


def _jpeg(picture: np.ndarray) -> bytes:
    target = io.BytesIO()
    Image.fromarray(picture).save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
