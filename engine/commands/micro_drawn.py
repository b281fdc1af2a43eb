"""Compare networks on micro-expressions of drawn faces: the third part of the verb ``micro``."""

import argparse
import json
from pathlib import Path
from typing import Any

from engine.commands import kept_answers
from engine.commands.progress_line import ProgressLine
from engine.commands.score_words import points, with_interval
from engine.errors import DataError

_WIDTHS = (32, 24)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe its arguments."""
    parser.add_argument("--identities", type=int, default=24, metavar="N", help="drawn people (default: 24)")
    parser.add_argument("--first", type=int, metavar="SEED", help="of the first of them; held back from 10,000 on")
    parser.add_argument(
        "--learner", action="append", metavar="NAME", help="may be given several times; all unless named"
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="how long each learns; each its own number unless told")
    parser.add_argument("--seeds", type=int, default=1, help="how often, each time drawn anew (default: 1)")
    parser.add_argument(
        "--darker", type=float, metavar="TIMES", help="how many times less light there is in the dark (default: 20)"
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="work in N processes (default: 1)")
    parser.add_argument(
        "--output", type=Path, metavar="FILE.json", help="keep the answers; what stands there is not repeated"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Draw, learn, ask, and print the figures."""
    import numpy as np

    from engine.studies.synthetic_figures import Truth, figures
    from engine.training.face_learners import FACE_LEARNERS, face_learner

    if options.seeds < 1:
        raise DataError(f"{options.seeds} seeds are none.", "Ask for at least 1.")
    names = list(dict.fromkeys(options.learner or FACE_LEARNERS))
    for name in names:
        face_learner(name)
    kept = _kept(options)
    _learn(options, names, kept)
    clips = kept["clips"]
    truth = Truth(np.array(clips["y"]), tuple(clips["classes"]), np.array(clips["subject"]))
    seeds = slice(options.seeds)
    answered = {name: {light: runs[seeds] for light, runs in kept["answers"][name].items()} for name in names}
    found = figures(truth, answered)
    found = {"synthetic": True, **kept["drawn"], "clips": len(clips["y"]), "lost": clips["lost"]} | found
    print(json.dumps(found) if options.json else in_words(found))
    return 0


def in_words(found: dict[str, Any]) -> str:
    """Return the figures as a table."""
    from engine.studies.synthetic_micro_expressions import LIGHTS
    from engine.training.face_learners import FACE_LEARNERS

    lost = f"; in {found['lost']} more no face was found" if found["lost"] else ""
    lines = [
        f"Synthetic: {found['clips']} micro-expressions of {found['identities']} drawn people{lost}; "
        f"in the dark {found['darker']:g} times less light"
    ]
    head = "".join(f"{score:<{_WIDTHS[1]}}" for score in ("UF1", "UAR", "accuracy"))
    for light, words in LIGHTS.items():
        rows = {name: each[light] for name, each in found["learners"].items() if light in each}
        if rows:
            lines += ["", f"{words:<{_WIDTHS[0] + 8}}{head}(95 % over identities)".rstrip()]
        for name, row in rows.items():
            scores = "".join(f"{with_interval(row, score):<{_WIDTHS[1]}}" for score in ("uf1", "uar", "accuracy"))
            lines.append(f"{FACE_LEARNERS[name].title:<{_WIDTHS[0] + 8}}{scores}".rstrip())
    lines.append("")
    for each in found["differences"]:
        pair = " less ".join(FACE_LEARNERS[each[place]].title for place in ("first", "second"))
        scores = ", ".join(points(score, each[score]) for score in ("uf1", "uar", "accuracy"))
        lines.append(f"{pair}, {LIGHTS[each['light']]}: {scores}")
    return "\n".join(lines).rstrip()


def _kept(options: argparse.Namespace) -> dict[str, Any]:
    """Return the answers that there are, where they are of what is asked for now."""
    from engine.studies.synthetic_clips import HELD_BACK
    from engine.studies.synthetic_micro_expressions import DARKER

    asked = {
        "identities": options.identities,
        "first": HELD_BACK if options.first is None else options.first,
        "darker": DARKER if options.darker is None else options.darker,
        "epochs": options.epochs,
    }
    if asked["darker"] < 1:
        raise DataError(f"{asked['darker']:g} times less light is no less light.", "Ask for at least 1.")
    kept = kept_answers.read(options.output) or {"drawn": asked, "answers": {}}
    if kept.get("drawn") != asked:
        raise DataError(
            f"{options.output} holds answers for {kept.get('drawn')}, not for {asked}.",
            "Ask for the same, or name another file.",
        )
    return kept


def _learn(options: argparse.Namespace, names: list[str], kept: dict[str, Any]) -> None:
    """Work out the answers that are missing, and keep each as soon as it is there."""
    from engine.training.face_learners import FACE_LEARNERS

    answered = kept["answers"]
    missing = [
        (seed, dark, name)
        for seed in range(options.seeds)
        for dark in (False, True)
        for name in names
        if FACE_LEARNERS[name].for_dark or not dark
        if seed >= len(answered.get(name, {}).get("dark" if dark else "light", []))
    ]
    if not missing:
        return
    from engine.studies.synthetic_clips import draw
    from engine.studies.synthetic_micro_expressions import Inputs, answers

    line = ProgressLine()
    clips = draw(options.identities, kept["drawn"]["first"], jobs=options.jobs, watch=line)
    kept["clips"] = {
        "y": clips.y.tolist(),
        "subject": clips.subject.tolist(),
        "classes": list(clips.classes),
        "lost": clips.lost,
    }
    inputs = Inputs(clips, kept["drawn"]["darker"])
    for seed, dark, name in missing:
        found = answers(inputs, name, seed, dark, options.epochs, options.jobs, line)
        for light, probabilities in found.items():
            answered.setdefault(name, {}).setdefault(light, []).append(probabilities)
        kept_answers.write(options.output, kept)
    line.clear()
