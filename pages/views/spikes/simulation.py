"""What happened while a picture was shown, in words and charts: spikes, weights, the neuron itself, and energy."""

import dataclasses

import numpy as np
import streamlit as st

from engine.charts.bars import energy_bars, spike_counts
from engine.charts.spiking_theory import rate_curve, stdp_window
from engine.charts.spiking_weights import weight_history
from engine.spiking import published
from engine.spiking.energy import ADDITION_PJ, MULTIPLICATION_PJ, MULTIPLY_ADD_PJ, works
from engine.spiking.firing_rates import firing_rates
from engine.spiking.picture_simulation import SimulationParameters
from engine.spiking.simulation_trace import SimulationTrace
from engine.spiking.stimuli import Stimulus
from engine.words import counted
from pages.views.common.figures import show_figure, show_thumbnail
from pages.views.common.guard import show_tabs
from pages.views.common.spiking_figures import show_potentials, show_raster, show_strengths, show_weights
from pages.views.common.text import escape_markdown, small_print

_SIDE_PX = 132
_ACROSS = 10
_FACE = (
    "The largest face, 48×48 pixels, is filtered for edges of eight directions and two widths (Gabor filters). Where "
    "edges stand out more than usual an ON input fires, where less an OFF input: the stronger, the faster."
)
_HEAD = (
    "The largest face, 48×48 pixels, goes through the default model as on the page Photo, up to its embedding: 384 "
    "numbers. Where one is above what is usual an ON input fires, where below an OFF input. One output an expression "
    "has learnt them by three factors, in place of the model's last layer. Its potentials go far beyond a nerve "
    "cell's: what counts is which output fires most."
)
_DIGIT = "Each of the 64 pixels is an input: the brighter it is here, the faster it fires."
_STDP = (
    "STDP, spike-timing-dependent plasticity: a weight grows where an output fires after an input, which may have "
    "caused it, and shrinks where it fires before."
)


def show_run(stimulus: Stimulus, shown: SimulationTrace, parameters: SimulationParameters | None) -> None:
    """Show a run.

    Parameters
    ----------
    stimulus
        The picture.
    shown
        What happened.
    parameters
        Of a network that had not learnt; None for one that had.
    """
    as_published = parameters is not None and parameters.times_rheobase is not None
    _pictures(stimulus, shown.kind)
    st.header(_decision(shown), anchor=False)
    st.markdown(escape_markdown(_decision_reason(shown)))
    if as_published:
        st.markdown("**Why this network cannot learn**")
        st.markdown("\n".join(f"- {line}" for line in _cannot_learn(shown, parameters)))
    elif parameters is not None:
        st.info(
            "This network has not learnt: its first weights are drawn by chance, so that its outputs have numbers and "
            "no meaning. “Train it live”, above, gives them one; for faces the trained network has one already.",
            icon=":material/school:",
        )
    views = {"Spikes": _spikes, "Weights": _weights, "Neuron": _neuron, "Energy": _energy}
    show_tabs("spikes tabs", views, stimulus, shown, parameters)


def _pictures(stimulus: Stimulus, kind: str) -> None:
    face = stimulus.kind == "face"
    with st.container(horizontal=True, vertical_alignment="center"):
        show_thumbnail(stimulus.picture, _SIDE_PX, "", "The face" if face else "The digit")
        if kind == "brightness" and face:
            brightness = published.features(stimulus.picture[None])[0].reshape(12, 12)
            spread = max(float(np.ptp(brightness)), 1e-9)
            levels = np.round(255 * (brightness - brightness.min()) / spread).astype(np.uint8)
            show_thumbnail(levels, _SIDE_PX, "", "What the published network sees: a map of brightness")
            st.markdown("The face, and what the published filters leave of it.", width=420)
        else:
            st.markdown({"face": _FACE, "embedding": _HEAD}.get(kind, _FACE if face else _DIGIT), width=420)


