"""A network and its input in one JSON object, and what became of them in another.

::

    {"dt_ms": 1.0, "duration_ms": 200.0,
     "neuron": {"tau_ms": 20.0, "e_l_mv": -70.0, "v_th_mv": -50.0, "v_r_mv": -75.0, "t_ref_ms": 2.0},
     "gain_mv": 5.0, "inhibition_mv": 0.5,
     "input_spikes": [[step, neuron], ...],
     "weights": [[one an output, ...], one row an input, ...],
     "stdp": {"a_pre": 0.005, "a_post": -0.002, "tau_pre_ms": 20.0, "tau_post_ms": 20.0, "w_min": 0.0, "w_max": 1.0}
             or null,
     "l1": {"sum": 10.0, "every_ms": 100.0} or null}

gives ``{"spikes": [[step, neuron], ...], "weights": [[...], ...], "potentials_mv": [...]}``: the outputs' spikes, and
weights and potentials after the last step, in the order and with the rules that `engine.spiking.network` documents.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron, positive, whole_steps
from engine.spiking.plasticity import L1, PairSTDP
from engine.spiking.raster import Raster

FIELDS = ("dt_ms", "duration_ms", "neuron", "gain_mv", "inhibition_mv", "input_spikes", "weights", "stdp", "l1")
_NEURON = ("tau_ms", "e_l_mv", "v_th_mv", "v_r_mv", "t_ref_ms")
_STDP = ("a_pre", "a_post", "tau_pre_ms", "tau_post_ms", "w_min", "w_max")
_L1 = ("sum", "every_ms")
LARGEST_STEPS, LARGEST_WEIGHTS, LARGEST_NUMBER = 100_000_000, 10_000_000, 1e30
LARGEST_SPIKES = 100_000_000  # if every output fired in every step
"""What a case may ask for, so that a slip of the pen does not fill the memory."""


def run_text(text: str) -> dict[str, Any]:
    """Return what becomes of a case, ready for JSON.

    Parameters
    ----------
    text
        The case, as in the module's description.

    Raises
    ------
    DataError
        For a case that does not fit the form, with the field and the reason.
    """
    try:
        case = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"The case is no JSON that can be read ({error}).", "Mend it there.") from error
    return run(case)


def run(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return what becomes of a case that has been read; see `run_text`."""
    _exactly("the case", case, FIELDS)
    dt_ms = _number(case, "dt_ms")
    positive("dt_ms", dt_ms)
    duration_ms = _number(case, "duration_ms")
    positive("duration_ms", duration_ms)
    steps = whole_steps("duration_ms", duration_ms, dt_ms)
    if steps > LARGEST_STEPS:
        raise DataError(f"duration_ms asks for {steps:,} steps.", f"At most {LARGEST_STEPS:,} are allowed.")
    weights = _weights(case["weights"])
    if steps * weights.shape[1] > LARGEST_SPIKES:
        raise DataError(
            f"{steps:,} steps of {weights.shape[1]:,} outputs could be {steps * weights.shape[1]:,} spikes.",
            f"At most {LARGEST_SPIKES:,} are allowed: take fewer outputs or steps.",
        )
    neuron = _numbers(case, "neuron", _NEURON)
    stdp = None if case["stdp"] is None else PairSTDP(**_numbers(case, "stdp", _STDP))
    l1 = None if case["l1"] is None else L1(**_numbers(case, "l1", _L1))
    network = Network(
        weights,
        Neuron(tau_m_ms=neuron.pop("tau_ms"), **neuron),
        dt_ms=dt_ms,
        gain_mv=_number(case, "gain_mv"),
        inhibition_mv=_number(case, "inhibition_mv"),
        stdp=stdp,
        l1=l1,
    )
    spikes = network.run(_raster(case["input_spikes"], steps, network.weights.shape[0]))
    return {
        "spikes": np.column_stack([spikes.step, spikes.neuron]).tolist(),
        "weights": network.weights.tolist(),
        "potentials_mv": network.potentials_mv.tolist(),
    }


def _exactly(where: str, values: Any, names: tuple[str, ...]) -> None:
    if not isinstance(values, dict):
        raise DataError(f"{where} is {_said(values)}.", f"Give an object with {', '.join(names)}.")
    if missing := [name for name in names if name not in values]:
        raise DataError(f"{where} lacks {', '.join(missing)}.", f"Its fields are {', '.join(names)}.")
    if unknown := [str(name) for name in values if name not in names]:
        raise DataError(f"{where} has the unknown field {', '.join(unknown)}.", f"Its fields are {', '.join(names)}.")


def _number(values: Mapping[str, Any], name: str, within: str = "") -> float:
    value = values[name]
    if not _is_number(value):
        raise DataError(f"{within}{name} is {_said(value)}.", "Give a finite number.")
    return float(value)


def _is_number(value: Any) -> bool:
    # The bound keeps whole numbers out that are too long for a float.
    return type(value) in (int, float) and abs(value) <= LARGEST_NUMBER


def _numbers(case: Mapping[str, Any], field: str, names: tuple[str, ...]) -> dict[str, Any]:
    _exactly(field, case[field], names)
    return {name: _number(case[field], name, f"{field}.") for name in names}


def _weights(rows: Any) -> np.ndarray:
    remedy = "Give a list of rows, one an input, all as long as there are outputs."
    if not isinstance(rows, list) or not rows:
        raise DataError(f"weights is {_said(rows)}.", remedy)
    for at, row in enumerate(rows):
        if not isinstance(row, list) or not row or len(row) != len(rows[0]):
            said = f"has {len(row)} numbers, row 0 {len(rows[0])}" if isinstance(row, list) else f"is {_said(row)}"
            raise DataError(f"Row {at} of weights {said}.", remedy)
    if len(rows) * len(rows[0]) > LARGEST_WEIGHTS:
        raise DataError(
            f"weights holds {len(rows) * len(rows[0]):,} numbers.", f"At most {LARGEST_WEIGHTS:,} are allowed."
        )
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if not _is_number(value):
                raise DataError(f"weights[{at}][{column}] is {_said(value)}.", "Give a finite number.")
    return np.array(rows, np.float64)


def _raster(spikes: Any, steps: int, inputs: int) -> Raster:
    if not isinstance(spikes, list):
        raise DataError(f"input_spikes is {_said(spikes)}.", "Give a list of [step, neuron].")
    for at, spike in enumerate(spikes):
        whole = isinstance(spike, list) and len(spike) == 2 and all(type(value) is int for value in spike)
        if not whole:
            raise DataError(f"input_spikes[{at}] is {_said(spike)}.", "Give [step, neuron], two whole numbers.")
        for name, value, end in (("step", spike[0], steps), ("neuron", spike[1], inputs)):
            if not 0 <= value < end:
                raise DataError(
                    f"input_spikes[{at}] has the {name} {value}.", f"There are 0 to {end - 1}, both included."
                )
    table = np.array(spikes, np.int64).reshape(-1, 2)
    return Raster.of(table[:, 0], table[:, 1], steps, inputs)


def _said(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
