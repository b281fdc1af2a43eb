"""Scores with their intervals, as the command line says them."""

from typing import Any


def with_interval(row: dict[str, Any], score: str) -> str:
    """Return a score as in ``0.751 (0.684-0.818)``, from ``row[score]`` and ``row[f"{score}_interval"]``, 0..1."""
    low, high = row[f"{score}_interval"]
    return f"{row[score]:.3f} ({low:.3f}-{high:.3f})"


def points(score: str, found: dict[str, Any]) -> str:
    """Return a difference as in ``UF1 +2.3 points (-0.8 to +5.6)``, from its ``value`` and ``interval``, 0..1."""
    low, high = found["interval"]
    name = score if score == "accuracy" else score.upper()
    return f"{name} {100 * found['value']:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"