def _spikes(stimulus: Stimulus, shown: SimulationTrace, parameters: SimulationParameters | None) -> None:
    show_raster(shown, "spikes raster")
    show_potentials(shown, "spikes potentials")
    steps, samples = shown.inputs.steps, len(shown.time_ms)
    if samples < steps:
        small_print(f"Of {steps:,} steps {samples:,} are drawn, evenly spaced; all spikes are.")
    left, right = st.columns(2, gap="large")
    counts = shown.counts
    with left:
        show_figure(spike_counts(counts, shown.names, shown.decision), "spikes counts")
    with right:
        order = np.argsort(-counts, kind="stable")[:_ACROSS] if len(counts) > _ACROSS else np.arange(len(counts))
        seconds = shown.inputs.steps * shown.dt_ms / 1000
        st.table(
            {
                "output": [escape_markdown(shown.names[at]) for at in order],
                "spikes": [f"{counts[at]:,}" for at in order],
                "rate": [f"{counts[at] / seconds:.1f} Hz" for at in order],
            },
            hide_index=True,
            alt="Spikes and rate of each output",
        )
        if len(order) < len(counts):
            small_print(f"The {len(order)} of {len(counts)} outputs that fired most.")


def _weights(stimulus: Stimulus, shown: SimulationTrace, parameters: SimulationParameters | None) -> None:
    show_weights(shown.after, shown.kind, shown.names, "spikes weights")
    if shown.kind == "face":
        show_strengths(stimulus)
    if parameters is None:
        st.markdown("This network has learnt before; it answers here without learning any further.")
        return
    as_published = parameters.times_rheobase is not None
    left, right = st.columns(2, gap="large")
    with left:
        bounds = (parameters.w_min, parameters.w_max)
        show_figure(weight_history(shown.weights_ms, shown.weights, shown.names, bounds), "spikes history")
        small_print(f"{shown.changed:,} of {shown.before.size:,} weights changed.")
    with right:
        show_figure(stdp_window(parameters.stdp, as_published), "spikes window")
        small_print(_STDP)


def _neuron(stimulus: Stimulus, shown: SimulationTrace, parameters: SimulationParameters | None) -> None:
    if parameters is None:
        st.markdown("Choose the untrained network to change the neurons' constants and see their curve.")
        return
    found = firing_rates(parameters.neuron, parameters.dt_ms)
    show_figure(rate_curve(**dataclasses.asdict(found)), "spikes rates")
    st.markdown(
        "How fast one output fires when a constant current drives it. The simulation goes in steps and can only fire "
        "at the end of one: it follows the closed form for whole steps exactly, and lies a little off that for "
        "continuous time. Shorter steps bring both together."
    )


def _energy(stimulus: Stimulus, shown: SimulationTrace, parameters: SimulationParameters | None) -> None:
    """Show the energy of a run's additions and multiply-adds, and what the comparison leaves out."""
    parts = works(shown)
    show_figure(energy_bars({part.name: part.microjoules for part in parts}), "spikes energy")
    st.table(
        {
            "work": [part.name for part in parts],
            "additions": [f"{part.additions:,}" for part in parts],
            "multiply-adds": [f"{part.multiply_adds:,}" for part in parts],
            "energy": [f"{part.microjoules:,.4g} µJ" for part in parts],
        },
        hide_index=True,
        alt="Additions, multiply-adds and energy of each kind of work",
    )
    own, other = sum(part.microjoules for part in parts[:-1]), parts[-1].microjoules
    st.markdown(
        f"All in all this run takes **{own:,.4g} µJ**, the shipped CNN-LSTM **{other:,.0f} µJ**. An input spike costs "
        "an addition at each output, since its weight is all that is added; a CNN-LSTM multiplies first."
    )
    encoding = {
        "face": "The Gabor filters before the first spike take multiply-adds too. They are counted, and most of it.",
        "brightness": "The filters before the first spike take multiply-adds too. They are counted, and most of it.",
        "embedding": "The plastic head stands in for the CNN-LSTM's last layer alone: all before it is the same work.",
        "digit": "Pixels are taken as they are here; for a face, the Gabor filters would be most of it.",
    }
    st.markdown(
        "- **Arithmetic only.** What memory costs to read and write is left out, and is often more.\n"
        f"- **Turning a face into spikes is not free.** {encoding[shown.kind]}\n"
        "- **What the CNN-LSTM does**: it names one of seven expressions, and looks twice, at a face and at its mirror "
        "image.\n"
        "- What it takes to change weights is left out on both sides."
    )
    small_print(
        f"32-bit floating point in 45 nm CMOS: {ADDITION_PJ:g} pJ an addition, {MULTIPLICATION_PJ:g} pJ a "
        f"multiplication, so {MULTIPLY_ADD_PJ:g} pJ a multiply-add. Source: Horowitz, ISSCC 2014, doi "
        "10.1109/ISSCC.2014.6757323."
    )


