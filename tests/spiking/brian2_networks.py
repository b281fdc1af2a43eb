"""Simulates plastic networks with Brian2 and keeps what came of them in ``brian2_networks.json``.

Brian2 is no dependency of the project. To make the file again: ``python -m pip install brian2``, then
``python tests/spiking/brian2_networks.py`` (the file that is kept was made with Brian2 2.9.0).
"""

import json
from pathlib import Path

import numpy as np

STORED = Path(__file__).with_suffix(".json")


def cases():
    """Return plastic networks with refractory time and inhibition, with and without normalisation."""
    for seed, (inputs, outputs, dt, steps, l1) in enumerate(
        [(40, 12, 1.0, 600, True), (25, 8, 0.5, 900, False), (16, 5, 0.1, 2000, True)], start=1
    ):
        random = np.random.default_rng(seed)
        arrives = np.argwhere(random.random((steps, inputs)) < 0.05 * dt)
        weights = random.uniform(0.1, 0.6, (inputs, outputs)).round(3)
        yield {
            "dt_ms": dt,
            "duration_ms": steps * dt,
            "neuron": {"tau_ms": 15.0, "e_l_mv": -70.0, "v_th_mv": -58.0, "v_r_mv": -74.0, "t_ref_ms": 3.0},
            "gain_mv": 12.0,
            "inhibition_mv": 1.5,
            "input_spikes": arrives.tolist(),
            "weights": weights.tolist(),
            "stdp": {
                "a_pre": 0.04,
                "a_post": -0.045,
                "tau_pre_ms": 18.0,
                "tau_post_ms": 22.0,
                "w_min": 0.02,
                "w_max": 1.0,
            },
            "l1": {"sum": inputs / 5, "every_ms": 50.0} if l1 else None,
        }


def simulate(case):
    """Return what Brian2 makes of a case, in the form of `engine.spiking.case`."""
    import brian2 as b

    b.prefs.codegen.target = "numpy"
    b.start_scope()
    dt, cell, rule, l1 = case["dt_ms"] * b.ms, case["neuron"], case["stdp"], case["l1"]
    b.defaultclock.dt = dt
    w0 = np.array(case["weights"])
    inputs, outputs = w0.shape
    spikes = np.array(case["input_spikes"]).reshape(-1, 2)
    source = b.SpikeGeneratorGroup(inputs, spikes[:, 1], spikes[:, 0] * dt)
    cells = b.NeuronGroup(
        outputs,
        "dv/dt = (e_l - v) / tau : 1 (unless refractory)",
        threshold="v > v_th",
        reset="v = v_r",
        refractory=cell["t_ref_ms"] * b.ms,
        method="exact",
        namespace={
            "e_l": cell["e_l_mv"],
            "tau": cell["tau_ms"] * b.ms,
            "v_th": cell["v_th_mv"],
            "v_r": cell["v_r_mv"],
        },
    )
    cells.v = cell["e_l_mv"]
    # Both sides read the traces before they rise, and the bounds come once: the orders say so.
    synapses = b.Synapses(
        source,
        cells,
        """w : 1
        dx/dt = -x / tau_pre : 1 (event-driven)
        dy/dt = -y / tau_post : 1 (event-driven)""",
        on_pre={
            "drives": "v_post += gain * w * int(not_refractory_post)",
            "depresses": "w += y",
            "bounds": "w = clip(w, w_min, w_max)",
            "raises": "x += a_pre",
        },
        on_post={
            "potentiates": "w += x",
            "bounds_too": "w = clip(w, w_min, w_max)",
            "raises_too": "y += a_post",
        },
        namespace={
            "gain": case["gain_mv"],
            "a_pre": rule["a_pre"],
            "a_post": rule["a_post"],
            "tau_pre": rule["tau_pre_ms"] * b.ms,
            "tau_post": rule["tau_post_ms"] * b.ms,
            "w_min": rule["w_min"],
            "w_max": rule["w_max"],
        },
    )
    synapses.connect()
    order = ("drives", "depresses", "potentiates", "bounds", "bounds_too", "raises", "raises_too")
    for at, name in enumerate(order):
        getattr(synapses, name).order = at
    synapses.w = w0.ravel()
    inhibits = b.Synapses(
        cells,
        cells,
        on_pre="v_post -= inhibition * int(not_refractory_post)",
        namespace={"inhibition": case["inhibition_mv"]},
    )
    inhibits.connect(condition="i != j")
    inhibits.pre.order = len(order)
    monitor = b.SpikeMonitor(cells)

    def normalise():
        w = np.array(synapses.w).reshape(inputs, outputs)
        w *= l1["sum"] / np.abs(w).sum(axis=0)
        synapses.w = np.clip(w, rule["w_min"], rule["w_max"]).ravel()

    network = b.Network(source, cells, synapses, inhibits, monitor)
    if l1:
        normalise()
        every = round(l1["every_ms"] / case["dt_ms"])

        @b.network_operation(dt=dt, when="end")
        def after(t):
            if (round(float(t / dt)) + 1) % every == 0:
                normalise()

        network.add(after)
    network.run(case["duration_ms"] * b.ms)
    found = np.column_stack([np.rint(np.array(monitor.t / dt)).astype(int), np.array(monitor.i)])
    found = found[np.lexsort((found[:, 1], found[:, 0]))]
    return {
        "spikes": found.tolist(),
        "weights": np.array(synapses.w).reshape(inputs, outputs).tolist(),
        "potentials_mv": np.array(cells.v).tolist(),
    }


if __name__ == "__main__":
    STORED.write_text(json.dumps([{"case": case, "brian2": simulate(case)} for case in cases()]) + "\n")
