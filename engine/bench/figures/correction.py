"""One correction of a plastic head, from an embedding to changed synapses, beside an online learner of scikit-learn."""

import numpy as np
import sklearn
from sklearn.linear_model import SGDClassifier

from engine.bench.measurement import Measurement
from engine.bench.timing import alternate, stopwatch
from engine.models import shipped
from engine.recognition.plastic import plastic_head_of

AT_MOST_MS = 5.0


def measure() -> list[Measurement]:
    """Time the default model's head."""
    model = shipped.load()
    head = plastic_head_of(model)
    embedding = np.random.default_rng(0).normal(head.readout.encoder.mean, head.readout.encoder.deviation)
    online = SGDClassifier(loss="log_loss", random_state=0)
    online.partial_fit(embedding[None], ["happy"], classes=list(head.labels))
    timed = alternate(
        stopwatch(lambda: head.correct(embedding, "happy")),
        stopwatch(lambda: online.partial_fit(embedding[None], ["happy"])),
        f"scikit-learn {sklearn.__version__} SGDClassifier.partial_fit",
        rounds=10,
        each=(50, 50),
    )
    note = "ours simulates 400 ms of spikes for each of two layers"
    return [timed.measurement("one correction of the plastic head", "ms", 1e3, at_most=AT_MOST_MS, note=note)]
