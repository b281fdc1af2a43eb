"""Figures in words: the same rows on the page, in the report, in a file and on the command line."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from engine.words import in_percent

HEADLINES = {
    "accuracy": "Accuracy",
    "balanced_accuracy": "Balanced accuracy, mean recall, UAR",
    "macro_precision": "Precision, mean",
    "macro_f1": "F1, mean, UF1",
}
"""What sums an evaluation up, each with an interval. UAR and UF1 are the mean recall and the mean F1 of the pooled
confusion matrix, so one row stands for all their names."""

POOLED = (
    "Means are over the expressions that occur, each counting alike. UF1 and UAR are the mean F1 and the mean recall "
    "of the pooled confusion matrix: of a cross-validation all folds are counted together first."
)

CHECKS = {
    "ece": ("Expected calibration error, 15 bins", "calibration", "ece"),
    "accuracy_at_80": ("Accuracy at 80 % coverage", "selective", "accuracy_at_80"),
    "aurc": ("Area under risk and coverage", "selective", "aurc"),
}
"""What a probability is worth: name, and where the figure stands."""


def versions(figures: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the figures by the pictures that they are of: all, and those without a copy in another split."""
    found = {"all pictures": figures}
    if figures.get("leak_free"):
        found["without copies of training pictures"] = figures["leak_free"]
    return found


def headline_rows(figures: Mapping[str, Any]) -> list[tuple[str, float, tuple[float, float] | None]]:
    """Return name, value and 95 % interval of the figures that sum an evaluation up; older ones have fewer."""
    rows = [
        (name, figures[key], tuple(figures[f"{key}_interval"])) for key, name in HEADLINES.items() if key in figures
    ]
    return rows + [
        (name, figures[group][key], None)
        for name, group, key in CHECKS.values()
        if figures.get(group, {}).get(key) is not None
    ]


def percent_with_interval(value: float, ends: tuple[float, float] | None) -> str:
    """Return a share of 0..1 and its interval in percent: ``"73.1 % (71.6 to 74.5)"``."""
    said = in_percent(value)
    return said if ends is None else f"{said} ({100 * ends[0]:.1f} to {100 * ends[1]:.1f})"


def points_with_interval(difference: float, ends: tuple[float, float], unit: str = " points") -> str:
    """Return a difference of shares of 0..1 and its interval in points: ``"+2.3 points (-0.8 to +5.6)"``."""
    return f"{100 * difference:+.1f}{unit} ({100 * ends[0]:+.1f} to {100 * ends[1]:+.1f})"


def score_with_interval(value: float, ends: tuple[float, float]) -> str:
    """Return a score of 0..1 and its interval: ``"0.751 (0.684 to 0.818)"``."""
    return f"{value:.3f} ({ends[0]:.3f} to {ends[1]:.3f})"


def differences_in_words(found: Mapping[str, Any]) -> str:
    """Return what `engine.evaluation.subject_figures.difference` found: ``"UF1 +2.3 points (-0.8 to +5.6), ..."``."""
    names = {"uf1": "UF1", "uar": "UAR", "accuracy": "accuracy"}
    return ", ".join(
        f"{names[score]} {points_with_interval(found[score]['value'], found[score]['interval'])}"
        for score in names
        if score in found
    )


def mean_over_seeds(shares: Mapping[str, Sequence[float]]) -> dict[str, dict[str, Any]]:
    """Return ``mean``, ``standard_deviation`` (of the population) and ``each`` of what each way reached by seed."""
    return {
        name: {"mean": statistics.fmean(each), "standard_deviation": statistics.pstdev(each), "each": list(each)}
        for name, each in shares.items()
    }


def seeds_in_words(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what `mean_over_seeds` found, shares of 0..1, a line a way."""
    return "\n".join(
        f"{name:<26}{row['mean']:.1%} ± {row['standard_deviation']:.1%}  "
        f"({', '.join(f'{value:.1%}' for value in row['each'])})"
        for name, row in found.items()
    )
