"""Every constant of the network, to begin with from a preset."""

import dataclasses

import streamlit as st

from engine.spiking.picture_simulation import NEUROMER, POISSON, PUBLISHED, REGULAR, SimulationParameters, preset
from pages.views.common.text import small_print

_NEURON = {
    "tau_m_ms": ("Membrane time constant (ms)", "How fast a potential leaks back to rest."),
    "e_l_mv": ("Resting potential (mV)", "Where a potential stays that nothing drives."),
    "v_th_mv": ("Threshold (mV)", "An output fires where its potential is above this."),
    "v_r_mv": ("Reset potential (mV)", "Where an output's potential is put after it fired."),
    "t_ref_ms": ("Refractory time (ms)", "How long an output is held at its reset after it fired."),
    "dt_ms": ("Time step (ms)", "At most the refractory time, and a whole number of steps must fit into it."),
}
_DRIVE = {
    "picture_ms": ("Picture is shown for (ms)", "The simulated time."),
    "max_rate_hz": ("Highest input rate (Hz)", "Spikes a second of the input that speaks most strongly."),
    "times_rheobase": ("Drive, times the weakest that fires", "Of a picture of middle brightness."),
    "gain_mv": ("Gain (mV)", "What a spike adds to a potential per unit of weight."),
    "inhibition_mv": ("Inhibition (mV)", "By how much an output that fires lowers all others."),
}
_PLASTICITY = {
    "a_pre": ("a_pre", "Change of a weight whose output fires right after its input; in units of the weight."),
    "a_post": ("a_post", "Change of a weight whose output fires right before its input; below 0 it weakens."),
    "tau_pre_ms": ("tau_pre (ms)", "How long an input's spike is remembered."),
    "tau_post_ms": ("tau_post (ms)", "How long an output's spike is remembered."),
    "w_min": ("w_min", "Lowest weight that is allowed."),
    "w_max": ("w_max", "Highest weight that is allowed."),
    "max_initial_weight": ("First weights, up to", "They are drawn evenly from 0, or from w_min, to this."),
    "l1_sum": (
        "L1 sum",
        "What the weights of each output add up to, brought back after every 100 ms (published: once); 0: never.",
    ),
}
_CURRENT = (
    "The picture arrives as a constant current instead of spikes; half of the strongest output's is taken from the "
    "others', before any neuron fires."
)
_IN_MESSAGES = {"tau_m_ms": "tau_ms", "l1_sum": "sum"}
_GROUPS = {"Neurons": _NEURON, "From picture to potential": _DRIVE, "Plasticity (STDP)": _PLASTICITY}
_BY_SPIKES, _BY_CURRENT = ("max_rate_hz", "gain_mv"), ("times_rheobase",)


def choose_parameters(kind: str) -> tuple[str, SimulationParameters, int]:
    """Let the reader choose; return the preset's name, the constants, and the seed of the first weights.

    Nothing is refused here, so that the engine can say what is wrong with a number.
    """
    name = st.segmented_control(
        "Constants",
        [NEUROMER, PUBLISHED],
        default=NEUROMER,
        required=True,
        key="spikes preset",
        help="A preset to begin with; every constant can be changed below.",
    )
    usual = preset(name, kind)
    again = f"spikes again {name} {kind}"
    key = f"spikes {name} {kind} {st.session_state.get(again, 0)}"
    with st.expander("All constants", icon=":material/tune:"):
        if usual.times_rheobase is not None:
            small_print(_CURRENT)
        changed = _numbers(usual, key) | _kinds(usual, key)
        seed = int(st.number_input("Seed of the first weights", 0, 10_000, 0, key=f"{key} seed", width=240))
        if st.button("Back to the preset", icon=":material/undo:", key=f"{key} back"):
            st.session_state[again] = st.session_state.get(again, 0) + 1
            st.rerun()
    return name, dataclasses.replace(usual, **changed), seed


def _numbers(usual: SimulationParameters, key: str) -> dict[str, float]:
    without_effect = _BY_SPIKES if usual.times_rheobase is not None else _BY_CURRENT
    changed = {}
    for title, fields in _GROUPS.items():
        st.markdown(f"**{title}**")
        with st.container(horizontal=True):
            for field, (label, words) in fields.items():
                if field in without_effect:
                    continue
                value = float(getattr(usual, field))
                changed[field] = st.number_input(
                    label,
                    value=value,
                    step=_step(value),
                    format="%g",
                    key=f"{key} {field}",
                    help=f"{words} In messages: `{_IN_MESSAGES.get(field, field)}`.",
                    width=220,
                )
    return changed


def _kinds(usual: SimulationParameters, key: str) -> dict[str, object]:
    with st.container(horizontal=True, vertical_alignment="center"):
        changed: dict[str, object] = {
            "winner_take_all": st.toggle(
                "Winner takes all",
                usual.winner_take_all,
                key=f"{key} winner",
                help="In each step only the output that is furthest above its threshold fires.",
            )
        }
        if usual.times_rheobase is None:
            changed["timing"] = st.segmented_control(
                "Input spikes come",
                [REGULAR, POISSON],
                default=usual.timing,
                required=True,
                key=f"{key} timing",
                help="At even distances, or by chance as events of a Poisson process.",
            )
    return changed


def _step(value: float) -> float:
    """Return a step that is small beside a value: 1 for 20, 0.001 for 0.009."""
    size = abs(value)
    return 10.0 if size >= 100 else 1.0 if size >= 5 else 0.1 if size >= 0.5 else 0.01 if size >= 0.1 else 0.001
