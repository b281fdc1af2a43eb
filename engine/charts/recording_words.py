"""A recording's figures in words, for those who cannot or will not look at them."""

import numpy as np

from engine.recognition.analysis import REGIONS, Analysis, Event, Track

_MOST_EVENTS = 12
_MOST_GAPS = 6


def events_in_words(analysis: Analysis, person: int | None = None) -> str:
    """Say who showed what when; of one person or of all."""
    tracks = [track for track in analysis.tracks if person in (None, track.person)]
    if not tracks:
        return "Nobody was seen in the recording."
    told = []
    for track in tracks:
        micro = sum(event.kind == "micro" for event in track.events)
        macro = len(track.events) - micro
        head = f"Person {track.person}: {_count(micro, 'micro-expression')} and {_count(macro, 'macro-expression')}"
        events = [_event(event) for event in track.events[:_MOST_EVENTS]]
        if len(track.events) > _MOST_EVENTS:
            events.append(f"and {len(track.events) - _MOST_EVENTS} more")
        told.append(f"{head}{': ' if events else ''}{'; '.join(events)}. {_gaps(track)}".strip())
    return " ".join(told)


def motion_in_words(track: Track) -> str:
    """Say how far a face moves at most, where and when, and how far the regions do that move furthest."""
    if not len(track.time_s):
        return f"Person {track.person} was seen in no frame."
    row, column = np.unravel_index(int(np.argmax(track.motion)), track.motion.shape)
    first = (
        f"Motion of person {track.person} from {track.time_s[0]:.1f} to {track.time_s[-1]:.1f} s: largest "
        f"{track.motion[row, column]:.1f} % of the distance between the eyes, {REGIONS[column]}, at "
        f"{track.time_s[row]:.2f} s."
    )
    most = track.motion.max(axis=0)
    by_region = ", ".join(f"{REGIONS[at]} {most[at]:.1f} %" for at in np.argsort(-most, kind="stable")[:5])
    return f"{first} The regions that move furthest: {by_region}."


def shares_in_words(track: Track) -> str:
    """Say which expressions a face shows for how much of the time, and when each is most probable."""
    if not len(track.time_s):
        return f"Person {track.person} was seen in no frame."
    top = np.bincount(track.probabilities.argmax(axis=1), minlength=len(track.labels)) / len(track.time_s)
    told = []
    for at in np.argsort(-top, kind="stable"):
        best = int(track.probabilities[:, at].argmax())
        told.append(
            f"{track.labels[at]} most probable in {100 * top[at]:.0f} % of the frames, at most "
            f"{100 * track.probabilities[best, at]:.0f} % at {track.time_s[best]:.2f} s"
        )
    return f"Probability of each expression of person {track.person}: {'; '.join(told)}."


def _event(event: Event) -> str:
    return (
        f"{event.answer} ({event.kind}) from {event.onset_s:.2f} to {event.offset_s:.2f} s, apex {event.apex_s:.2f} s"
    )


def _gaps(track: Track) -> str:
    if not track.gaps:
        return ""
    told = [f"{begin:.1f} to {end:.1f} s" for begin, end in track.gaps[:_MOST_GAPS]]
    if len(track.gaps) > _MOST_GAPS:
        told.append(f"and {len(track.gaps) - _MOST_GAPS} more times")
    return f"The face was not seen from {', '.join(told)}."


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
