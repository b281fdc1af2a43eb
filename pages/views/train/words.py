"""A training in words."""

import json
from contextlib import suppress
from typing import Any

from engine.charts.layout import percent
from engine.training.request import CROSS_VALIDATIONS
from engine.training.runs import Run
from engine.words import counted
from pages.views.common.text import duration, escape_markdown

_DAMAGED = (OSError, ValueError, KeyError, IndexError, TypeError)
_ICONS = {
    "finished": ":material/check_circle:",
    "cancelled": ":material/block:",
    "stopped": ":material/pause_circle:",
}


def state_in_words(run: Run) -> tuple[str, str]:
    """Return an icon and a sentence: where a run stands."""
    status, counted = run.status, epochs_done(run)
    after = f"after {counted}" if counted else f"before its first {_unit(run)} was done"
    sentences = {
        "starting": "It starts.",
        "waiting": "It waits for its turn: another training is at work.",
        "running": f"It works: {escape_markdown(status.words)}.",
        "finished": f"It has finished{f' after {counted}' if counted else ''}, {duration(status.worked)} in all.",
        "cancelled": f"It was cancelled {after}. It can be resumed.",
        "stopped": f"It stopped {after}: its process is gone. It can be resumed.",
    }
    return _ICONS.get(run.state, ""), sentences.get(run.state, run.state)


def epochs_done(run: Run) -> str:
    """Return how many epochs or folds are done; empty for none, and where a learner knows of neither."""
    counts = run.request.is_network or run.request.split in CROSS_VALIDATIONS
    return counted(run.done, _unit(run)) if counts and run.done else ""


def progress_in_words(run: Run) -> str:
    """Return the epoch and the times left in words, or what else is being done."""
    status = run.status
    if status.words != "training" or not run.request.is_network:
        return escape_markdown(status.sentence)
    epoch = min(int(status.done) + 1, int(status.total))
    within = status.done - epoch + 1
    said = f"epoch {epoch} of {status.total:.0f}, {within:.0%} of it"
    if status.seconds_left is not None:
        left = status.seconds_left * (1 - within) / (status.total - status.done)
        said += f", {duration(left)} left in it, at most {duration(status.seconds_left)} in total"
    return said


def held_out_accuracy(run: Run) -> str:
    """Return how often a run was right on the pictures held out, in percent; empty while nobody knows."""
    with suppress(*_DAMAGED):
        return f"{100 * _card(run)['evaluations'][0]['accuracy']:.1f} %"
    return ""


def outcome(run: Run) -> list[str]:
    """Return what a run reached on the pictures held out, in sentences of Markdown; none while nothing is known."""
    with suppress(*_DAMAGED):
        card = _card(run)
        figures = card["evaluations"][0]
        low, high = figures["accuracy_interval"]
        lines = [
            f"Right on **{100 * figures['accuracy']:.1f} %** of {figures['n']:,} pictures of "
            f"{escape_markdown(figures['data'])} (95 % interval {100 * low:.1f} to {100 * high:.1f} %), macro F1 "
            f"**{100 * figures['macro_f1']:.1f} %**."
        ]
        if (free := figures.get("leak_free")) and free["n"] < figures["n"]:
            lines.append(
                f"Without the {figures['n'] - free['n']:,} that have a copy among the training pictures: "
                f"**{100 * free['accuracy']:.1f} %**."
            )
        if calibration := card.get("calibration"):
            lines.append(
                f"Its certainty is off by {percent(calibration['ece_after'])} on average (before scaling "
                f"{percent(calibration['ece_before'])}), on validation pictures."
            )
        return lines
    return []


def _card(run: Run) -> dict[str, Any]:
    return json.loads((run.folder / "card.json").read_text(encoding="utf-8"))


def _unit(run: Run) -> str:
    return "fold" if run.request.split in CROSS_VALIDATIONS else "epoch"
