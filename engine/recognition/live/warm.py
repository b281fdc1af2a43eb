"""What is slow the first time, done before a camera's first frame: networks loaded, compiled code read."""

import numpy as np

from engine.faces.landmarks import POINTS, follow_landmarks
from engine.faces.network import one_thread
from engine.faces.track import Tracker
from engine.features.face_sample import SIDE, FaceSample
from engine.recognition import clip_model
from engine.recognition.event_answer import model_crop
from engine.recognition.live.answering import Answering
from engine.recognition.spotting import Spotter


def warm(answering: Answering) -> None:
    """Let everything that a frame needs work once, on noise."""
    random = np.random.default_rng(0)
    blank = np.zeros((480, 640, 3), np.uint8)
    points = random.uniform(20, 100, (POINTS, 3)).astype(np.float32)
    Tracker().update(blank, 0.0)
    with one_thread():
        follow_landmarks(blank, points)
    gray = random.integers(0, 256, (SIDE, SIDE), np.uint8)
    spotter = Spotter(remember=False)
    for time_s in np.arange(8) / 4:
        spotter.push(FaceSample(time_s, gray, points[:, :2], 0.3, np.zeros(3, np.float32), points[:, 2]))
    sample = FaceSample(0.0, gray, points[:, :2], 0.3, np.zeros(3, np.float32), points[:, 2])
    clip_model.load().probabilities(clip_model.flow_between(sample, sample)[np.newaxis])
    _, embeddings = answering.answers(model_crop(sample, answering.crop_size)[np.newaxis])
    if answering.readout is not None:
        answering.readout.probabilities(embeddings)
