"""Long expressions: found in what a model says frame by frame, and brought together with what motion says.

Motion tells when a face leaves its rest and comes back, to a fraction of a frame. It does not tell of an expression
that was there from the first frame, that never ends, or that outlasts what a spotter looks back upon. A model for
single frames does, to about a tenth of a second. Two thresholds keep answers that waver from falling apart: an
expression is shown once the model has decided for it for a while, and goes on for as long as it is the most probable
one, neutral included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from engine.emotions import NEUTRAL, kind_of
from engine.recognition.analysis import Event
from engine.recognition.resting_face import SURE, RestingFace
from engine.recognition.spotting.baseline import runs
from engine.recognition.spotting.gaps import APART_S

DECIDED_S = 0.3  # so long in all the model must decide for an expression that is shown
_FULL = 0.8  # share of the usual evidence from which an expression is there, and down to which it lasts
_NEAR_S = 0.3  # so far what motion and what answers say of the same moment may be apart
_WANDERS = 3.0  # standard deviations of the evidence at rest
_SMOOTHED = 3  # answers of which the middle one counts


@dataclass(frozen=True)
class Answers:
    """What a model says of one face, frame by frame, while the face was seen without a gap.

    Attributes
    ----------
    time_s
        (n,) float64, rising: of the frames that it was asked about.
    probabilities
        (n, labels) float32, each row sums to 1.
    labels
        The expressions, neutral among them.
    thresholds
        The probability from which each is decided.
    begin_s, end_s
        When the face came into sight, and left it.
    model
        Name of what answered.
    rest
        The resting face that was taken out of the probabilities; None for none.
    """

    time_s: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    labels: tuple[str, ...]
    thresholds: dict[str, float]
    begin_s: float
    end_s: float
    model: str
    rest: RestingFace | None = None


def long_expressions(answers: Answers) -> list[Event]:
    """Return the expressions that last for over half a second, or that the face left sight with, in order.

    Parameters
    ----------
    answers
        About ten a second.

    Returns
    -------
    list of Event
        Named and decided. An expression begins where the evidence for it, the logarithm of its odds against neutral,
        first has four fifths of what it usually has while it lasts, and is over where it last has.
    """
    if len(answers.time_s) < _SMOOTHED or NEUTRAL not in answers.labels:
        return []
    logs = np.log(np.maximum(median_filter(answers.probabilities, (_SMOOTHED, 1), mode="nearest"), 1e-6))
    neutral = answers.labels.index(NEUTRAL)
    evidence = logs - logs[:, [neutral]]
    best = logs.argmax(axis=1)
    least = np.log([answers.thresholds[label] for label in answers.labels])
    sure = (logs[np.arange(len(best)), best] >= least[best]) & (best != neutral)
    step = float(np.median(np.diff(answers.time_s)))
    found = []
    for first, last, label in _parts(answers.time_s, best, sure):
        decided = np.flatnonzero(sure[first:last] & (best[first:last] == label)) + first
        if len(decided) * step >= DECIDED_S:
            event = _event(answers, evidence[:, label], int(label), first, last, decided)
            usual = float(np.exp(np.median(logs[decided, label])))
            sure_enough = usual >= max(SURE, answers.thresholds[answers.labels[label]])
            if sure_enough and event.kind != "micro" and _beyond_rest(answers, evidence[decided, label], label):
                found.append(event)
    return found


def _parts(time_s: NDArray, best: NDArray, sure: NDArray) -> list[tuple[int, int, int]]:
    """Return where one expression after the other is shown: first answer, the one after the last, which."""
    parts: list[tuple[int, int, int]] = []
    for first, last in runs(sure):
        cuts = [first, *(at for at in range(first + 1, last) if best[at] != best[at - 1]), last]
        for begin, end in pairwise(cuts):
            label = int(best[begin])
            # Of the same expression, with nothing between for longer than a blink: it goes on.
            same = next((at for at in range(len(parts) - 1, -1, -1) if parts[at][2] == label), None)
            if same is not None:
                before = parts[same][1]
                brief = time_s[begin] - time_s[before - 1] <= APART_S
                if brief or (same == len(parts) - 1 and (best[before:begin] == label).all()):
                    parts[same:] = [(parts[same][0], end, label)]
                    continue
            parts.append((begin, end, label))
    wide = []
    for at, (begin, end, label) in enumerate(parts):
        low = parts[at - 1][1] if at else 0
        high = parts[at + 1][0] if at + 1 < len(parts) else len(best)
        while begin > low and best[begin - 1] == label:
            begin -= 1
        while end < high and best[end] == label:
            end += 1
        wide.append((begin, end, label))
    return wide


def _event(answers: Answers, evidence: NDArray, label: int, first: int, last: int, decided: NDArray[np.intp]) -> Event:
    full = _FULL * float(np.median(evidence[decided]))
    there = np.flatnonzero(evidence[first:last] >= full) + first
    begin, end = int(there[0]), int(there[-1])
    onset_seen, end_seen = begin > 0, end < len(evidence) - 1
    onset_s = _crossing(answers.time_s, evidence, begin - 1, begin, full) if onset_seen else answers.begin_s
    offset_s = _crossing(answers.time_s, evidence, end + 1, end, full) if end_seen else answers.end_s
    apex = begin + int(evidence[begin : end + 1].argmax())
    name = answers.labels[label]
    row = answers.probabilities[apex]
    return Event(
        onset_s,
        min(max(float(answers.time_s[apex]), onset_s), offset_s),
        offset_s,
        kind_of(onset_s, offset_s, whole=onset_seen and end_seen),
        name,
        bool(row[label] >= answers.thresholds[name]),
        dict(zip(answers.labels, map(float, row), strict=True)),
        model=answers.model,
        onset_seen=onset_seen,
        end_seen=end_seen,
    )


def _beyond_rest(answers: Answers, evidence: NDArray, label: int) -> bool:
    """Tell whether evidence is further from what a face has at rest than that wanders."""
    if answers.rest is None:
        return True
    usual = np.log(answers.rest.answer())
    apart = float(np.median(evidence)) - (usual[label] - usual[answers.labels.index(NEUTRAL)])
    return apart >= _WANDERS * answers.rest.wander_of_evidence()[label]


def _crossing(time_s: NDArray, evidence: NDArray, outside: int, inside: int, level: float) -> float:
    share = (level - evidence[outside]) / max(evidence[inside] - evidence[outside], 1e-9)
    return float(time_s[outside] + np.clip(share, 0, 1) * (time_s[inside] - time_s[outside]))


def bring_together(moved: Sequence[Event], shown: Sequence[Event], *, rested: bool) -> list[Event]:
    """Return the events of a face by both witnesses, in order.

    Parameters
    ----------
    moved
        By motion, named.
    shown
        By `long_expressions`.
    rested
        Whether motion was measured from a face at rest. Then an expression begins and ends with the motion that
        brings it and takes it away; otherwise motion is from the commonest posture, which may be the expression.

    Returns
    -------
    list of Event
        Motion that only begins a long expression, ends it or goes on within it is no event of its own. A
        micro-expression inside one is, where motion is not from rest and both ends are further away than `_NEAR_S`.
    """
    left, whole = list(moved), []
    for event in shown:
        mine = [each for each in left if _belongs(each, event)]
        if not rested:
            mine = [each for each in mine if not _inside(each, event)]
        left = [each for each in left if each not in mine]
        whole.append(_with_ends(event, mine) if rested else event)
        if mine:
            strongest = max(each.strength for each in mine)
            whole[-1] = replace(whole[-1], strength=strongest)
    return sorted((*left, *whole), key=lambda event: event.onset_s)


def _belongs(moved: Event, shown: Event) -> bool:
    """Tell whether most of a motion is within an expression, most of an expression within a motion, or it is an end."""
    both = min(moved.offset_s, shown.offset_s) - max(moved.onset_s, shown.onset_s)
    near = any(moved.onset_s - _NEAR_S / 3 <= end <= moved.offset_s + _NEAR_S / 3 for end in _ends(shown))
    return both >= 0.5 * min(moved.duration_s, shown.duration_s) or near


def _ends(event: Event) -> tuple[float, float]:
    return event.onset_s, event.offset_s


def _inside(moved: Event, shown: Event) -> bool:
    apart = min(moved.onset_s - shown.onset_s, shown.offset_s - moved.offset_s)
    return moved.kind == "micro" and apart > _NEAR_S


def _with_ends(shown: Event, moved: Sequence[Event]) -> Event:
    """Return an expression with onset and end where motion has them."""
    onset_s, offset_s, end_seen = shown.onset_s, shown.offset_s, shown.end_seen
    if shown.onset_seen:
        onset_s = min((each.onset_s for each in moved if _touches(each, onset_s)), default=onset_s)
    if end_seen:
        last = max((each for each in moved if _touches(each, offset_s)), key=lambda each: each.offset_s, default=None)
        if last is not None:
            offset_s, end_seen = last.offset_s, last.end_seen
    kind = kind_of(onset_s, offset_s, whole=shown.onset_seen and end_seen)
    return replace(shown, onset_s=onset_s, offset_s=offset_s, end_seen=end_seen, kind=kind)


def _touches(event: Event, time_s: float) -> bool:
    return event.onset_s - _NEAR_S <= time_s <= event.offset_s + _NEAR_S
