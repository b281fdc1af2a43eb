"""What a report says, part by part, before it is written as a page of HTML or as a PDF."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import plotly.graph_objects as go


@dataclass(frozen=True)
class Heading:
    """A heading; of level 1 the document's own, of which there is one."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Words; small ones explain what stands elsewhere."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Table:
    """Texts in rows.

    Attributes
    ----------
    kind
        ``"numbers"`` do not wrap, ``"numbers last-wraps"`` do in the last column only, ``"long"`` texts break anywhere,
        ``"facts"`` are a name and a value a row, which paper has in a line.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: str = "numbers"


@dataclass(frozen=True)
class Points:
    """Sentences under a heading; as a warning they stand out."""

    heading: str
    lines: Sequence[str]
    warning: bool = False


@dataclass(frozen=True)
class Bar:
    """An event on a time axis: seconds, what is written at it, its kind, and whether it is filled."""

    begin_s: float
    apex_s: float
    end_s: float
    name: str
    kind: str
    filled: bool


@dataclass(frozen=True)
class Strip:
    """A curve on a time axis, as runs of times in seconds and values from 0 to 1, (n,) each."""

    name: str
    runs: Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Drawing:
    """Events and curves over one time axis, as lines for paper.

    Attributes
    ----------
    span
        Begin and end of the axis, in seconds.
    gaps
        Begin and end of what was not seen.
    """

    title: str
    span: tuple[float, float]
    bars: Sequence[Bar] = ()
    strips: Sequence[Strip] = ()
    gaps: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class Chart:
    """The same twice: figures for a screen, which are made when they are asked for, and drawings for paper."""

    figures: Callable[[], Sequence[go.Figure]]
    drawings: Callable[[], Sequence[Drawing]]


@dataclass(frozen=True)
class Pictures:
    """Pictures that belong together, each with words: (height, width) gray or (height, width, 3) RGB, uint8."""

    shown: Sequence[tuple[str, np.ndarray]] = field(repr=False)


@dataclass(frozen=True)
class Room:
    """Room for somebody's own words, and what they have written already."""

    heading: str
    words: str = ""


Block = Heading | Paragraph | Table | Points | Chart | Pictures | Room
