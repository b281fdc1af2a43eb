"""What a run of the spiking network means, in words."""

from engine.spiking import published
from engine.spiking.picture_simulation import SimulationParameters
from engine.spiking.simulation_trace import SimulationTrace
from engine.words import counted

NETWORK = (
    "A spiking neuron gathers the spikes that reach it in its membrane potential, which leaks away; where the "
    "potential climbs above a threshold, the neuron fires a spike of its own and starts again from its reset."
)
FACE = (
    "The largest face, 48×48 pixels, is filtered for edges of eight directions and two widths (Gabor filters). Where "
    "edges stand out more than usual an ON input fires, where less an OFF input: the stronger, the faster."
)
HEAD = (
    "The largest face, 48×48 pixels, goes through the default model as on the page Photo, up to its embedding: 384 "
    "numbers. Where one is above what is usual an ON input fires, where below an OFF input. One output an expression "
    "has learnt them by three factors, in place of the model's last layer. Its potentials go far beyond a nerve "
    "cell's: what counts is which output fires most."
)
DIGIT = "Each of the 64 pixels is an input: the brighter it is here, the faster it fires."
STDP = (
    "STDP, spike-timing-dependent plasticity: a weight grows where an output fires after an input, which may have "
    "caused it, and shrinks where it fires before."
)


def decision(shown: SimulationTrace) -> str:
    """Return the decision as a heading."""
    if shown.decision is not None:
        return f"Decision: {shown.decision}"
    return f"Decision: undecided ({'a tie' if len(shown.outputs) else 'no output fires'})"


def decision_reason(shown: SimulationTrace) -> str:
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


def cannot_learn(shown: SimulationTrace, parameters: SimulationParameters) -> list[str]:
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
