"""How many pictures a set has of each expression, and what they look like on average."""

import numpy as np
import streamlit as st

from engine.charts.bars import class_balance
from engine.charts.layout import percent
from engine.datasets import browse
from engine.datasets.words import by_class
from engine.words import counted
from pages.views.common.figures import show_figure, show_thumbnail
from pages.views.common.text import escape_markdown, small_print
from pages.views.datasets.library import OpenSet

_FACE_PX = 104


def show_overview(opened: OpenSet) -> None:
    """Show the class balance per split as a chart and a table, and each class's mean face."""
    counts = split_counts(opened)
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(class_balance(counts), f"datasets balance {opened.name}")
    with right:
        st.table(_rows(counts), hide_index=True, alt="Pictures of each expression in each split")
        small_print(_imbalance(opened))
    st.markdown("**Mean face of each expression**")
    with st.container(horizontal=True, gap="xsmall"):
        for label, (face, count) in _means(opened.name, opened.version, opened).items():
            show_thumbnail(face, _FACE_PX, label, f"Mean of {counted(count, 'picture')} labelled {label}")
    small_print(
        f"The mean of up to {browse.AT_MOST} pictures of each expression, as the networks see them. Where faces are "
        "well aligned it looks like a face; what all pictures of an expression share stays visible."
    )


def split_counts(opened: OpenSet) -> dict[str, dict[str, int]]:
    """Return for each split, ``""`` without any, how many pictures each expression has."""
    faces = opened.faces
    labels = [label for label, _ in by_class(opened.about["labels"])]
    splits = list(opened.about["splits"]) or [""]
    counts = {}
    for split in splits:
        mine = faces.labels if faces.split is None else faces.labels[faces.split == split]
        counts[split] = {label or "no label": int((mine == label).sum()) for label in labels}
    return counts


@st.cache_data(max_entries=4, show_spinner="Averaging faces")
def _means(name: str, version: tuple[int, int], _opened: OpenSet) -> dict[str, tuple[np.ndarray, int]]:
    found = browse.mean_faces(_opened.faces)
    return {label: found[label] for label, _ in by_class(_opened.about["labels"]) if label in found}


def _rows(counts: dict[str, dict[str, int]]) -> list[dict[str, str]]:
    total = sum(sum(split.values()) for split in counts.values())
    rows = []
    for label in next(iter(counts.values())):
        of_all = sum(split[label] for split in counts.values())
        row = {"expression": escape_markdown(label)}
        if len(counts) > 1:
            row |= {
                escape_markdown(split or "without split"): f"{numbers[label]:,}" for split, numbers in counts.items()
            }
        rows.append(row | {"all": f"{of_all:,}", "share": escape_markdown(percent(of_all / total))})
    return rows


def _imbalance(opened: OpenSet) -> str:
    ordered = sorted(opened.about["labels"].items(), key=lambda pair: pair[1])
    (least, few), (most, many) = ordered[0], ordered[-1]
    if few == many:
        return "All expressions have the same number of pictures."
    return (
        f"There are {many / few:.1f} times as many pictures of {escape_markdown(most)} as of "
        f"{escape_markdown(least)}. A model that always answered {escape_markdown(most)} would be right on "
        f"{percent(many / opened.about['pictures'])}: accuracy alone says little, macro F1 counts every expression "
        "alike."
    )
