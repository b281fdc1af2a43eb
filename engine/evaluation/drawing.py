"""The charts of one evaluation."""

from collections.abc import Iterator, Mapping
from typing import Any

import plotly.graph_objects as go

from engine.charts.bars import SCORE_NAMES, class_bars
from engine.charts.confusion import confusion_heatmap
from engine.charts.curves import (
    learning_curves,
    precision_recall_curves,
    reliability_diagram,
    risk_coverage_curve,
    roc_curves,
)
from engine.evaluation.evaluated import Evaluated


def charts(evaluated: Evaluated) -> Iterator[go.Figure]:
    """Draw every chart that an evaluation has the figures for."""
    figures = evaluated.figures
    yield confusion_heatmap(figures["confusion"], figures["labels"])
    for score in SCORE_NAMES:
        yield class_bars(figures["per_class"], score)
    if curves := figures.get("curves"):
        yield roc_curves(curves["roc"])
        yield precision_recall_curves(curves["precision_recall"])
        yield reliability_of(figures)
        yield risk_coverage_of(figures)
    history = evaluated.card.get("training", {}).get("history", {})
    if history.get("val_accuracy") and history.get("accuracy"):
        yield learning_curves(history["accuracy"], history["val_accuracy"])


def reliability_of(figures: Mapping[str, Any]) -> go.Figure:
    """Draw the reliability diagram of an evaluation."""
    errors = figures["calibration"]
    return reliability_diagram(
        figures["curves"]["reliability"], {"before": errors["ece_before"], "after": errors["ece_after"]}
    )


def risk_coverage_of(figures: Mapping[str, Any]) -> go.Figure:
    """Draw the risk-coverage curve of an evaluation, with its threshold where it has one."""
    chosen = figures["selective"]
    decided = (chosen["coverage"], chosen["accuracy_decided"])
    return risk_coverage_curve(figures["curves"]["risk_coverage"], None if None in decided else decided)
