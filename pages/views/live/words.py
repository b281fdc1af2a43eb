"""What the camera sees, in words."""

from engine.charts.frame import percent
from engine.recognition.live import LiveEvent, LiveFace, LiveState
from pages.views.common.answer_words import EVENT_KINDS, in_words

_STILL = {"paused": "Paused", "silent": "No picture comes"}


def face_of(state: LiveState, person: int | None) -> LiveFace | None:
    """Return a person's face in the latest picture, None where it is not in sight."""
    return next((face for face in state.faces if face.person == person), None)


def headline(state: LiveState, person: int | None) -> str:
    """Return the answer in a few words: ``happy, 93 %``."""
    if state.phase == "starting":
        return "Starting: waiting for the first picture"
    if state.phase in _STILL:
        return _STILL[state.phase]
    face = face_of(state, person)
    if face is None:
        return _missed(state, person)
    whose = f"Person {person}: " if len(state.faces) > 1 else ""
    share = percent(face.certainty)
    said = f"{face.expression}, {share}" if face.decided else f"undecided, most probable {face.expression}, {share}"
    return whose + said


def _missed(state: LiveState, person: int | None) -> str:
    return f"Person {person} is out of sight" if person is not None and state.faces else "No face in sight"


def announced(state: LiveState, person: int | None) -> str:
    """Return what is to be said aloud: the answer without its share, which changes all the time, and new events."""
    face = face_of(state, person)
    now = {"starting": "Starting", **_STILL}.get(state.phase) or (
        _missed(state, person) if face is None else face.answer
    )
    last = "" if not state.events else f" Latest event: {spotted(state.events[-1])}."
    return f"{now}.{last}"


def spotted(each: LiveEvent) -> str:
    """Return an event in a few words: ``micro-expression at 3.42 s: happy, 83 %``."""
    event = each.event
    share = "" if event.certainty is None else f", {in_words(event.certainty)}"
    said = event.expression if event.decided else f"undecided, most probable {event.expression}"
    return f"{EVENT_KINDS[event.kind]} at {event.onset_s:.2f} s: {said}{share}"


def pace(state: LiveState, skipped: int) -> str:
    """Say how fast pictures are looked at, how late the answer is, and how many were left out."""
    if not state.frames:
        return "No picture has been looked at yet."
    rate = "" if state.fps is None else f"{state.fps:.1f} pictures a second are looked at, "
    left_out = state.dropped + skipped
    lost = "none was left out" if not left_out else f"{left_out:,} of {state.frames + left_out:,} were left out"
    size = f"{state.size[0]} × {state.size[1]} pixels"
    return f"{rate}{size}; an answer comes {1000 * state.lag_s:.0f} ms after its picture; {lost}."