def _decision(shown: SimulationTrace) -> str:
    """Return the decision as a heading."""
    if shown.decision is not None:
        return f"Decision: {shown.decision}"
    return f"Decision: undecided ({'a tie' if len(shown.outputs) else 'no output fires'})"


def _decision_reason(shown: SimulationTrace) -> str:
    """Say in a sentence or two what the decision rests on."""
    counts = shown.counts
    if not len(shown.outputs):
        return "No output's potential comes above its threshold. Try a higher gain, rate or drive."
    if shown.answers != shown.names:
        return (
            f"{int((counts > 0).sum())} of {len(counts)} outputs fired, {counts.sum():,} spikes in all. Every spike "
            "counts for the digits that its output stood for among labelled pictures."
        )
    best = int(counts.max())
    leading = [name for name, count in zip(shown.names, counts, strict=True) if count == best]
    spikes = counted(best, "spike")
    if len(leading) > 1:
        return f"{_capitalised(', '.join(leading[:-1]))} and {leading[-1]} fired equally often: {spikes} each."
    return f"{_capitalised(leading[0])} fired most: {spikes} of {counts.sum():,} in all."


def _cannot_learn(shown: SimulationTrace, parameters: SimulationParameters) -> list[str]:
    """Say why the published network cannot learn, with the numbers of this run."""
    rheobase = parameters.v_th_mv - parameters.e_l_mv
    drives = ", ".join(
        f"{drive:,.0f} mV ({name})" for name, drive in zip(shown.names, shown.drive_mv.tolist(), strict=True)
    )
    times = f", {shown.drive_mv.min() / rheobase:,.0f} to {shown.drive_mv.max() / rheobase:,.0f} times that"
    counts = shown.counts.tolist()
    together = len(set(counts)) == 1 and counts[0] > 0
    fired = (
        f"all {len(counts)} outputs fired {counts[0]:,} times, together, whenever the refractory time let them"
        if together
        else "the outputs fired " + ", ".join(f"{count:,}" for count in counts) + " times"
    )
    changed = shown.changed or "none"
    return [
        "**It sees brightness, not edges.** Its 72 filters are averaged into one that lets brightness through: what is "
        "left of a face is a coarse map of light and dark.",
        f"**Its drive is saturated.** The weakest drive that makes a neuron fire is {rheobase:,.0f} mV; here the "
        f"outputs get {drives}{times if rheobase > 0 else ''}. So {fired}.",
        "**There is no difference of spike times.** It notes the last spike before and after a synapse in the same "
        "step, so that the difference is always 0, where no rule of plasticity changes anything: of "
        f"{shown.before.size:,} weights {changed} changed.",
        f"**A tie is read as the first output.** Nothing ties outputs to labels; the code then answers "
        f"“{published.OUTPUTS[0]}”, whatever the face shows. Here a tie is undecided."
        if shown.decision is None
        else f"**Nothing ties outputs to labels.** With these constants {shown.decision} fires most; which output that "
        "is depends on the first weights alone.",
    ]


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
