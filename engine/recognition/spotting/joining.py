"""Motion that goes on across a moment without pictures: cut there, and one again where answers do not contradict."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.emotions import kind_of
from engine.recognition.analysis import Event
from engine.recognition.spotting.gaps import APART_S

_GROWS = 1.1  # times the strength before
_SIDE_S = 0.35  # of answers on either side that are compared
_NEAR_S = 0.05  # so near to a gap an event ends that goes on
_SURE = 0.5
_FALLS_S = 0.15  # what is strongest so soon after a gap has had its apex before


def across_gaps(
    moved: Sequence[Event],
    gaps: Iterable[tuple[float, float]],
    asked_s: NDArray,
    rows: NDArray,
) -> list[Event]:
    """Return a face's events by motion with those in one that a short gap has cut, a change of the pictures' size say.

    Motion is not measured across a gap. An event that does not end before it and one that was there from the first
    frame after it are one, unless answers say surely that the face shows something else on the other side, or both
    together are no longer than a micro-expression, which is named by motion that nobody has seen whole. What is only
    an end is otherwise none of its own.

    Parameters
    ----------
    moved
        By motion, named, in order.
    gaps
        From when to when the face was not seen, in order.
    asked_s, rows
        (n,) times in seconds and (n, labels) probabilities of the frames that a model was asked about.
    """
    found = list(moved)
    for begin_s, end_s in gaps:
        after = next((each for each in found if not each.onset_seen and abs(each.onset_s - end_s) <= _NEAR_S), None)
        if after is None:
            continue
        found.remove(after)
        before = next((each for each in found if not each.end_seen and abs(each.offset_s - begin_s) <= _NEAR_S), None)
        if before is None or end_s - begin_s > APART_S:
            continue
        kind = kind_of(before.onset_s, after.offset_s, whole=before.onset_seen and after.end_seen)
        left = rows[(asked_s <= begin_s) & (asked_s >= begin_s - _SIDE_S)]
        right = rows[(asked_s >= end_s) & (asked_s <= end_s + _SIDE_S)]
        if kind == "macro" and not _contradict(left, right):
            grows = after.apex_s - after.onset_s > _FALLS_S and after.strength > _GROWS * before.strength
            found[found.index(before)] = replace(
                after if grows else before,
                onset_s=before.onset_s,
                offset_s=after.offset_s,
                onset_seen=before.onset_seen,
                end_seen=after.end_seen,
                kind=kind,
            )
    return found


def _contradict(left: NDArray, right: NDArray) -> bool:
    """Tell whether some answers are sure of one label, and some others of another one."""
    if not (len(left) and len(right)):
        return False
    sides = [np.exp(np.log(np.maximum(side, 1e-6)).mean(axis=0)) for side in (left, right)]
    (one, sure), (other, other_sure) = ((int(side.argmax()), side.max() / side.sum() >= _SURE) for side in sides)
    return bool(one != other and sure and other_sure)
