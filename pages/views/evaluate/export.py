"""An evaluation as files."""

import re

import streamlit as st

from engine.evaluation.evaluated import Evaluated
from engine.evaluation.export import as_csv, as_json
from engine.evaluation.report import as_html
from pages.views.common.page_state import page_state


def show_export(evaluated: Evaluated) -> None:
    """Offer figures as CSV and JSON, and one report that opens without a network."""
    st.markdown(
        "The report holds the figures with their intervals, every chart, the limits and what the model may not be used "
        "for, in one HTML file that opens without a network and prints well. No picture is in any of the files."
    )
    robustness = page_state("Evaluate", "robustness").get("measured") or evaluated.card.get("robustness")
    name = re.sub(r"[^\w]+", "-", f"{evaluated.title} {evaluated.about}").strip("-").lower()[:80]
    with st.container(horizontal=True):
        for kind, make, mime in (
            ("HTML", lambda: as_html(evaluated, robustness), "text/html"),
            ("CSV", lambda: as_csv(evaluated), "text/csv"),
            ("JSON", lambda: as_json(evaluated), "application/json"),
        ):
            st.download_button(
                f"Download {kind}",
                make,
                file_name=f"neuromer-{name}.{kind.lower()}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"evaluate {kind}",
            )
