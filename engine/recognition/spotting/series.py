"""From motion over time to events: where it rises above what is usual, is strongest, and is over.

Coders of micro-expressions mark the last moment at rest, the first of full strength and the first at rest again (Yan et
al. 2014, doi 10.1371/journal.pone.0086041). Between them the course of an expression that rises, may stay, and goes is
fitted as half a cosine up, a level, and half a cosine down, so that onset, apex and offset are told to a fraction of a
frame; the highest sample may lie anywhere along the level.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.optimize import least_squares
from scipy.signal import find_peaks

from engine.emotions import kind_of
from engine.features.face_regions import EYES, MOUTH, REGIONS
from engine.recognition.analysis import Event
from engine.recognition.spotting.baseline import baseline, detect_blinks, interpolate_blinks, remove_head_motion, runs

_FITTED = 0.8  # share of the course's variance that the fit must tell
_AROUND = 0.35  # lengths of the bump that are looked at before and after
_HELD_COSTS = 0.02  # what a level costs for its length, against a peak that tells as much
RATES = (15.0, 120.0)  # samples a second that the series is worked with
_SMOOTH_S = 0.015
_LEAST_NOISE = 0.12  # percent of the distance between the eyes
_HIGH, _LOW = 5.0, 3.0  # times the noise: an event reaches the first, and goes on while above the second
_LEAST = 0.6  # percent of the distance between the eyes that the strongest region must reach
# ... and so much more for each pixel by which the head's turning moves the crop's border from onset to offset: what is
# not quite told of a head that turns looks like a slow expression.
_TURNING = 0.15
# A head that rolls takes its chin along the neck, which stays: where the chin alone moves, it must move so much more
# for each degree.
_ROLLING = 0.5
_ALONE = 0.5  # share of the chin's motion that no other region reaches
_BEGUN = 0.1  # share of the apex at which an event has begun
_SHORTEST_S, _LONGEST_S = 0.07, 12.0
# Speaking and chewing: near an event that shows at the mouth alone, the mouth moves up and down so often and so much of
# the event's strength; or it does within the event, by more than noise does.
_SPEAKING_S, _SPEAKING_PEAKS, _SPEAKING_SHARE = 3.0, 3, 0.25
_WAVES, _WAVES_LEAST = 2, 3.0
_MOUTH = [REGIONS.index(name) for name in MOUTH]
_OTHERS = [index for index, name in enumerate(REGIONS) if name not in (*EYES, *MOUTH)]
_EXPRESSIVE = [index for index, name in enumerate(REGIONS) if name not in EYES]
_CHIN = REGIONS.index("chin")
_BUT_CHIN = [index for index in _EXPRESSIVE if index != _CHIN]


@dataclass(frozen=True)
class Profile:
    """When a bump begins, is first at its height, and is over, in seconds; and the share of variance that explains."""

    onset_s: float
    apex_s: float
    offset_s: float
    r_squared: float


def fit_profile(time_s: NDArray, course: NDArray, onset_s: float, apex_s: float, offset_s: float) -> Profile:
    """Fit a bump.

    Parameters
    ----------
    time_s
        (n,).
    course
        (n,) about 0 at rest and 1 at its height.
    onset_s, apex_s, offset_s
        About where it begins, is highest and is over.

    Returns
    -------
    Profile
        The fit, or what was given where a bump of this form does not tell the course.
    """
    length = offset_s - onset_s
    near = (time_s >= onset_s - _AROUND * length) & (time_s <= offset_s + _AROUND * length)
    t, y = time_s[near], course[near]
    given = Profile(onset_s, apex_s, offset_s, 0.0)
    if len(t) < 6 or not onset_s < apex_s < offset_s:
        return given
    step = (t[-1] - t[0]) / (len(t) - 1)
    fits = []
    for hold in (0.02, 0.4):
        flank = 1 - hold / 2
        start = np.array([onset_s, (apex_s - onset_s) * flank, hold * length, (offset_s - apex_s) * flank, 1.0])
        low = [t[0], 0.5 * step, 0.0, 0.5 * step, 0.3]
        high = [apex_s, 1.5 * length, 1.5 * length, 1.5 * length, 2.0]
        start = np.clip(start, np.array(low) + 1e-6, np.array(high) - 1e-6)
        held = _HELD_COSTS * np.sqrt(len(t)) / length

        def residuals(p: NDArray, held: float = held) -> NDArray:
            return np.append(bump(t, *p) - y, held * p[2])

        fits.append(least_squares(residuals, start, bounds=(low, high), max_nfev=40, x_scale="jac"))
    best = min(fits, key=lambda fit: fit.cost)
    onset, rise, hold, fall, _ = best.x
    r_squared = 1 - ((bump(t, *best.x) - y) ** 2).sum() / max(((y - y.mean()) ** 2).sum(), 1e-12)
    if r_squared < _FITTED:
        return given
    return Profile(float(onset), float(onset + rise), float(onset + rise + hold + fall), float(r_squared))


def bump(time_s: NDArray, onset: float, rise: float, hold: float, fall: float, height: float) -> NDArray[np.float64]:
    """Return half a cosine up, a level, and half a cosine down, at some times; all in seconds but the height."""
    up = np.clip((time_s - onset) / rise, 0, 1)
    down = np.clip((onset + rise + hold + fall - time_s) / fall, 0, 1)
    return height * 0.5 * (1 - np.cos(np.pi * np.minimum(up, down)))


@dataclass(frozen=True)
class Series:
    """What a face did, frame by frame.

    Attributes
    ----------
    time_s
        (n,) float64, rising.
    displacement
        (n, regions, 2) as `engine.features.region_motion.Motion` gives it.
    eyes_open
        (n,).
    head, eyes
        (n, 8) and (n, 2) as `engine.features.region_motion.Motion` gives it.
    roll_deg
        (n,) of the head.
    restful
        (n,) bool: whether the face may be at rest; None where nothing is known of that.
    """

    time_s: NDArray[np.float64]
    displacement: NDArray[np.float32]
    eyes_open: NDArray[np.float32]
    head: NDArray[np.float32]
    eyes: NDArray[np.float32]
    roll_deg: NDArray[np.float32]
    restful: NDArray[np.bool_] | None = None


def motion_from_baseline(series: Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return even times (m,), and how far each region is from rest, blinks taken out: (m, regions, 2) percent."""
    time_s = _even(series.time_s)
    even, head, alike = (
        _columns(time_s, series.time_s, values) for values in (series.displacement, series.head, series.eyes)
    )
    restful = _restful(series, time_s)
    blinks = detect_blinks(
        time_s, even - baseline(time_s, even, restful), alike, np.interp(time_s, series.time_s, series.eyes_open)
    )
    bridged = interpolate_blinks(even, blinks)
    steady = remove_head_motion(time_s, bridged, bridged - baseline(time_s, bridged, restful), head)
    return time_s, steady - baseline(time_s, steady, restful)


