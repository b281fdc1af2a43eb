"""The faces of a photo in the form of a recording that lasts no time, so that they are kept in the same way."""

from collections.abc import Sequence
from dataclasses import replace

from engine.recognition.analysis import Analysis, Event, Recording
from engine.recognition.photo import FaceResult
from engine.records.track_file import track_from

KIND = "photo"
"""Of the event that a face is."""


def as_analysis(name: str, size: tuple[int, int], faces: Sequence[FaceResult]) -> Analysis:
    """Return a photo's faces, a track with one event each; no picture is in it.

    Parameters
    ----------
    name
        The picture's.
    size
        Its width and height in pixels.
    faces
        As `engine.recognition.photo.recognise` gives them.
    """
    tracks = []
    for number, face in enumerate(faces, 1):
        event = Event(
            0.0,
            0.0,
            0.0,
            KIND,
            face.expression,
            face.decided,
            face.probabilities,
            model=face.model.name,
            plain=face.plain,
            moved={} if face.units is None else face.units.present,
        )
        track = track_from(number, tuple(face.model.labels), None)
        tracks.append(replace(track, events=(event,), asked=face.asked))
    said = dict.fromkeys(check.sentence for face in faces for check in face.face.quality.checks)
    return Analysis(
        Recording(name, *size, 0.0, 0.0, 1), tuple(tracks), tuple(said), faces[0].enhanced if faces else "none"
    )
