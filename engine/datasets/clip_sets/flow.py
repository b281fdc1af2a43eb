"""Clips as maps of the optical flow from onset to apex, which networks are trained on."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.datasets.clip_sets import labels
from engine.datasets.clip_sets.clip import Clip, ClipSet
from engine.datasets.flow_set import FlowSet
from engine.errors import DataError, ImageError, VideoError
from engine.tasks import SILENT, Progress


def flow_set(
    clips: ClipSet | Sequence[Clip], classes: int = 3, progress: Progress = SILENT, problems: list[str] | None = None
) -> FlowSet:
    """Measure the flow of every clip that has a class.

    The face is found in the onset frame; both frames are cut by that frame's landmarks, so that what moves between them
    is left in the flow. Where no apex is coded, the frame in the middle of onset and offset is taken for it (our
    choice; SMIC codes none). Macro-expressions are left out.

    Parameters
    ----------
    clips
        Of one or several sets; with five classes of sets that share their names.
    classes
        3 or 5.
    progress
        Is told how far it is.
    problems
        Is given one sentence for each clip that is left out though it has a class.

    Raises
    ------
    DataError
        Where no clip is left, or the sets are not coded in so many classes.
    """
    chosen = [clip for clip in (clips.clips if isinstance(clips, ClipSet) else clips) if clip.kind == "micro"]
    if not chosen:
        raise DataError("There is no clip of a micro-expression.", "Give a set that has some.")
    named = [(clip, label) for clip in chosen if (label := clip.label(classes)) is not None]
    names = labels.THREE if classes == 3 else labels.FIVE[chosen[0].dataset]
    if odd := sorted({label for _, label in named} - set(names)):
        raise DataError(f"The sets do not share their five classes ({', '.join(odd)}).", "Choose 3 classes.")
    maps, kept = [], []
    why: Counter[str] = Counter()
    for done, (clip, label) in enumerate(named):
        progress.step(done, len(named), "measuring the flow")
        try:
            maps.append(_flow(clip))
        except (DataError, ImageError, VideoError) as error:
            why[error.what] += 1
            if problems is not None:
                problems.append(f"{clip.subject}, {clip.name} is left out: {error.what}")
            continue
        kept.append((clip, names.index(label)))
    progress.step(len(named), len(named), "measuring the flow")
    if not kept:
        told = f" ({why.most_common(1)[0][0]})" if why else ""
        raise DataError(f"None of the {len(chosen)} clips can be used{told}.", "Look at what is said about the set.")
    return FlowSet(
        np.stack(maps),
        np.array([number for _, number in kept], np.int64),
        tuple(names),
        np.array([clip.dataset for clip, _ in kept]),
        np.array([f"{clip.dataset}/{clip.subject}" for clip, _ in kept]),
        np.array([clip.name for clip, _ in kept]),
    )


def onset_and_apex(clip: Clip) -> tuple[int, int]:
    """Return the coded onset and apex, for an apex that is not coded the middle of onset and offset.

    Raises
    ------
    DataError
        Where neither is coded, or the apex is the onset: nothing moves between them.
    """
    apex = clip.apex
    if apex is None and clip.onset is not None and clip.offset is not None:
        apex = (clip.onset + clip.offset) // 2
    if apex is None or clip.onset is None:
        raise DataError("Its onset, or both its apex and its offset, are not coded.", "Complete the sheet.")
    if apex <= clip.onset:
        raise DataError(f"Its apex is its onset, frame {clip.onset}.", "Mend the sheet.")
    return clip.onset, apex


def _flow(clip: Clip) -> NDArray[np.uint8]:
    # Finding faces brings LiteRT along, which reading a set does without.
    from engine import faces
    from engine.features.aligned_face import flow_crop
    from engine.features.optical_flow import flow_map
    from engine.images import round_gray, to_gray

    number, apex = onset_and_apex(clip)
    first = clip.picture(number)
    found = faces.analyse(first)
    if not found:
        raise DataError(f"No face is found in frame {number}.", "Look at the picture.")
    last = clip.picture(apex)
    if last.shape != first.shape:
        raise DataError(f"Frames {number} and {apex} differ in size.", "Take the frames as they are handed out.")
    points = found[0].landmarks.points
    onset, changed = (flow_crop(round_gray(to_gray(picture)), points) for picture in (first, last))
    return flow_map(onset, changed)
