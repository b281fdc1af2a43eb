"""What names of folders and of parts mean: a part of a set, or one of the people in it."""

import re
from collections.abc import Iterable
from typing import Literal

Part = Literal["training", "validation", "test"]

_MEANINGS: dict[str, Part] = {
    **dict.fromkeys(("train", "training", "trn", "tr", "learn", "learning"), "training"),
    **dict.fromkeys(("val", "valid", "validation", "validate", "dev", "development", "publictest"), "validation"),
    **dict.fromkeys(("test", "testing", "tst", "eval", "evaluation", "holdout", "privatetest"), "test"),
}
_AROUND = {"set", "data", "dataset", "split", "part", "images", "image", "imgs", "img", "pictures", "faces", "aligned"}
"""Words that may stand beside one of them: ``train_images``, ``Test set``."""

_NO_PERSON = {
    *(
        "fold",
        "cv",
        "part",
        "split",
        "set",
        "dataset",
        "data",
        "batch",
        "chunk",
        "site",
        "lab",
        "group",
        "grp",
        "v",
        "r",
    ),
    *(
        "version",
        "session",
        "ses",
        "cam",
        "camera",
        "view",
        "day",
        "take",
        "trial",
        "run",
        "exp",
        "scene",
        "video",
        "vid",
    ),
    *(
        "clip",
        "level",
        "aug",
        "folder",
        "dir",
        "fer",
        "ck",
        "img",
        "image",
        "size",
        "px",
        "old",
        "new",
        "copy",
        "frame",
    ),
}
_PERSON = re.compile(r"(?P<word>[a-z]*)[ _.-]*(?P<number>\d{1,8})[a-z]?", re.IGNORECASE)


def part_of(name: object) -> Part | None:
    """Return which part of a set a name means, None where it means none.

    Parameters
    ----------
    name
        In any case, and with words such as "set" and "images" around it: ``Train``, ``PublicTest``, ``test_images``.
    """
    words = re.findall(r"[a-z]+", str(name).casefold())
    for kept in (["".join(words)], [word for word in words if word not in _AROUND]):
        found = {_MEANINGS.get(word.removesuffix("set").removesuffix("data")) for word in kept}
        if len(found) == 1 and None not in found:
            return found.pop()
    return None


def meaning(names: Iterable[object], part: Part) -> list[str]:
    """Return those of the names that mean a part, in their order, each once."""
    return [str(name) for name in dict.fromkeys(names) if part_of(name) == part]


def may_be_person(folder: str) -> bool:
    """Tell whether a folder's name is a number, or a word and a number, as people in data sets are called.

    ``P001``, ``S005``, ``sub01``, ``subject_3``, ``12`` are; ``fold1``, ``session 2``, ``site a`` are not.
    """
    found = _PERSON.fullmatch(folder)
    return found is not None and found["word"].casefold() not in _NO_PERSON
