"""One person answered for as that person's own corrections have taught, and nobody else."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.emotions import NEUTRAL
from engine.errors import UserError
from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.recognition.analysis import Analysis, Event, Track
from engine.recognition.event_classification import named
from engine.recognition.photo import FaceResult
from engine.recognition.resting_face import RestingFace
from engine.spiking.person_layers import PersonLayers


@dataclass(frozen=True)
class PersonalAnswers:
    """What turns a model's answers for one person's face into what that person shows.

    Attributes
    ----------
    person
        The record that it belongs to: nobody else's face is given to it.
    model, version
        What it was learnt with; other weights answer in other numbers.
    labels
        The expressions.
    layers
        What the corrections taught.
    adaptation
        Tells it from what was learnt of this person before, or is later.
    rest
        This person's resting face, from which it starts where a picture or recording has none of its own; None for
        none, or for one that the model calls neutral as it is.
    """

    person: str
    model: str
    version: str
    labels: tuple[str, ...]
    layers: PersonLayers
    rest: RestingFace | None = None
    adaptation: str = ""

    def check(self, model: str, version: str) -> None:
        """Refuse another model.

        Raises
        ------
        UserError
            Where it was learnt with another one, or with other weights of the same name.
        """
        if (model, version) == (self.model, self.version):
            return
        if model != self.model:
            raise UserError(
                f"The adaptation was learnt with the model {self.model}, here {model} answers.",
                f"Choose {self.model}, or go on without the adaptation.",
            )
        raise UserError(
            f"The adaptation was learnt with other weights of {model} than those that answer here.",
            "Learn it anew on the page Sessions, or go on without it.",
        )

    def answers(self, rows: NDArray, embeddings: NDArray, *, rested: bool = False) -> NDArray[np.float32]:
        """Return what this person shows.

        Parameters
        ----------
        rows
            (n, labels) what the model says.
        embeddings
            (n, size) of the same faces.
        rested
            Whether this person's resting face is taken out of the rows already.
        """
        return self.layers.answers(started(rows, self.rest, rested=rested), embeddings).astype(np.float32)

    def face(self, face: FaceResult) -> FaceResult:
        """Return this person's face in a photo, answered for anew; raises as `check`."""
        self.check(face.model.name, face.model.version)
        asked = face.asked
        if asked is None:
            return face
        rows = np.array([[face.probabilities[label] for label in self.labels]])
        (row,) = self.answers(rows, asked.embeddings, rested=bool(face.plain))
        taught = dict(zip(self.labels, map(float, row), strict=True))
        return replace(face, probabilities=taught, usual=face.probabilities)

    def analysis(self, analysis: Analysis, face: int) -> Analysis:
        """Return a recording in which one face is this person's: its curves and its longer expressions named anew.

        When each begins and ends stays, as do micro-expressions, which another model names by motion.

        Parameters
        ----------
        analysis
            What was found.
        face
            Number of this person's track; all others stay as they are.

        Raises
        ------
        UserError
            As `check`; where the recording was analysed before embeddings were held.
        """
        tracks = tuple(self._track(track) if track.person == face else track for track in analysis.tracks)
        told = f"Person {face} is answered for as that person’s own corrections have taught, not as anybody."
        return replace(analysis, tracks=tracks, warnings=(*analysis.warnings, told))

    def _track(self, track: Track) -> Track:
        asked = track.asked
        if asked is None:
            raise UserError(
                "The model that answered tells no embedding, which the adaptation needs.",
                f"Have the recording analysed by {self.model}.",
            )
        self.check(asked.model, asked.version)
        model = shipped.load(self.model)
        own = track.rest.face if any(event.plain for event in track.events) else None
        begun = asked.probabilities if own is None else own.taken_out(asked.probabilities)
        rows = self.answers(begun, asked.embeddings, rested=own is not None)
        curves = np.stack([np.interp(track.time_s, asked.time_s, column) for column in rows.T], axis=1)
        events = tuple(self._event(event, track, model) for event in track.events)
        return replace(track, probabilities=curves.astype(np.float32)).with_events(events)

    def _event(self, event: Event, track: Track, model: ShippedModel) -> Event:
        at = None if track.asked is None else track.asked.near(event.apex_s)
        if event.model != self.model or tuple(event.probabilities) != self.labels or at is None or track.asked is None:
            return event
        rows = np.array([[event.probabilities[label] for label in self.labels]])
        (row,) = self.answers(rows, track.asked.embeddings[at : at + 1], rested=bool(event.plain))
        anew = named(event, model, row)
        # What is covered is not decided, however sure the model is.
        sure = event.expression != NEUTRAL and (event.certainty or 0.0) >= model.thresholds[event.expression]
        return replace(anew, decided=anew.decided and not (sure and not event.decided))


def started(rows: NDArray, rest: RestingFace | None, *, rested: bool) -> NDArray:
    """Return the answers that an adaptation starts from, (n, labels): with the resting face taken out, once."""
    return rows if rest is None or rested else rest.taken_out(rows)


def rest_to_start_from(rest: RestingFace | None) -> RestingFace | None:
    """Return a resting face where the model does not call it neutral; None where there is nothing to take out."""
    if rest is None or rest.labels[int(rest.level.argmax())] == NEUTRAL:
        return None
    return rest
