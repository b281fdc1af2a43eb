"""Several trainings side by side: their curves in one chart, their best epochs and what was asked differently."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from engine.charts.curves import MEASURES, compared_curves
from engine.training.runs import Run
from engine.words import in_percent
from pages.views.common.figures import show_figure
from pages.views.common.text import escape_markdown, small_print
from pages.views.train.runs import run_label

_MOST = 8
_AT_FIRST = 3
_OF_ITSELF = {"title"}


def show_comparison(known: Sequence[Run]) -> None:
    """Let the reader lay the validation curves of several trainings over each other."""
    with_curves = {run.id: run for run in known if run.history().get("val_loss")}
    if len(with_curves) < 2:
        st.markdown("It takes two trainings with validation pictures.")
        return
    names = st.multiselect(
        "Trainings",
        list(with_curves),
        list(with_curves)[:_AT_FIRST],
        format_func=lambda name: run_label(with_curves[name]),
        max_selections=_MOST,
        key="train compared",
    )
    measure = st.segmented_control("Curve", MEASURES, default=MEASURES[0], required=True, key="train compared measure")
    if not names:
        return
    chosen = {str(number): with_curves[name] for number, name in enumerate(names, 1)}
    curves = {f"{number}: {run.title}": run.history()[f"val_{measure}"] for number, run in chosen.items()}
    show_figure(compared_curves(curves, measure), "train compared curves")
    st.table(_rows(chosen), hide_index=True, alt="Best epoch, accuracy and different settings of each training")
    small_print("On validation pictures. Trainings on other data or splits are judged on other pictures.")


def _rows(chosen: Mapping[str, Run]) -> list[dict[str, str]]:
    """Return a row a training: its best epoch, and the settings in which the trainings differ."""
    asked = {number: _settings(run) for number, run in chosen.items()}
    names = dict.fromkeys(name for settings in asked.values() for name in settings)
    differ = [name for name in names if len({repr(settings.get(name)) for settings in asked.values()}) > 1]
    rows = []
    for number, run in chosen.items():
        accuracy = run.history()["val_accuracy"]
        best = max(range(len(accuracy)), key=accuracy.__getitem__)
        row = {
            "": number,
            "training": escape_markdown(run_label(run)),
            "best epoch": f"{best + 1} of {len(accuracy)}",
            "accuracy there": in_percent(accuracy[best]),
        }
        rows.append(
            row | {name.replace("_", " "): escape_markdown(str(asked[number].get(name, ""))) for name in differ}
        )
    return rows


def _settings(run: Run) -> dict[str, Any]:
    asked = asdict(run.request.configuration)
    return {"model": run.request.model, "data": run.request.data, "split": run.request.split} | {
        name: value for name, value in asked.items() if name not in _OF_ITSELF
    }
