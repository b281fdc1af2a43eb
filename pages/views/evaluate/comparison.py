"""Two evaluations on the same pictures, side by side."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from engine.evaluation.compare import compare
from engine.evaluation.evaluated import Evaluated
from engine.evaluation.words import points_with_interval
from engine.words import in_percent
from pages.views.common.page_state import page_state
from pages.views.common.text import escape_markdown, small_print
from pages.views.evaluate.choose import evaluated_run, finished_runs, is_run_of, run_name

_NAMES = {"accuracy": "accuracy", "balanced_accuracy": "mean recall", "macro_f1": "mean F1"}


def show_comparison(evaluated: Evaluated) -> None:
    """Compare the chosen evaluation with another one, picture by picture."""
    if evaluated.predictions is None:
        st.info(
            "A card keeps figures, not the answer to each picture. Choose “New evaluation” or “Finished run” above to "
            "compare picture by picture."
        )
        return
    others = _others(evaluated)
    if not others:
        st.info(
            "There is nothing to compare with yet: evaluate a second model on the same pictures, or finish a run on "
            "the same data set."
        )
        return
    name = st.selectbox("Compare with", list(others), key="evaluate other")
    other = others[name]()
    found = compare(evaluated.predictions, other.predictions)
    names = (f"A: {evaluated.title}", f"B: {other.title}")
    _differences(found, names)
    _table(found)
    small_print(_verdict(found))
    if found["only_first_has"] or found["only_second_has"]:
        st.warning(
            f"Only the {found['n']:,} pictures that both answered are compared; {found['only_first_has']:,} of A and "
            f"{found['only_second_has']:,} of B are left out."
        )


def _others(evaluated: Evaluated) -> dict[str, Callable[[], Evaluated]]:
    """Return what can be compared with: evaluations of this visit, and finished runs, which are read when chosen.

    Those known to be about another data set are left out.
    """
    data = evaluated.predictions.fingerprint
    fresh = [
        each
        for each in page_state("Evaluate", "fresh").values()
        if each is not evaluated and each.predictions.fingerprint == data
    ]
    kept = {f"{each.title}: {each.about}": lambda each=each: each for each in fresh}
    runs = [
        run
        for run in finished_runs()
        if not is_run_of(run, evaluated) and run.about.get("data_fingerprint", data) == data
    ]
    return kept | {run_name(run): partial(evaluated_run, run) for run in runs}


def _differences(found: Mapping[str, Any], names: tuple[str, str]) -> None:
    rows = []
    for key, name in _NAMES.items():
        each = found[key]
        rows.append(
            {
                "figure": name,
                escape_markdown(names[0]): in_percent(each["first"]),
                escape_markdown(names[1]): in_percent(each["second"]),
                "B less A, points": points_with_interval(each["difference"], each["interval"], unit=""),
            }
        )
    st.table(rows, hide_index=True, alt="Accuracy and mean F1 of both with their difference")


def _table(found: Mapping[str, Any]) -> None:
    st.table(
        [
            {"": "A right", "B right": f"{found['both_right']:,}", "B wrong": f"{found['only_first_right']:,}"},
            {"": "A wrong", "B right": f"{found['only_second_right']:,}", "B wrong": f"{found['both_wrong']:,}"},
        ],
        hide_index=True,
        alt="How many pictures both, one or none got right",
    )


def _verdict(found: Mapping[str, Any]) -> str:
    return (
        f"McNemar's test: were both equally good, so uneven a split of the "
        f"{found['only_first_right'] + found['only_second_right']:,} pictures that only one got right would come about "
        f"with a probability of {_p(found['mcnemar_exact'])} (exact) or {_p(found['mcnemar_mid'])} (mid-p). The test "
        "takes each picture for itself; the interval of the difference keeps persons and groups of copies together."
    )


def _p(value: float) -> str:
    return "less than 0.0001" if value < 1e-4 else f"{value:.4f}"
