import copy
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import simulate

from engine.__main__ import main
from engine.errors import DataError
from engine.spiking.case import run, run_text

CASE = {
    "dt_ms": 1.0,
    "duration_ms": 20.0,
    "neuron": {"tau_ms": 20.0, "e_l_mv": -70.0, "v_th_mv": -50.0, "v_r_mv": -75.0, "t_ref_ms": 2.0},
    "gain_mv": 30.0,
    "inhibition_mv": 0.5,
    "input_spikes": [[0, 0], [1, 1], [1, 0], [7, 1]],
    "weights": [[0.5, 0.2, 0.9], [0.4, 0.8, 0.1]],
    "stdp": {"a_pre": 0.01, "a_post": -0.012, "tau_pre_ms": 20.0, "tau_post_ms": 20.0, "w_min": 0.0, "w_max": 1.0},
    "l1": {"sum": 1.2, "every_ms": 5.0},
}


def drawn(seed, **changes):
    random = np.random.default_rng(seed)
    inputs, outputs, steps = random.integers(1, 12), random.integers(1, 7), int(random.integers(5, 300))
    arrives = np.argwhere(random.random((steps, inputs)) < random.choice([0.02, 0.1, 0.4]))
    dt = float(random.choice([0.1, 0.5, 1.0]))
    case = {
        "dt_ms": dt,
        "duration_ms": steps * dt,
        "neuron": {
            "tau_ms": float(random.uniform(2, 40)),
            "e_l_mv": -70.0,
            "v_th_mv": float(random.uniform(-68, -55)),
            "v_r_mv": float(random.uniform(-80, -70)),
            "t_ref_ms": float(random.integers(0, 6)) * dt,
        },
        "gain_mv": float(random.uniform(1, 30)),
        "inhibition_mv": float(random.choice([0.0, 0.5, 4.0])),
        "input_spikes": arrives.tolist(),
        "weights": random.uniform(0.1, 0.9, (inputs, outputs)).tolist(),
        "stdp": None,
        "l1": None,
    }
    if random.random() < 0.8:
        # Changes so large that the bounds are met often.
        case["stdp"] = {
            "a_pre": float(random.uniform(-0.1, 0.3)),
            "a_post": float(random.uniform(-0.3, 0.1)),
            "tau_pre_ms": float(random.uniform(5, 40)),
            "tau_post_ms": float(random.uniform(5, 40)),
            "w_min": 0.05,
            "w_max": 1.0,
        }
    if random.random() < 0.6:
        case["l1"] = {"sum": float(random.uniform(0.5, 4)), "every_ms": float(random.integers(1, 60)) * dt}
    return case | changes


