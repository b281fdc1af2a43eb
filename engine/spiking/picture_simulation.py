"""One picture shown to a few spiking neurons, with every constant open to change, and all that happens on record."""

from dataclasses import asdict, dataclass, fields, replace

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
from engine.spiking.simulation_trace import SimulationTrace, record_trace
from engine.spiking.stimuli import Stimulus

REGULAR, POISSON = "regular", "Poisson"
PUBLISHED, NEUROMER = "As published", "NeuroMER"
MOST_STEPS = 5_000
"""Steps that one picture may take, so that a slip of the pen does not fill the memory."""
_L1_EVERY_MS = 100.0


@dataclass(frozen=True)
class SimulationParameters:
    """All constants of such a run; potentials in mV, times in ms, rates in Hz.

    Attributes
    ----------
    tau_m_ms, e_l_mv, v_th_mv, v_r_mv, t_ref_ms
        Of the outputs: see `engine.spiking.neuron.Neuron`.
    dt_ms, gain_mv, inhibition_mv, winner_take_all
        See `engine.spiking.network.Network`.
    picture_ms
        How long the picture is shown.
    max_rate_hz
        Rate of the input that speaks most strongly; the others' are proportional to their strengths.
    timing
        `REGULAR` or `POISSON`: how an input's spikes are spread in time.
    a_pre, a_post, tau_pre_ms, tau_post_ms, w_min, w_max
        See `engine.spiking.plasticity.PairSTDP`.
    max_initial_weight
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
    max_rate_hz: float = 60.0
    timing: str = REGULAR
    a_pre: float = 0.03
    a_post: float = -0.009
    tau_pre_ms: float = 10.0
    tau_post_ms: float = 20.0
    w_min: float = 0.0
    w_max: float = 1.0
    max_initial_weight: float = 0.3
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


def preset(name: str, kind: str) -> SimulationParameters:
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
        return SimulationParameters() if kind == "face" else replace(SimulationParameters(), gain_mv=5.0, l1_sum=10.0)
    constants = asdict(published.NEURON) | asdict(PairSTDP())
    shared = constants.keys() & {field.name for field in fields(SimulationParameters)}
    return SimulationParameters(
        **{name: constants[name] for name in shared},
        gain_mv=1.0,
        # Its inhibition is taken from the currents, before any neuron fires.
        inhibition_mv=0.0,
        winner_take_all=False,
        picture_ms=float(published.WINDOW_MS),
        max_initial_weight=0.2,
        l1_sum=L1().sum,
        times_rheobase=published.TIMES_RHEOBASE,
    )


def simulate_picture(parameters: SimulationParameters, stimulus: Stimulus, seed: int = 0) -> SimulationTrace:
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
    steps, times = parameters.steps, parameters.times_rheobase
    if times is None:
        spikes = _spikes(parameters, stimulus.strengths, steps, seed)
        network = _untrained(parameters, spikes.neurons, len(stimulus.outputs), seed)
        return record_trace(network, spikes, stimulus.outputs, stimulus.kind, learn=True)
    features = published.features(_at_face_size(stimulus.picture)[None])[0]
    # It is normalised once; doing so again would only add rounding to what never changes.
    normalised = _untrained(parameters, len(features), len(published.OUTPUTS), seed).weights
    network = _network(normalised, parameters, None)
    finite("times_rheobase", times)
    with np.errstate(all="ignore"):
        drive_mv = published.drive_mv(features, network.weights, parameters.neuron, times)
    none = Raster.of([], [], steps, len(features))
    return record_trace(network, none, published.OUTPUTS, "brightness", drive_mv=drive_mv, learn=True)


def _untrained(parameters: SimulationParameters, inputs: int, outputs: int, seed: int) -> Network:
    parameters.stdp.check()
    finite("max_initial_weight", parameters.max_initial_weight)
    low = max(0.0, parameters.w_min)
    random = np.random.default_rng(seed).random((inputs, outputs))
    l1 = None if parameters.l1_sum == 0 else L1(parameters.l1_sum, _L1_EVERY_MS)
    return _network(low + (parameters.max_initial_weight - low) * random, parameters, l1)


def _network(weights: NDArray, parameters: SimulationParameters, l1: L1 | None) -> Network:
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


def _spikes(parameters: SimulationParameters, strengths: NDArray, steps: int, seed: int) -> Raster:
    rates_hz = rates(strengths, parameters.max_rate_hz)
    if parameters.timing == POISSON:
        return poisson(rates_hz, steps, parameters.dt_ms, seed=seed)
    return regular(rates_hz, steps, parameters.dt_ms)


def _at_face_size(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(picture, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_NEAREST), np.uint8)
