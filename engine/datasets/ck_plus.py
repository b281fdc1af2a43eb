"""Who is in a picture and which clip it is from, as file names of CK+ tell.

Lucey et al. 2010, doi 10.1109/CVPRW.2010.5543262: ``S010_004_00000017.png`` is frame 17 of clip 4 of subject 10. CK+48
holds the last three frames of each clip, which are all but copies of each other.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from engine.errors import DataError

_NAME = re.compile(r"(?P<subject>S\d{2,4})_(?P<clip>\d{3})_\d{3,8}(?: ?\(\d+\))?", re.IGNORECASE)


def subjects_and_clips(name: str, paths: Sequence[PurePosixPath]) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return each picture's subject and clip, both (n,) str; None for both where the names do not tell.

    Raises
    ------
    DataError
        Where most names tell and some do not: pictures of nobody known could stand on both sides of a split.
    """
    found = [_NAME.fullmatch(path.stem) for path in paths]
    told = sum(each is not None for each in found)
    if 2 * told <= len(paths):
        return None, None
    if told < len(paths):
        odd = str(next(path for path, each in zip(paths, found, strict=True) if each is None))
        raise DataError(
            f"{len(paths) - told} of the {len(paths)} pictures in {name} do not say in their name whom they show, such "
            f"as {odd!r}; the others do, like {str(paths[found.index(next(filter(None, found)))])!r}.",
            "Rename or remove them, so that splits can be made by subject.",
        )
    subject = [each["subject"].upper() for each in found if each]
    clip = [f"{each['subject']}_{each['clip']}".upper() for each in found if each]
    return np.array(subject), np.array(clip)