def find_events(
    series: Series,
    after_s: float = -np.inf,
    rested: tuple[NDArray, NDArray] | None = None,
    *,
    goes_on: bool = False,
) -> list[Event]:
    """Return the events of a face that was seen without a gap, in order, not yet named.

    Parameters
    ----------
    series
        What it did.
    after_s
        Those that are over before may lack.
    rested
        What `motion_from_baseline` gives for it, where that is at hand.
    goes_on
        Whether something shows from the first frame on that had begun before: it is told too, as an event whose onset
        was not seen.
    """
    if len(series.time_s) < 5:
        return []
    time_s, moved = motion_from_baseline(series) if rested is None else rested
    turn = _columns(time_s, series.time_s, np.column_stack([series.head[:, [2, 6]], series.roll_deg]))
    resting = _restful(series, time_s)
    calm = moved if resting is None or not resting.any() else moved[resting]
    noise = np.maximum(1.4826 * np.median(np.abs(calm), axis=0), _LEAST_NOISE)
    step = (time_s[-1] - time_s[0]) / (len(time_s) - 1)
    clear = gaussian_filter1d(moved, _SMOOTH_S / step, axis=0, mode="nearest") / noise
    score = np.sqrt((clear[:, _EXPRESSIVE] ** 2).sum(axis=2) / 2).max(axis=1)
    found = []
    for first, last in runs(score > _LOW):
        if time_s[last - 1] > after_s and score[first:last].max() >= _HIGH:
            event = _event(time_s, moved, clear, score, turn, first, last, goes_on)
            if event is not None:
                found.append(event)
    return found


