"""One picture shown to a few spiking neurons, with every constant open to change, and all that happens on record."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.settings import CROP_SIZE
from engine.spiking import published
from engine.spiking.encoding import poisson, rates, regular
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron, finite, positive, whole_steps
from engine.spiking.plasticity import L1, PairSTDP
from engine.spiking.raster import Raster
from engine.spiking.recorder import Recorder
from engine.spiking.stimuli import Stimulus

REGULAR, POISSON = "regular", "Poisson"
PUBLISHED, NEUROMER = "As published", "NeuroMER"
MOST_STEPS = 5_000
"""Steps that one picture may take, so that a slip of the pen does not fill the memory."""
_SAMPLES, _WEIGHT_SAMPLES = 1_200, 150
_L1_EVERY_MS = 100.0
_CURVE_MS, _CURVE_STEPS, _CURVE_DRIVES = 2_000.0, 20_000, 61


@dataclass(frozen=True)
class Parameters:
    """All constants of such a run; potentials in mV, times in ms, rates in Hz.

    Attributes
    ----------
    tau_m_ms, e_l_mv, v_th_mv, v_r_mv, t_ref_ms
        Of the outputs: see `engine.spiking.neuron.Neuron`.
    dt_ms, gain_mv, inhibition_mv, winner_take_all
        See `engine.spiking.network.Network`.
    picture_ms
        How long the picture is shown.
    highest_hz
        Rate of the input that speaks most strongly; the others' are proportional to their strengths.
    timing
        `REGULAR` or `POISSON`: how an input's spikes are spread in time.
    a_pre, a_post, tau_pre_ms, tau_post_ms, w_min, w_max
        See `engine.spiking.plasticity.PairSTDP`.
    highest_weight
        Weights start evenly drawn from 0, or from w_min where that is above 0, to this.
    l1_sum
        What each output's weights sum up to, again and again after 100 ms; 0 for no normalisation.
    times_rheobase
        None: the picture arrives as spikes. Otherwise it arrives as a constant current, as in the published network,
        and that of a picture of middle brightness is so many times the weakest that makes a neuron fire.
    """

    tau_m_ms: float = 50.0
    e_l_mv: float = -70.0
    v_th_mv: float = -55.0
    v_r_mv: float = -70.0
    t_ref_ms: float = 2.0
    dt_ms: float = 1.0
    gain_mv: float = 0.8
    inhibition_mv: float = 15.0
    winner_take_all: bool = True
    picture_ms: float = 400.0
    highest_hz: float = 60.0
    timing: str = REGULAR
    a_pre: float = 0.03
    a_post: float = -0.009
    tau_pre_ms: float = 10.0
    tau_post_ms: float = 20.0
    w_min: float = 0.0
    w_max: float = 1.0
    highest_weight: float = 0.3
    l1_sum: float = 180.0
    times_rheobase: float | None = None

    @property
    def neuron(self) -> Neuron:
        """The outputs' constants."""
        return Neuron(self.tau_m_ms, self.e_l_mv, self.v_th_mv, self.v_r_mv, self.t_ref_ms)

    @property
    def stdp(self) -> PairSTDP:
        """The rule of plasticity."""
        return PairSTDP(self.a_pre, self.a_post, self.tau_pre_ms, self.tau_post_ms, self.w_min, self.w_max)

    @property
    def steps(self) -> int:
        """How many steps the picture is shown; raises `DataError` where that cannot be."""
        positive("dt_ms", self.dt_ms)
        positive("picture_ms", self.picture_ms)
        if self.picture_ms / self.dt_ms > MOST_STEPS + 0.5:
            raise DataError(
                f"{self.picture_ms:g} ms in steps of {self.dt_ms:g} ms are {self.picture_ms / self.dt_ms:,.0f} steps.",
                f"At most {MOST_STEPS:,} are allowed here: show the picture for a shorter time, or use longer steps.",
            )
        return whole_steps("picture_ms", self.picture_ms, self.dt_ms)


def preset(name: str, kind: str) -> Parameters:
    """Return the constants to begin with.

    Parameters
    ----------
    name
        `NEUROMER`: those of `engine.spiking.competitive`, with thresholds that stay and gains that suit a picture of
        this kind; or `PUBLISHED`.
    kind
        ``"face"`` or ``"digit"``.
    """
    if name == NEUROMER:
        return Parameters() if kind == "face" else replace(Parameters(), gain_mv=5.0, l1_sum=10.0)
    neuron, stdp, l1 = published.NEURON, PairSTDP(), L1()
    return Parameters(
        tau_m_ms=neuron.tau_m_ms,
        e_l_mv=neuron.e_l_mv,
        v_th_mv=neuron.v_th_mv,
        v_r_mv=neuron.v_r_mv,
        t_ref_ms=neuron.t_ref_ms,
        gain_mv=1.0,
        # Its inhibition is taken from the currents, before any neuron fires.
        inhibition_mv=0.0,
        winner_take_all=False,
        picture_ms=float(published.WINDOW_MS),
        a_pre=stdp.a_pre,
        a_post=stdp.a_post,
        tau_pre_ms=stdp.tau_pre_ms,
        tau_post_ms=stdp.tau_post_ms,
        w_min=stdp.w_min,
        w_max=stdp.w_max,
        highest_weight=0.2,
        l1_sum=l1.sum,
        times_rheobase=published.TIMES_RHEOBASE,
    )


