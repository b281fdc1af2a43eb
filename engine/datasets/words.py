"""What an imported set is, in sentences."""

from typing import TYPE_CHECKING, Any

from engine import emotions
from engine.datasets.face_set import FaceSet
from engine.datasets.stored import by_reason
from engine.words import counted

if TYPE_CHECKING:
    from engine.datasets.checks import Checks
    from engine.datasets.edits import Edits


def in_words(about: dict[str, Any]) -> str:
    """Return one line: name, pictures, size, classes and where it came from.

    Parameters
    ----------
    about
        What `engine.datasets.store.about` returns.
    """
    return f"{about['name']}: {counted(about['pictures'], 'picture')}{size(about)}, from {about['source']}"


def set_in_words(
    about: dict[str, Any], checks: "Checks | None" = None, groups: tuple[int, int] | None = None
) -> list[str]:
    """Return what a set holds and what is wrong with it, a line each.

    Parameters
    ----------
    about, checks, groups
        What `engine.datasets.store`'s functions ``about``, ``checks`` and ``groups_found`` return.
    """
    lines = [in_words(about)]
    lines.append("classes: " + ", ".join(f"{label or 'none'} {n:,}" for label, n in by_class(about["labels"])))
    if about["splits"]:
        lines.append("splits: " + ", ".join(f"{split or 'none'} {n:,}" for split, n in about["splits"].items()))
    if about["subjects"]:
        lines.append(counted(about["subjects"], "subject"))
    lines += left_out_in_words(about) + [f"note: {note}" for note in about.get("notes", ())]
    if checks is not None:
        lines += [f"{problem}: {int(mask.sum()):,}" for problem, mask in checks.problems.items()]
    if groups is not None:
        lines.append(groups_in_words(groups))
    return lines


def left_out_in_words(about: dict[str, Any]) -> list[str]:
    """Return what of a source is not in its set, a line a reason; nothing where all is."""
    # Sets that were imported earlier name files only.
    reasons = about.get("left_out_reasons") or [{**each, "count": 1} for each in about["left_out_files"][:1]]
    lines = []
    for each in reasons:
        which = each["file"] if each["count"] == 1 else f"{each['count']:,}, such as {each['file']}"
        lines.append(f"left out: {which} ({each['why']})")
    if rest := about["left_out"] - sum(each["count"] for each in reasons):
        lines.append(f"left out: {rest:,} more")
    return lines


def source_in_words(faces: FaceSet) -> list[str]:
    """Return what of the source of a set is not in it, and how it was understood, a line each."""
    about = {"left_out": len(faces.left_out), "left_out_files": [], "left_out_reasons": by_reason(faces.left_out)}
    return left_out_in_words(about) + [f"note: {note}" for note in faces.notes]


def edits_in_words(edits: "Edits") -> str:
    """Return what was changed by hand: ``3 pictures left out, 1 picture labelled anew; tagged: blurred 2``."""
    said = [f"{counted(len(edits.excluded), 'picture')} left out"] * bool(edits.excluded)
    said += [f"{counted(len(edits.labels), 'picture')} labelled anew"] * bool(edits.labels)
    tags = ", ".join(f"{tag} {len(pictures)}" for tag, pictures in edits.tags.items())
    parts = [", ".join(said)] * bool(said) + [f"tagged: {tags}"] * bool(tags)
    return "; ".join(parts) or "nothing is changed by hand"


def groups_in_words(groups: tuple[int, int]) -> str:
    """Return how many of a set's own groups of copies were found again."""
    return f"{groups[0]:,} of the set's own {groups[1]:,} groups of copies were found whole"


def size(about: dict[str, Any]) -> str:
    """Return the pictures' size where all have one: ``" of 48×48 pixels, gray"``."""
    if about["shape"] is None:
        return " of different sizes"
    height, width, *channels = about["shape"]
    return f" of {width}×{height} pixels, {'colour' if channels else 'gray'}"


def by_class(labels: dict[str, int]) -> list[tuple[str, int]]:
    """Return labels with their counts in the order in which NeuroMER names expressions, other words last."""
    order = {label: at for at, label in enumerate((*emotions.SEVEN, "contempt"))}
    return sorted(labels.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0]))


def leak_in_words(gain: dict[str, Any]) -> str:
    """Return what copies on both sides of a split are worth, in a sentence.

    Parameters
    ----------
    gain
        What `engine.datasets.store.leak` returns.
    """
    pretended, honest = (100 * gain[way]["accuracy"] for way in ("by_picture", "by_group"))
    said = (
        f"Divided by picture, {gain['copies_across']:,} of {gain['by_picture']['n']:,} held-out pictures have a copy "
        f"among those that train, and {gain['what']} is right on {pretended:.1f} %. Divided by group none has, and "
        f"it is right on {honest:.1f} %."
    )
    if pretended <= honest:
        return f"{said} The known copies make no difference to it."
    return f"{said} So the leak pretends {pretended - honest:.1f} points."
