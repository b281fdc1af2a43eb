"""All answers of the page Photo in one table, and as files."""

import json
import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.models.shipped import ShippedModel
from engine.sheets import csv_file, inert
from engine.words import counted
from pages.views.common.downloads import download_button
from pages.views.photo.answers import Answer

_ROW, _ROWS = 35, 8
"""Height of a row in pixels, and how many are seen at once."""


def show_summary(names: Sequence[str], answers: Sequence[Answer]) -> None:
    """Count, and show a row a face; a picture without faces or with an error has one row too.

    A single row would only repeat what stands below it, and is not shown.
    """
    if sum(max(1, len(answer.faces)) for answer in answers) < 2:
        return
    unread = sum(answer.error is not None for answer in answers)
    empty = sum(answer.error is None and not answer.faces for answer in answers)
    st.markdown(
        f"**{counted(len(answers), 'picture')}, {counted(sum(len(answer.faces) for answer in answers), 'face')}**"
        + (f", {empty} without a face" if empty else "")
        + (f", {unread} not read" if unread else "")
    )
    rows = []
    for name, answer in zip(names, answers, strict=True):
        if answer.error is not None:
            rows.append({"picture": name, "answer": answer.error.what})
        elif not answer.faces:
            rows.append({"picture": name, "answer": "no face found"})
        for number, face in enumerate(answer.faces, 1):
            rows.append(
                {
                    "picture": name,
                    "face": number,
                    "answer": face.answer,
                    "most probable": face.expression,
                    # Cut off, not rounded: 99.98 % is no certainty.
                    "probability": math.floor(1000 * face.certainty) / 10,
                    "warnings": ", ".join(check.name for check in face.face.quality.checks),
                }
            )
    st.dataframe(
        rows,
        hide_index=True,
        height=_ROW * (min(len(rows), _ROWS) + 1) + 3,
        column_config={
            "picture": None if len(names) == 1 else st.column_config.TextColumn(),
            "probability": st.column_config.NumberColumn(format="%.1f %%"),
        },
        placeholder="–",
        alt="All answers, one row a face",
    )


def download_buttons(names: Sequence[str], answers: Sequence[Answer], model: ShippedModel) -> None:
    """Offer the answers as CSV, a row a face, and as JSON, in the form of ``python -m engine classify --json``."""
    with st.container(horizontal=True):
        for kind, write in (("CSV", as_csv), ("JSON", as_json)):
            data = write(names, answers, model)
            download_button(f"Download {kind}", data, f"photo.{kind.lower()}", f"photo {kind}")


def as_json(names: Sequence[str], answers: Sequence[Answer], model: ShippedModel) -> str:
    """Return one object: the model, and a list of pictures with ``file``, ``faces`` and ``error``."""
    pictures = [
        {
            "file": name,
            "faces": [face.as_json() for face in answer.faces],
            "error": None if answer.error is None else str(answer.error),
        }
        for name, answer in zip(names, answers, strict=True)
    ]
    head = {"name": model.name, "title": model.title, "threshold": model.threshold}
    return json.dumps({"model": head, "pictures": pictures}, indent=1, ensure_ascii=False) + "\n"


def as_csv(names: Sequence[str], answers: Sequence[Answer], model: ShippedModel) -> bytes:
    """Return a row a face; a picture without faces or with an error has one row too."""
    rows: list[dict[str, Any]] = []
    for name, answer in zip(names, answers, strict=True):
        file = {"file": inert(name), "model": model.name, "error": "" if answer.error is None else str(answer.error)}
        if not answer.faces:
            rows.append(file)
        for number, face in enumerate(answer.faces, 1):
            plain = face.as_json()
            box = dict(zip(("x", "y", "width", "height"), plain["box"], strict=True))
            shares = {f"p_{label}": value for label, value in plain["probabilities"].items()}
            quality = {f"quality_{key}": value for key, value in plain["quality"].items() if key != "checks"}
            quality["warnings"] = " ".join(check.sentence for check in face.face.quality.checks)
            answered = {"expression": plain["expression"], "decided": plain["decided"]}
            if "enhanced" in plain:
                answered["enhanced"] = plain["enhanced"]
            rows.append({**file, "face": number, **box, **answered, **shares, **quality})
    columns = [*dict.fromkeys(column for row in rows for column in row if column != "error"), "error"]
    return csv_file(columns, rows)
