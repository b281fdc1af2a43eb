"""Figures as files for other programs: CSV and JSON."""

import json
from collections.abc import Mapping
from typing import Any

from engine.evaluation.evaluated import Evaluated
from engine.evaluation.words import CHECKS, HEADLINES, versions
from engine.sheets import csv_file

COLUMNS = ("model", "about", "pictures", "expression", "figure", "value", "low", "high", "count")


def as_csv(evaluated: Evaluated) -> bytes:
    """Return a row a figure: model, pictures, expression (empty for all), figure, value, 95 % interval, count.

    UTF-8 with the mark that spreadsheets look for; text that they would take for a formula is made harmless.
    """
    rows: list[dict[str, Any]] = []
    for pictures, figures in versions(evaluated.figures).items():
        head = {"model": evaluated.title, "about": evaluated.about, "pictures": pictures}
        rows += [head | row for row in _rows(figures)]
    return csv_file(COLUMNS, rows)


def as_json(evaluated: Evaluated) -> str:
    """Return one object: ``model``, ``about``, ``fingerprint`` of the data where known, ``figures``."""
    predictions = evaluated.predictions
    fingerprint = evaluated.figures.get("fingerprint") if predictions is None else predictions.fingerprint
    found = {
        "model": evaluated.title,
        "about": evaluated.about,
        "fingerprint": fingerprint or None,
        "figures": evaluated.figures,
    }
    return json.dumps(found, ensure_ascii=False) + "\n"


def robustness_csv(robustness: Mapping[str, Any]) -> bytes:
    """Return a row a model and strength of `engine.evaluation.robustness.sweep`'s result."""
    rows = []
    for name, each in robustness["sweeps"].items():
        for model, series in each["models"].items():
            for strength, share, ends in zip(each["strengths"], series["accuracy"], series["interval"], strict=True):
                rows.append((name, each["unit"], strength, model, share, *ends, robustness["n"]))
    return csv_file(("sweep", "unit", "strength", "model", "accuracy", "low", "high", "count"), rows)


def _rows(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for key in HEADLINES:
        if key in figures:
            low, high = figures[f"{key}_interval"]
            rows.append({"figure": key, "value": figures[key], "low": low, "high": high, "count": figures["n"]})
    for key, (_, group, name) in CHECKS.items():
        if (value := figures.get(group, {}).get(name)) is not None:
            rows.append({"figure": key, "value": value, "count": figures["n"]})
    for label, scores in figures["per_class"].items():
        for key in ("precision", "recall", "f1"):
            low, high = scores.get(f"{key}_interval", ("", ""))
            found = {"figure": key, "value": scores[key], "low": low, "high": high, "count": scores["support"]}
            rows.append({"expression": label} | found)
    for label, counts in zip(figures["labels"], figures["confusion"], strict=True):
        for answered, count in zip(figures["labels"], counts, strict=True):
            rows.append({"expression": label, "figure": f"answered {answered}", "count": count})
    return rows
