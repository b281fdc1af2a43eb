"""The five steps of `engine.spiking.network` once more, as plainly as they can be written, one synapse at a time."""

import math


def simulate(case):
    """Return what `engine.spiking.case.run` returns, from Python's own numbers and loops."""
    dt, cell, rule, l1 = case["dt_ms"], case["neuron"], case["stdp"], case["l1"]
    w = [list(map(float, row)) for row in case["weights"]]
    inputs, outputs = range(len(w)), range(len(w[0]))
    v, x, y, held = [cell["e_l_mv"]] * len(outputs), [0.0] * len(inputs), [0.0] * len(outputs), [0] * len(outputs)
    steps = round(case["duration_ms"] / dt)
    arriving = {}
    for step, neuron in case["input_spikes"]:
        arriving.setdefault(step, set()).add(neuron)

    def bounded(value):
        return value if rule is None else min(max(value, rule["w_min"]), rule["w_max"])

    def normalise():
        for j in outputs:
            total = math.fsum(abs(w[i][j]) for i in inputs)
            for i in inputs:
                w[i][j] = bounded(w[i][j] * l1["sum"] / total if total else w[i][j])

    if l1:
        normalise()
    spikes = []
    for step in range(steps):
        refractory = [held[j] > 0 for j in outputs]
        for j in outputs:
            if not refractory[j]:
                v[j] = cell["e_l_mv"] + (v[j] - cell["e_l_mv"]) * math.exp(-dt / cell["tau_ms"])
            held[j] = max(0, held[j] - 1)
        if rule:
            x = [trace * math.exp(-dt / rule["tau_pre_ms"]) for trace in x]
            y = [trace * math.exp(-dt / rule["tau_post_ms"]) for trace in y]
        firing = [j for j in outputs if not refractory[j] and v[j] > cell["v_th_mv"]]
        listening = [j for j in outputs if not refractory[j] and j not in firing]
        now = arriving.get(step, set())
        for i in now:
            for j in listening:
                v[j] += case["gain_mv"] * w[i][j]
        if rule:
            for i in inputs:
                for j in outputs:
                    w[i][j] = bounded(w[i][j] + (y[j] if i in now else 0) + (x[i] if j in firing else 0))
            for i in now:
                x[i] += rule["a_pre"]
            for j in firing:
                y[j] += rule["a_post"]
        for _ in firing:
            for j in listening:
                v[j] -= case["inhibition_mv"]
        for j in firing:
            v[j] = cell["v_r_mv"]
            held[j] = max(0, round(cell["t_ref_ms"] / dt) - 1)
            spikes.append([step, j])
        if l1 and (step + 1) % round(l1["every_ms"] / dt) == 0:
            normalise()
    return {"spikes": spikes, "weights": w, "potentials_mv": v}
