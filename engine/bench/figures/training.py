"""Training the paper's network at the paper's batch of 8, beside Keras ``fit`` on arrays as it comes."""

import os

from engine.bench.measurement import Measurement
from engine.bench.peer import Peer
from engine.bench.timing import alternate

ROUNDS = 6
PICTURES = 1600
BATCH = 8


def measure() -> list[Measurement]:
    """Time an epoch of each, both in processes of their own; the one that is not asked waits idle."""
    with Peer("engine.bench.peers.training", ["ours"]) as ours, Peer("engine.bench.peers.training", ["keras"]) as keras:
        our_time, their_time, repetitions = alternate(ours.times, keras.times, rounds=ROUNDS, each=(2, 1))
        alternative = keras.description
    return [
        Measurement.compare(
            "training the paper's network, batch 8",
            "ms a picture",
            our_time / PICTURES * 1e3,
            alternative,
            their_time / PICTURES * 1e3,
            repetitions=repetitions,
            times_as_fast=1,
            note=(
                f"an epoch of {PICTURES:,} generated pictures without validation, float32, compile times not counted: "
                f"{PICTURES / our_time:,.0f} and {PICTURES / their_time:,.0f} pictures a second; "
                f"load of the machine {os.getloadavg()[0]:.1f}"
            ),
        )
    ]
