"""What a reader has to know before trusting what was found in a recording."""

import numpy as np

from engine.faces.covering import REGIONS
from engine.faces.quality import CUT_SHARE, DARK, FLAT, SMALL_PX, TURNED_DEG
from engine.images.lowlight import METHODS
from engine.recognition.analysis import Recording, Track
from engine.recognition.video.track_builder import TrackBuilder
from engine.words import counted

LEAST_FPS = 29.0  # NTSC's 30 are 29.97, and clocks of cameras are not exact
# The face is followed in a crop in which it is 80 pixels wide (`engine.features.aligned_face`): a narrower one is
# enlarged and has none of the detail that faint motion is measured by.
FAINT_PX = 80
UNEVEN = 2.0  # times the median interval between frames, of the twentieth that is longest
SEEN_SHARE = 0.95  # of the recording's time
MOST_NAMED = 3  # stretches of time in one sentence
OFTEN = 0.5  # share of the checks that has to fail

_IN_THE_DARK = "Put a light in front of it: faint motion is lost in noise, and expressions are named wrong more often."


def recording_warnings(
    recording: Recording,
    times_s: np.ndarray,
    tracks: tuple[Track, ...],
    people: list[TrackBuilder],
    problems: list[str],
    enhanced: str = "none",
) -> tuple[str, ...]:
    """Return sentences, the most general first.

    Parameters
    ----------
    recording
        The file.
    times_s
        (frames,) of all frames read.
    tracks, people
        The persons, and what else was measured on each.
    problems
        What reading the file met.
    enhanced
        The method of `engine.images.lowlight.METHODS` that faces went through before they were named.
    """
    said = [*problems, *_of_times(recording, times_s)]
    if not tracks:
        said.append("No face was found in the recording. Choose one in which a face looks towards the camera.")
    if len(tracks) > 1:
        said.append(
            f"{len(tracks)} people are seen. Each has a number by where the face is, not by its looks: check who is "
            "who after one was out of sight."
        )
    for track, person in zip(tracks, people, strict=True):
        whose = "The face" if len(tracks) == 1 else f"The face of person {track.person}"
        said += _of_presence(whose, track, recording, float(times_s[0]))
        said += _of_coverings(whose, track)
        said += _of_quality(whose, np.array(person.quality), enhanced)
        if track.rest.why_not:
            said.append(
                f"How {whose[0].lower()}{whose[1:]} rests is not known: {track.rest.why_not}. Expressions are named "
                "without regard to it."
            )
    return tuple(said)


def _of_times(recording: Recording, times_s: np.ndarray) -> list[str]:
    said = []
    if len(times_s) < 2:
        return ["The recording has a single frame: nothing moves in it."]
    has = f"The recording has {recording.fps:.3g} frames a second"
    if recording.distinct_share < 1:
        has += f", of which {recording.distinct_fps:.3g} are distinct and the others repeat the one before"
    if recording.distinct_fps < LEAST_FPS:
        said.append(
            f"{has}: too slow for micro-expressions, which last 1/25 to 1/2 s. Some are missed and the times of others "
            "are rough. Record with at least 30, better 60 or more."
        )
    elif recording.distinct_share < 1:
        said.append(f"{has}: times are as rough as in a recording of so many.")
    intervals = np.diff(times_s)
    usual, long = np.median(intervals), np.quantile(intervals, 0.95)
    if long > UNEVEN * usual:
        said.append(
            f"The frames come at uneven times: mostly {usual * 1e3:.0f} ms apart, but one in twenty by more than "
            f"{long * 1e3:.0f} ms. What happens in between is not seen."
        )
    return said


def _of_presence(whose: str, track: Track, recording: Recording, start_s: float) -> list[str]:
    hidden = sum(end - start for start, end in track.gaps)
    seen = (track.time_s[-1] - track.time_s[0] - hidden) / max(
        recording.duration_s - start_s, 1e-9
    ) + 1 / recording.frames
    if seen >= SEEN_SHARE:
        return []
    from_to = f"from {track.time_s[0]:.1f} to {track.time_s[-1]:.1f} s"
    gaps = f", with {counted(len(track.gaps), 'gap', spelt=True)}" if track.gaps else ""
    return [f"{whose} is seen for {seen:.0%} of the time: {from_to}{gaps}. Of the rest nothing is known."]


def _of_coverings(whose: str, track: Track) -> list[str]:
    """Say when something hides what of a face."""
    hidden = np.any(track.covered, axis=1)
    if not hidden.any():
        return []
    edges = np.flatnonzero(np.diff(hidden, prepend=False, append=False)).reshape(-1, 2)
    stretches = [f"{track.time_s[first]:.1f} to {track.time_s[end - 1]:.1f} s" for first, end in edges]
    when = ", ".join(stretches[:MOST_NAMED]) + (", and more often" if len(stretches) > MOST_NAMED else "")
    what = " and ".join(
        region for region, seen in zip(REGIONS, np.any(track.covered, axis=0).tolist(), strict=True) if seen
    )
    return [f"{whose} is covered ({what}) from {when}. No expression is said for these moments."]


def _of_quality(whose: str, quality: np.ndarray, enhanced: str) -> list[str]:
    width, brightness, contrast, aside, beyond = quality.T
    said = []
    if np.median(width) < SMALL_PX:
        said.append(
            f"{whose} is only {np.median(width):.0f} pixels wide; from about {SMALL_PX} on expressions can be named, "
            f"from {FAINT_PX} on micro-expressions seen. Move closer to the camera."
        )
    elif np.median(width) < FAINT_PX:
        said.append(
            f"{whose} is {np.median(width):.0f} pixels wide; micro-expressions are seen well from about {FAINT_PX} on. "
            "Move closer to the camera."
        )
    if (brightness < DARK).mean() > OFTEN:
        said.append(f"{whose} is very dark. {_IN_THE_DARK if enhanced == 'none' else _behind(enhanced)}")
    elif (contrast < FLAT).mean() > OFTEN:
        said.append(f"{whose} shows almost no contrast. Use light from one side and wipe the lens.")
    if (aside > TURNED_DEG).mean() > OFTEN:
        said.append(f"{whose} is turned aside for most of the time; one half of it is hidden.")
    if (beyond > CUT_SHARE).mean() > OFTEN:
        said.append(f"{whose} reaches beyond the picture's border for most of the time. Show the whole face.")
    return said


def _behind(enhanced: str) -> str:
    return (
        f"What it shows was named from faces enhanced by {METHODS[enhanced]}; when it moves was read from the dark "
        "ones, in which faint motion is lost. Put a light in front of it."
    )