def _restful(series: Series, time_s: NDArray) -> NDArray[np.bool_] | None:
    return None if series.restful is None else np.interp(time_s, series.time_s, series.restful) > 0.5


def _even(time_s: NDArray) -> NDArray[np.float64]:
    step = 1 / np.clip(1 / max(float(np.median(np.diff(time_s))), 1e-6), *RATES) if len(time_s) > 1 else 1.0
    return np.linspace(time_s[0], time_s[-1], max(2, round((time_s[-1] - time_s[0]) / step) + 1))


def _columns(time_s: NDArray, given_s: NDArray, values: NDArray) -> NDArray[np.float64]:
    columns = values.reshape(len(values), -1).T
    return np.stack([np.interp(time_s, given_s, column) for column in columns], axis=1).reshape(-1, *values.shape[1:])


def _event(
    time_s: NDArray,
    moved: NDArray,
    clear: NDArray,
    score: NDArray,
    turn: NDArray,
    first: int,
    last: int,
    goes_on: bool,
) -> Event | None:
    peak = first + int(score[first:last].argmax())
    pattern = clear[max(0, peak - 1) : peak + 2][:, _EXPRESSIVE].mean(axis=0)
    along = np.einsum("nra,ra->n", clear[:, _EXPRESSIVE], pattern) / (pattern**2).sum()
    apex = first + int(along[first:last].argmax())
    begun = _BEGUN * along[apex]
    onset = apex
    while onset > 0 and along[onset] > begun:
        onset -= 1
    offset = apex
    while offset < len(along) - 1 and along[offset] > begun:
        offset += 1
    far = np.linalg.norm(moved[apex], axis=1)
    strength = float(far[_EXPRESSIVE].max())
    *turned, rolled = np.ptp(turn[onset : offset + 1], axis=0)
    alone = far[_BUT_CHIN].max() < _ALONE * far[_CHIN]
    onset_seen = onset > 0
    if not (onset_seen or goes_on) or strength < _LEAST + max(_TURNING * max(turned), _ROLLING * rolled * alone):
        return None
    if _speaks(time_s, clear, onset, apex, offset):
        return None
    onset_s, apex_s, offset_s = (float(time_s[at]) for at in (onset, apex, offset))
    form = Profile(onset_s, apex_s, offset_s, 0.0)
    if onset_seen:
        form = fit_profile(time_s, along, onset_s, apex_s, offset_s)
    if not _SHORTEST_S <= form.offset_s - form.onset_s <= _LONGEST_S:
        return None
    # What never comes back ends with what was seen.
    end_s, end_seen = min(form.offset_s, float(time_s[-1])), offset < len(along) - 1
    kind = kind_of(form.onset_s, end_s, whole=onset_seen and end_seen)
    return Event(form.onset_s, form.apex_s, end_s, kind, strength=strength, onset_seen=onset_seen, end_seen=end_seen)


def _speaks(time_s: NDArray, clear: NDArray, onset: int, apex: int, offset: int) -> bool:
    """Tell whether what shows at an apex is a mouth that goes on and on."""
    far = np.linalg.norm(clear, axis=2)
    mouth, others = far[:, _MOUTH].max(axis=1), far[apex, _OTHERS].max()
    if others > 0.6 * mouth[apex]:
        return False
    least = _SPEAKING_SHARE * mouth[apex]
    if len(find_peaks(mouth[onset : offset + 1], prominence=max(least, _WAVES_LEAST))[0]) >= _WAVES:
        return True
    near = np.abs(time_s - time_s[apex]) <= _SPEAKING_S + (time_s[offset] - time_s[onset]) / 2
    near[onset : offset + 1] = False
    # Before and after apart, so that the cut between them is no peak.
    sides = (mouth[:onset][near[:onset]], mouth[offset + 1 :][near[offset + 1 :]])
    return sum(len(find_peaks(side, prominence=least)[0]) for side in sides) >= _SPEAKING_PEAKS
