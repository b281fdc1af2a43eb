"""Training the paper's network at the paper's batch of 8, beside Keras ``fit`` on arrays as it comes."""

import os

from engine.bench.measurement import Measurement
from engine.bench.peer import Alternative, Peer
from engine.bench.timing import alternate

ROUNDS = 6
PICTURES = 1600
BATCH = 8


def measure() -> list[Measurement]:
    """Time an epoch of each, both in processes of their own; the one that is not asked waits idle."""
    fit = Alternative("Keras fit", "engine.bench.peers.keras_models")
    with Peer(fit, ["fit", "ours"]) as ours, Peer(fit, ["fit", "keras"]) as keras:
        timed = alternate(ours.times, keras.times, keras.description, rounds=ROUNDS, each=(2, 1))
    a_second = " and ".join(f"{PICTURES / seconds:,.0f}" for seconds in (timed.ours, timed.theirs) if seconds)
    note = (
        f"an epoch of {PICTURES:,} generated pictures without validation, float32, compile times not counted: "
        f"{a_second} pictures a second; load of the machine {os.getloadavg()[0]:.1f}"
    )
    what = "training the paper's network, batch 8"
    return [timed.measurement(what, "ms a picture", 1e3 / PICTURES, times_as_fast=1, note=note)]
