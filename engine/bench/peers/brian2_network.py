"""The network of `engine.bench.figures.spiking` in Brian2's C++ standalone; arguments are SPIKES.npz INPUTS OUTPUTS.

Its fastest form: traces live in the neurons, not in the synapses, and there is no L1 normalisation, for which it has no
quick way. Inhibition goes to all other outputs. What is timed is what the compiled program says it took, without its
start and without writing its results.
"""

import sys
import tempfile
from collections.abc import Callable

from engine.bench.peers import serve


def prepare() -> tuple[Callable[[], float], str]:
    """Build and compile it."""
    import brian2 as b
    import numpy as np

    from engine.bench.figures.spiking import INHIBITION_MV, NEURON, SECONDS, STDP, built, gain_mv

    inputs, outputs = int(sys.argv[2]), int(sys.argv[3])
    with np.load(sys.argv[1]) as stored:
        step, neuron = stored["step"], stored["neuron"]
    folder = tempfile.TemporaryDirectory()
    b.set_device("cpp_standalone", directory=folder.name, build_on_run=False)
    b.prefs.devices.cpp_standalone.extra_make_args_unix = ["-j2"]
    b.defaultclock.dt = 1 * b.ms
    constants = {
        "e_l": NEURON.e_l_mv,
        "v_th": NEURON.v_th_mv,
        "v_r": NEURON.v_r_mv,
        "tau": NEURON.tau_m_ms * b.ms,
        "tau_pre": STDP.tau_pre_ms * b.ms,
        "tau_post": STDP.tau_post_ms * b.ms,
        "a_pre": STDP.a_pre,
        "a_post": STDP.a_post,
        "w_min": STDP.w_min,
        "w_max": STDP.w_max,
        "gain": gain_mv(inputs),
        "inhibition": INHIBITION_MV,
    }
    generator = b.SpikeGeneratorGroup(inputs, neuron, step * b.ms)
    source = b.NeuronGroup(
        inputs,
        "dx/dt = -x / tau_pre : 1\nfires : 1",
        threshold="fires > 0",
        reset="fires = 0",
        method="exact",
        namespace=constants,
    )
    relay = b.Synapses(generator, source, on_pre="fires_post = 1")
    relay.connect(j="i")
    cells = b.NeuronGroup(
        outputs,
        "dv/dt = (e_l - v) / tau : 1 (unless refractory)\ndy/dt = -y / tau_post : 1",
        threshold="v > v_th",
        reset="v = v_r",
        refractory=NEURON.t_ref_ms * b.ms,
        method="exact",
        namespace=constants,
    )
    cells.v = NEURON.e_l_mv
    synapses = b.Synapses(
        source,
        cells,
        "w : 1",
        on_pre="v_post += gain * w * int(not_refractory_post)\nw = clip(w + y_post, w_min, w_max)",
        on_post="w = clip(w + x_pre, w_min, w_max)",
        namespace=constants,
    )
    synapses.connect()
    synapses.w = built(inputs, outputs).weights.ravel()
    raises = b.Synapses(source, source, on_pre="x_post += a_pre", namespace=constants)
    raises.connect(j="i")
    raises_too = b.Synapses(cells, cells, on_pre="y_post += a_post", namespace=constants)
    raises_too.connect(j="i")
    inhibits = b.Synapses(cells, cells, on_pre="v_post -= inhibition * int(not_refractory_post)", namespace=constants)
    inhibits.connect(condition="i != j")
    counter = b.SpikeMonitor(cells, record=False)
    network = b.Network(generator, source, relay, cells, synapses, raises, raises_too, inhibits, counter)
    network.run(SECONDS * b.second)
    b.device.build(directory=folder.name, compile=True, run=True)

    def once() -> float:
        b.device.run(folder.name, with_output=False, run_args=[])
        return b.device._last_run_time

    rate = counter.num_spikes / SECONDS / outputs
    return once, f"Brian2 {b.__version__} C++ standalone, one thread ({rate:.1f} spikes a second and output, no L1)"


if __name__ == "__main__":
    serve(prepare)