def same(found, expected):
    assert found["spikes"] == expected["spikes"]
    np.testing.assert_allclose(found["weights"], expected["weights"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found["potentials_mv"], expected["potentials_mv"], rtol=0, atol=1e-9)


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_network_does_what_the_plain_loops_do(seed):
    case = drawn(seed)
    same(run(case), simulate(case))


@pytest.mark.parametrize("outputs", [37, 130])
def test_as_many_outputs_as_fill_vectors_and_some_more_do_so_too(outputs):
    case = drawn(197)
    assert case["stdp"] and case["l1"] and len(case["weights"]) > 8
    case["weights"] = np.random.default_rng(outputs).uniform(0.1, 0.9, (len(case["weights"]), outputs)).tolist()
    expected = simulate(case)
    assert len(expected["spikes"]) > 100
    same(run(case), expected)


def test_the_drawn_networks_are_worth_comparing():
    cases = [drawn(seed) for seed in range(40)]
    fired = [len(simulate(case)["spikes"]) for case in cases]
    assert np.mean(np.array(fired) > 5) > 0.5
    assert sum(case["stdp"] is not None and case["l1"] is not None for case in cases) > 10


def test_changes_of_one_step_meet_the_bounds_once():
    # The output fires while its input arrives again: depression would go below the lower bound before potentiation.
    case = copy.deepcopy(CASE) | {
        "duration_ms": 6.0,
        "weights": [[0.1]],
        "l1": None,
        "gain_mv": 400.0,
        "neuron": CASE["neuron"] | {"t_ref_ms": 0.0},
        "input_spikes": [[0, 0], [1, 0], [2, 0], [3, 0]],
        "stdp": CASE["stdp"] | {"a_pre": 0.3, "a_post": -0.35},
    }
    same(run(case), simulate(case))
    assert len(run(case)["spikes"]) >= 2


def test_the_command_reads_a_file_and_standard_input(tmp_path, capsys, monkeypatch):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE))
    assert main(["spikes", "run", str(path)]) == 0
    found = json.loads(capsys.readouterr().out)
    same(found, simulate(CASE))
    assert set(found) == {"spikes", "weights", "potentials_mv"} and found["spikes"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(CASE).encode())))
    assert main(["spikes", "run", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == found
    assert main(["spikes", "run", str(tmp_path / "missing.json")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_without_inputs_nothing_happens():
    found = run(CASE | {"input_spikes": [], "l1": None})
    assert found["spikes"] == [] and found["potentials_mv"] == [-70.0] * 3 and found["weights"] == CASE["weights"]


BAD = [
    ("", "is no JSON"),
    ("[" * 100_000, "is no JSON"),
    ("[]", "the case is \\[\\]"),
    ({"dt_ms": 0.0}, "dt_ms is 0"),
    ({"dt_ms": "1"}, 'dt_ms is "1"'),
    ({"dt_ms": True}, "dt_ms is true"),
    ({"dt_ms": 4.0}, "dt_ms is 4, longer than t_ref_ms"),
    ({"duration_ms": -1.0}, "duration_ms is -1"),
    ({"duration_ms": 20.5}, "duration_ms is 20.5 ms, which is no whole number of steps"),
    ({"duration_ms": 1e12}, "duration_ms asks for"),
    ({"duration_ms": float("nan")}, "duration_ms is NaN"),
    ({"duration_ms": 10**400}, "duration_ms is 1000"),
    ({"gain_mv": None}, "gain_mv is null"),
    ({"inhibition_mv": float("inf")}, "inhibition_mv is Infinity"),
    ({"neuron": {}}, "neuron lacks tau_ms"),
    ({"neuron": CASE["neuron"] | {"tau_ms": -20.0}}, "tau_ms is -20"),
    ({"neuron": CASE["neuron"] | {"tau_ms": float("nan")}}, "neuron.tau_ms is NaN"),
    ({"neuron": CASE["neuron"] | {"v_r_mv": -40.0}}, "v_r_mv is -40, above v_th_mv"),
    ({"neuron": CASE["neuron"] | {"t_ref_ms": -2.0}}, "t_ref_ms is -2"),
    ({"neuron": CASE["neuron"] | {"t_ref_ms": 1.5}}, "t_ref_ms is 1.5 ms, which is no whole number"),
    ({"neuron": CASE["neuron"] | {"colour": 1}}, "neuron has the unknown field colour"),
    ({"weights": []}, "weights is"),
    ({"weights": [[0.5], [0.5, 0.5]]}, "Row 1 of weights has 2 numbers"),
    ({"weights": [[0.5, None, 0.2], [0.5, 0.5, 0.5]]}, r"weights\[0\]\[1\] is null"),
    ({"weights": [[0.5, 0.5, 1.2], [0.5, 0.5, 0.5]]}, "weight of input 0 to output 2 is 1.2"),
    ({"weights": [[0.5, float("nan"), 0.2], [0.5, 0.5, 0.5]]}, r"weights\[0\]\[1\] is NaN"),
    ({"input_spikes": {}}, "input_spikes is {}"),
    ({"input_spikes": [[0, 0], [0]]}, r"input_spikes\[1\] is \[0\]"),
    ({"input_spikes": [[0, 0.5]]}, r"input_spikes\[0\] is \[0, 0.5\]"),
    ({"input_spikes": [[20, 0]]}, r"input_spikes\[0\] has the step 20"),
    ({"input_spikes": [[0, 2]]}, r"input_spikes\[0\] has the neuron 2"),
    ({"input_spikes": [[3, 1], [3, 1]]}, "Neuron 1 spikes twice in step 3"),
    ({"stdp": CASE["stdp"] | {"tau_pre_ms": 0.0}}, "tau_pre_ms is 0"),
    ({"stdp": CASE["stdp"] | {"w_min": 2.0}}, "w_min is 2, above w_max"),
    ({"stdp": 3}, "stdp is 3"),
    ({"l1": {"sum": 0.0, "every_ms": 5.0}}, "sum is 0"),
    ({"l1": {"sum": 1.0, "every_ms": 0.5}}, "every_ms is 0.5 ms, which is no whole number"),
    ({"more": 1}, "unknown field more"),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[said[:30] for _, said in BAD])
def test_what_does_not_fit_is_refused_with_field_and_reason(change, said):
    text = change if isinstance(change, str) else json.dumps(CASE | change)
    with pytest.raises(DataError, match=said):
        run_text(text)


@pytest.mark.parametrize("field", CASE)
def test_every_field_is_needed(field):
    with pytest.raises(DataError, match=f"lacks {field}"):
        run({name: value for name, value in CASE.items() if name != field})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dt_ms": 5e-324}, "too many steps"),
        ({"dt_ms": 1e-6, "duration_ms": 1000.0}, "steps"),
        ({"weights": [[0.5] * 1_000_000], "duration_ms": 200.0, "input_spikes": []}, "200,000,000 spikes"),
    ],
)
def test_a_case_that_would_fill_the_memory_is_refused_with_its_number(changes, said):
    with pytest.raises(DataError, match=said):
        run({**CASE, **changes})
