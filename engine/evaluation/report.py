"""One self-contained HTML file with everything about one evaluation; opens without a network and prints well."""

import platform
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from importlib.metadata import version
from typing import Any

from engine.charts.bars import SCORE_NAMES
from engine.charts.curves import robustness_curves
from engine.charts.html_document import html_document, html_figure, html_list, html_table
from engine.evaluation.drawing import charts
from engine.evaluation.evaluated import Evaluated
from engine.evaluation.words import POOLED, headline_rows, percent_with_interval, versions
from engine.models import card as cards

_LISTS = {
    "Limits": ("limits", cards.LIMITS),
    "Made for": ("intended_use", cards.INTENDED_USE),
    "Not to be used for": ("forbidden_use", cards.FORBIDDEN_USE),
}


def as_html(evaluated: Evaluated, robustness: Mapping[str, Any] | None = None) -> str:
    """Write a report.

    Parameters
    ----------
    evaluated
        What it is about. Nothing of the pictures goes into the report.
    robustness
        What `engine.evaluation.robustness.sweep` found, or None.

    Returns
    -------
    str
        A whole HTML document, plotly.js inside.
    """
    return html_document(f"{evaluated.title}: evaluation", _parts(evaluated, robustness))


def _parts(evaluated: Evaluated, robustness: Mapping[str, Any] | None) -> Iterator[str]:
    yield f"<h1>{escape(evaluated.title)}</h1>\n<p>Evaluated on {escape(evaluated.about)}.</p>"
    yield "<h2>Figures</h2>"
    for pictures, figures in versions(evaluated.figures).items():
        rows = [(name, percent_with_interval(value, ends)) for name, value, ends in headline_rows(figures)]
        yield html_table(f"{figures['n']:,} pictures: {pictures}", ("figure", "value (95 % interval)"), rows)
    yield f"<p>Intervals: bootstrap over {_units(evaluated.figures)}. {escape(POOLED)}</p>"
    yield "<h2>Each expression</h2>"
    yield html_table("", ("expression", *SCORE_NAMES.values(), "pictures"), list(_class_rows(evaluated.figures)))
    yield "<h2>Charts</h2>"
    yield from map(html_figure, charts(evaluated))
    if robustness is not None:
        yield f"<h2>Robustness</h2>\n<p>{robustness['n']:,} pictures, made worse with seed {robustness['seed']}.</p>"
        for each in robustness["sweeps"].values():
            yield html_figure(robustness_curves(each, robustness["models"]))
    for heading, (key, usual) in _LISTS.items():
        yield html_list(heading, evaluated.card.get(key, usual))
    yield "<h2>What it was made with</h2>"
    yield html_table("", ("what", "which"), list(_made_with(evaluated)), "long")


def _class_rows(figures: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for label, scores in figures["per_class"].items():
        shares = (percent_with_interval(scores[key], scores.get(f"{key}_interval")) for key in SCORE_NAMES)
        yield (label, *shares, f"{scores['support']:,}")


def _units(figures: Mapping[str, Any]) -> str:
    units = figures.get("units")
    if units is None or units == figures["n"]:
        return "pictures"
    return f"{units:,} units (persons, or groups of copies), drawn whole"


def _made_with(evaluated: Evaluated) -> Iterator[tuple[str, str]]:
    predictions, data = evaluated.predictions, evaluated.card.get("data", {})
    fingerprint = evaluated.figures.get("fingerprint") if predictions is None else predictions.fingerprint
    if fingerprint:
        yield "Fingerprint of the evaluated data", str(fingerprint)
    if data.get("fingerprint"):
        yield "Fingerprint of the training data", f"{data['fingerprint']} ({data.get('name', '')})"
    if digest := evaluated.card.get("files", {}).get("model.onnx"):
        yield "SHA-256 of model.onnx", str(digest)
    if trained := evaluated.card.get("training", {}).get("versions"):
        yield "Trained with", ", ".join(f"{name} {number}" for name, number in trained.items())
    names = ("numpy", "onnxruntime", "opencv-python-headless", "plotly")
    used = ", ".join(f"{name} {version(name)}" for name in names)
    yield "Evaluated with", f"Python {platform.python_version()}, {used}"
    yield "Report written", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
