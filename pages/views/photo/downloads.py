"""All answers of the Photo page as files."""

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.models.shipped import ShippedModel
from engine.sheets import csv_file, inert
from pages.views.photo.answers import Answer


def download_buttons(names: Sequence[str], answers: Sequence[Answer], model: ShippedModel) -> None:
    """Offer the answers as CSV, a row a face, and as JSON, in the form of ``python -m engine classify --json``."""
    with st.container(horizontal=True):
        for kind, data, mime in (
            ("CSV", as_csv(names, answers, model), "text/csv"),
            ("JSON", as_json(names, answers, model), "application/json"),
        ):
            st.download_button(
                f"Download {kind}",
                data,
                file_name=f"neuromer-photo.{kind.lower()}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"photo {kind}",
            )


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