@dataclass(frozen=True)
class SimulationTrace:
    """What happened while a picture was shown.

    Attributes
    ----------
    inputs, outputs
        Spikes.
    names
        Of the outputs.
    dt_ms
        Length of a step.
    time_ms, potentials_mv, thresholds_mv
        (samples,), (samples, outputs) and (samples, outputs).
    reset_mv
        What an output is reset to.
    before, after
        (inputs, outputs): the weights.
    kind
        How the weights are laid out: see `engine.spiking.stimuli.weight_maps`.
    weights_ms, weights
        (samples,) and (samples, inputs, outputs): the weights over time, no sample where nothing could be learnt.
    drive_mv
        (outputs,) the constant drive.
    inhibits
        Whether outputs lower each other.
    scores
        (answers,) how much speaks for each of ``answers``; the outputs' counts where outputs are answers themselves.
    answers
        What may be answered.
    """

    inputs: Raster
    outputs: Raster
    names: tuple[str, ...]
    dt_ms: float
    time_ms: NDArray[np.float64]
    potentials_mv: NDArray
    thresholds_mv: NDArray
    reset_mv: float
    before: NDArray
    after: NDArray
    kind: str
    weights_ms: NDArray[np.float64]
    weights: NDArray
    drive_mv: NDArray[np.float64]
    inhibits: bool
    scores: NDArray[np.float64]
    answers: tuple[str, ...]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each output fired: (outputs,)."""
        return self.outputs.counts()

    @property
    def changed(self) -> int:
        """How many weights are not what they were."""
        return int((self.before != self.after).sum())

    @property
    def decision(self) -> str | None:
        """The answer for which more speaks than for any other; None on a tie, and where nothing fires."""
        first = decided(self.scores) if len(self.outputs) else None
        return None if first is None else self.answers[first]


def decided(scores: NDArray) -> int | None:
    """Return which of some scores is above all others; None on a tie."""
    best = np.flatnonzero(scores == np.max(scores))
    return int(best[0]) if len(best) == 1 else None


def show(parameters: Parameters, stimulus: Stimulus, seed: int = 0) -> SimulationTrace:
    """Show a picture to a network that has not learnt, with pair STDP at work.

    Parameters
    ----------
    parameters
        All constants.
    stimulus
        The picture.
    seed
        Of the first weights, and of Poisson spikes.

    Raises
    ------
    DataError
        For constants that cannot be, with the field and what is allowed.
    """
    steps, random = parameters.steps, np.random.default_rng(seed)
    names = stimulus.outputs
    as_published = parameters.times_rheobase is not None
    if as_published:
        names = published.OUTPUTS
        features = published.features(_at_face_size(stimulus.picture)[None])[0]
        spikes = Raster.of([], [], steps, len(features))
    else:
        spikes = _spikes(parameters, stimulus.strengths, steps, seed)
    parameters.stdp.check()
    finite("highest_weight", parameters.highest_weight)
    low = max(0.0, parameters.w_min)
    weights = low + (parameters.highest_weight - low) * random.random((spikes.neurons, len(names)))
    network = _network(weights, parameters, None if parameters.l1_sum == 0 else L1(parameters.l1_sum, _L1_EVERY_MS))
    drive_mv = np.zeros(len(names))
    if as_published:
        # It is normalised once; doing so again would only add rounding to what never changes.
        network = _network(network.weights, parameters, None)
        finite("times_rheobase", parameters.times_rheobase)
        with np.errstate(all="ignore"):
            drive_mv = published.drive_mv(features, network.weights, parameters.neuron, parameters.times_rheobase)
    kind = "brightness" if as_published else stimulus.kind
    return record(network, spikes, names, kind, drive_mv=drive_mv, learn=True)


def record(
    network: Network,
    spikes: Raster,
    names: Sequence[str],
    kind: str,
    *,
    drive_mv: NDArray | float = 0.0,
    learn: bool = False,
) -> SimulationTrace:
    """Run a copy of a network from rest, and keep all that happens; the network itself stays as it is.

    Parameters
    ----------
    network
        Any.
    spikes
        Of its inputs.
    names
        Of its outputs, which are the answers too.
    kind
        See `SimulationTrace`.
    drive_mv
        A constant drive.
    learn
        Whether its weights may change.

    Raises
    ------
    DataError
        Where potentials leave the range of numbers.
    """
    network = copy.deepcopy(network)
    network.rest()
    begin, before = network.step, network.weights.copy()
    state = Recorder(("potentials_mv", "thresholds_mv"), max_samples=_SAMPLES)
    weights = Recorder(
        ("weights",), every_steps=max(1, spikes.steps // _WEIGHT_SAMPLES), max_samples=2 * _WEIGHT_SAMPLES
    )

    def sample(seen: Network) -> None:
        state.record(seen)
        if learn and (seen.step - begin) % weights.every_steps == 0:
            weights.record(seen)

    with np.errstate(all="ignore"):
        outputs = network.run(spikes, current_mv=drive_mv, learn=learn, callback=sample)
    if not (np.isfinite(state["potentials_mv"]).all() and np.isfinite(network.weights).all()):
        raise DataError("Potentials or weights grew beyond all numbers.", "Use smaller potentials, gains or changes.")
    return SimulationTrace(
        inputs=spikes,
        outputs=outputs,
        names=tuple(names),
        dt_ms=network.dt_ms,
        time_ms=(state.step - begin) * network.dt_ms,
        potentials_mv=state["potentials_mv"],
        thresholds_mv=state["thresholds_mv"],
        reset_mv=network.neuron.v_r_mv,
        before=before,
        after=network.weights,
        kind=kind,
        weights_ms=(weights.step - begin) * network.dt_ms,
        weights=weights["weights"].reshape(-1, *before.shape),
        drive_mv=np.broadcast_to(np.asarray(drive_mv, np.float64), len(names)),
        inhibits=network.inhibition_mv != 0,
        scores=outputs.counts().astype(np.float64),
        answers=tuple(names),
    )


@dataclass(frozen=True)
class FiringRates:
    """How fast a neuron fires under constant drives, three times over.

    Attributes
    ----------
    drive_mv
        (drives,) R I.
    simulated_hz
        (drives,) from the intervals between simulated spikes; NaN where there were fewer than two in the time.
    steps_hz
        (drives,) in closed form for whole steps, 0 where it never fires.
    closed_hz
        (drives,) in closed form for continuous time.
    """

    drive_mv: NDArray[np.float64]
    simulated_hz: NDArray[np.float64]
    steps_hz: NDArray[np.float64]
    closed_hz: NDArray[np.float64]


def firing_rates(neuron: Neuron, dt_ms: float) -> FiringRates:
    """Simulate a neuron under drives of 0 to three times the weakest that makes it fire, beside its closed forms.

    Parameters
    ----------
    neuron
        Without adaptation.
    dt_ms
        Length of a step.

    Raises
    ------
    DataError
        For constants that cannot be.
    """
    neuron.check(dt_ms)
    # A neuron that fires without any drive is shown over a span of its own.
    span = neuron.v_th_mv - neuron.e_l_mv
    drive = np.linspace(0, 3 * span if span > 0 else 50, _CURVE_DRIVES)
    steps = int(min(_CURVE_STEPS, max(1, round(_CURVE_MS / dt_ms))))
    network = Network(np.zeros((1, len(drive))), neuron, dt_ms=dt_ms)
    spikes = network.run(Raster.of([], [], steps, 1), current_mv=drive)
    simulated = np.full(len(drive), np.nan)
    for at in range(len(drive)):
        step = spikes.step[spikes.neuron == at]
        if len(step) > 1:
            simulated[at] = 1000 * (len(step) - 1) / ((step[-1] - step[0]) * dt_ms)
        elif neuron.interval_steps(drive[at], dt_ms) is None:
            simulated[at] = 0
    intervals = [neuron.interval_steps(each, dt_ms) for each in drive]
    return FiringRates(
        drive,
        simulated,
        np.array([0.0 if each is None else 1000 / (each * dt_ms) for each in intervals]),
        np.array([neuron.rate_hz(each) for each in drive]),
    )


def _network(weights: NDArray, parameters: Parameters, l1: L1 | None) -> Network:
    return Network(
        weights,
        parameters.neuron,
        dt_ms=parameters.dt_ms,
        gain_mv=parameters.gain_mv,
        inhibition_mv=parameters.inhibition_mv,
        winner_take_all=parameters.winner_take_all,
        stdp=parameters.stdp,
        l1=l1,
    )


def _spikes(parameters: Parameters, strengths: NDArray, steps: int, seed: int) -> Raster:
    rates_hz = rates(strengths, parameters.highest_hz)
    if parameters.timing == POISSON:
        return poisson(rates_hz, steps, parameters.dt_ms, seed=seed)
    return regular(rates_hz, steps, parameters.dt_ms)


def _at_face_size(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    size = CROP_SIZE, CROP_SIZE
    return picture if picture.shape == size else cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST)
