"""A report as a PDF: the same parts as the page of HTML, with letters that are in the file and lines as lines.

Pages are 210 × 279 mm: what both A4 and Letter hold, so that either prints them as they are, neither cut nor shrunk.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import numpy as np
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, WrapMode, XPos, YPos
from fpdf.fonts import TTFFont
from PIL import Image

from engine.charts import palette
from engine.charts.document import Block, Chart, Drawing, Heading, Paragraph, Pictures, Points, Room, Strip, Table
from engine.charts.recording_panels import KIND_STYLES

WIDTH_MM, HEIGHT_MM = 210.0, 279.0
_MARGIN = 12.0
_BODY, _SMALL, _TINY = 8.5, 7.5, 6.0  # points
_LINE = 0.43
"""Millimetres of a line for a point of its letters: 1.2 times their height."""
_NARROW = 6.5
"""Points of a table with many columns."""
_CELL_MM = 0.5
_SIZES = {1: 15.0, 2: 10.0, 3: 8.5}
_FONTS = {
    "Noto Sans": ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    "Rubik": ("fontpkg_rubik", "Rubik[wght].ttf"),
}
"""Latin, Greek, Cyrillic and Devanagari; Hebrew and Arabic."""
_LACKING = "?"
_NAMES_MM, _EVENTS_MM, _STRIP_MM = 26.0, 11.0, 4.3  # of a drawing
_PICTURE_MM = 28.0
_ROOM_LINES, _ROOM_LINE_MM = 5, 7.0
_LACKED = (
    f"A “{_LACKING}” may stand for a character that the letters of this file lack; the report in HTML shows them all."
)
_LEGEND = (
    "Disc: macro-expression. Triangle: micro-expression. Diamond: cut short. Hollow: undecided. Gray: face not seen. A "
    "row is as high as the expression is probable, the first one as the face moves, in percent of the distance between "
    "the eyes."
)


def pdf_document(title: str, blocks: Iterable[Block], foot: str = "") -> bytes:
    """Return a PDF that holds its letters, asks for nothing and links to nothing.

    Parameters
    ----------
    title
        Of the file.
    blocks
        What it says, in order.
    foot
        Stands at the bottom of each page.
    """
    parts = list(blocks)
    paper = _Paper(title, foot)
    for block in parts:
        paper.write_block(block)
    if paper.lacked:
        paper.words(_LACKED, _SMALL)
    return bytes(paper.output())


class _Paper(FPDF):
    """A PDF that is being written."""

    def __init__(self, title: str, foot: str) -> None:
        super().__init__(format=(WIDTH_MM, HEIGHT_MM))
        self.lacked = False
        self._foot = foot
        for name, (package, file) in _FONTS.items():
            self.add_font(name, fname=_path(package, file))
        fonts = (font for font in self.fonts.values() if isinstance(font, TTFFont))
        self._letters = frozenset().union(*(font.cmap for font in fonts))
        self.set_fallback_fonts(["Rubik"], exact_match=False)
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.c_margin = 0.9
        self.set_auto_page_break(True, _MARGIN)
        self.set_title(self._text(title))
        self.set_creator("NeuroMER")
        self.set_creation_date(datetime.now(UTC))
        self.set_lang("en")
        self.set_font("Noto Sans", size=_BODY)
        self.add_page()

    def footer(self) -> None:
        """Write the line at the bottom of a page."""
        self.set_y(-_MARGIN + 3)
        self.set_font("Noto Sans", size=_TINY)
        self._ink(palette.mixed(0.7, palette.BLACK))
        self.cell(0, 3, f"{self._text(self._foot)}  ·  page {self.page_no()} of {{nb}}", align=Align.C)
        self._ink(palette.BLACK)

    def write_block(self, block: Block) -> None:
        """Write one part."""
        match block:
            case Heading(text, level):
                self._heading(text, level)
            case Paragraph(text, small):
                self.words(text, _SMALL if small else _BODY)
                self.ln(1)
            case Table():
                self._table(block)
            case Points(heading, lines, warning):
                self._heading(heading, 3)
                if warning:
                    self._ink(palette.VERMILLION)
                for line in lines:
                    self._bullet(line)
                self._ink(palette.BLACK)
                self.ln(1)
            case Chart(_, drawings):
                for drawing in drawings():
                    self._drawing(drawing)
            case Pictures(shown):
                self._pictures(shown)
            case Room(heading, words):
                self._room(heading, words)

    def words(self, text: str, size: float) -> None:
        """Write words, as many lines as they take."""
        self.set_font("Noto Sans", size=size)
        self.multi_cell(0, _LINE * size, self._text(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _heading(self, text: str, level: int) -> None:
        size = _SIZES[level]
        self._need(4 * _LINE * size)
        self.ln(1.5)
        self._ink(palette.BLACK if level == 1 else palette.BLUE)
        self.words(text, size)
        self._ink(palette.BLACK)
        self.ln(0.8)

    def _bullet(self, line: str) -> None:
        self.set_font("Noto Sans", size=_SMALL)
        self.cell(3, _LINE * _SMALL, "•")
        self.multi_cell(
            0, _LINE * _SMALL, self._text(line), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT,
        )  # fmt: skip

    def _table(self, table: Table) -> None:
        if table.kind == "facts":
            self.words("  ·  ".join(f"{name}: {value}" for name, value in table.rows), _SMALL)
            self.ln(1)
            return
        size = _SMALL if len(table.head) < 6 else _NARROW
        self.set_font("Noto Sans", size=size)
        widths = self._widths([table.head, *table.rows], wraps=table.kind != "numbers")
        self._row(table.head, widths, size, head=True)
        for row in table.rows:
            if self._row_height(row, widths, size) + self.get_y() > self.page_break_trigger:
                self.add_page()
                self._row(table.head, widths, size, head=True)
            self._row(row, widths, size)
        self.ln(1.5)

    def _row(self, row: Sequence[str], widths: Sequence[float], size: float, *, head: bool = False) -> None:
        self.set_font("Noto Sans", size=size)
        height, x, y = self._row_height(row, widths, size), self.l_margin, self.get_y()
        if head:
            self.set_fill_color(*palette.rgb(palette.mixed(0.15, palette.GRAY)))
            self.rect(x, y, sum(widths), height, "F")
        for cell, width in zip(row, widths, strict=True):
            self.set_xy(x, y + _CELL_MM / 2)
            self._lines(cell, width, size)
            x += width
        self.set_draw_color(*palette.rgb(palette.mixed(0.4, palette.GRAY)))
        self.set_line_width(0.1)
        self.line(self.l_margin, y + height, self.l_margin + sum(widths), y + height)
        self.set_xy(self.l_margin, y + height)

    def _row_height(self, row: Sequence[str], widths: Sequence[float], size: float) -> float:
        lines = (self._lines(cell, width, size, dry=True) for cell, width in zip(row, widths, strict=True))
        return max(lines) * _LINE * size + _CELL_MM

    def _lines(self, text: str, width: float, size: float, *, dry: bool = False) -> int:
        """Write a text from here on into a width, or only count the lines that it takes there."""
        said = self._text(text)
        if "\n" not in said and self.get_string_width(said) + 2 * self.c_margin <= width:
            if not dry:
                self.cell(width, _LINE * size, said)
            return 1
        lines = self.multi_cell(
            width,
            _LINE * size,
            said,
            align=Align.L,
            dry_run=dry,
            output=MethodReturnValue.LINES,
            # A word that is wider than its cell is broken anywhere by itself.
            wrapmode=WrapMode.WORD,
        )
        assert isinstance(lines, list)
        return len(lines)

    def _widths(self, rows: Sequence[Sequence[str]], wraps: bool) -> list[float]:
        """Return the width of each column in mm: as wide as its texts, and the last one what is left."""
        texts = ([self._text(cell) for cell in column] for column in zip(*rows, strict=True))
        widths = [max(map(self.get_string_width, column)) + 2 * self.c_margin + 0.2 for column in texts]
        if sum(widths) <= self.epw and not wraps:
            return widths
        left = self.epw - sum(widths[:-1])
        least = 0.3 * self.epw
        if left < least and len(widths) > 1:
            # Too wide: all but the last shrink, and wrap.
            share = (self.epw - least) / sum(widths[:-1])
            widths[:-1] = [share * width for width in widths[:-1]]
            left = least
        return [*widths[:-1], left]

    def _drawing(self, drawing: Drawing) -> None:
        height = _EVENTS_MM + _STRIP_MM * len(drawing.strips)
        self._need(height + 14)
        self._heading(drawing.title, 3)
        begin, end = drawing.span
        left, top, wide = self.l_margin + _NAMES_MM, self.get_y(), self.epw - _NAMES_MM
        low = top + height

        def at(time_s: float) -> float:
            return left + wide * min(max((time_s - begin) / max(end - begin, 1e-9), 0.0), 1.0)

        self.set_fill_color(*palette.rgb(palette.mixed(0.25, palette.GRAY)))
        for from_s, to_s in drawing.gaps:
            self.rect(at(from_s), top + _EVENTS_MM, max(at(to_s) - at(from_s), 0.1), low - top - _EVENTS_MM, "F")
        self._bars(drawing, at, top)
        for row, strip in enumerate(drawing.strips):
            self._strip(strip, at, top + _EVENTS_MM + _STRIP_MM * row)
        self.set_line_width(0.2)
        self.set_draw_color(*palette.rgb(palette.GRAY))
        self.line(left, low, left + wide, low)
        self.set_font("Noto Sans", size=_TINY)
        step = _nice((end - begin) / 8)
        for number in range(int((end - begin) / step + 1e-6) + 1):
            x = at(begin + number * step)
            self.line(x, low, x, low + 0.8)
            self._put(f"{begin + number * step:g} s", x, low + 1, 12, Align.C)
        self.set_y(low + 4)
        self._ink(palette.BLACK)
        self.words(_LEGEND, _TINY)
        self.ln(1)

    def _bars(self, drawing: Drawing, at: Callable[[float], float], top: float) -> None:
        self.set_font("Noto Sans", size=_TINY)
        self._put("events", self.l_margin, top + _EVENTS_MM - 4.3, _NAMES_MM, Align.L)
        ends = [-np.inf, -np.inf]  # of the names in each of two rows
        for bar in drawing.bars:
            _, colour, _, symbol = KIND_STYLES.get(bar.kind, KIND_STYLES["macro"])
            self.set_draw_color(*palette.rgb(colour))
            self.set_fill_color(*palette.rgb(palette.mixed(0.75 if bar.filled else 0.12, colour)))
            self.set_line_width(0.2)
            y, x = top + _EVENTS_MM - 4.0, at(bar.apex_s)
            self.rect(at(bar.begin_s), y, max(at(bar.end_s) - at(bar.begin_s), 0.3), 2.6, "DF")
            self.set_fill_color(*palette.rgb(colour))
            if symbol == "circle":
                self.circle(x, y + 1.3, 0.6, "F")
            elif symbol == "diamond":
                self.polygon([(x, y + 0.5), (x + 0.8, y + 1.3), (x, y + 2.1), (x - 0.8, y + 1.3)], style="F")
            else:
                self.polygon([(x, y + 0.4), (x + 0.8, y + 2.0), (x - 0.8, y + 2.0)], style="F")
            wide = self.get_string_width(bar.name) + 0.6
            row = next((row for row, end in enumerate(ends) if x - wide / 2 >= end), None)
            if row is not None:
                ends[row] = x + wide / 2
                self._put(bar.name, x, y - 2.8 - 2.6 * row, wide, Align.C)

    def _strip(self, strip: Strip, at: Callable[[float], float], top: float) -> None:
        low, high = top + _STRIP_MM, _STRIP_MM - 0.7
        self.set_draw_color(*palette.rgb(palette.mixed(0.35, palette.GRAY)))
        self.set_line_width(0.1)
        self.line(at(-np.inf), low, at(np.inf), low)
        self.set_fill_color(*palette.rgb(palette.mixed(0.65, palette.BLUE)))
        for time_s, values in strip.runs:
            if len(time_s):
                points = [
                    (at(time), low - high * float(np.clip(v, 0, 1))) for time, v in zip(time_s, values, strict=True)
                ]
                self.polygon([(points[0][0], low), *points, (points[-1][0], low)], style="F")
        self.set_font("Noto Sans", size=_TINY)
        self._put(strip.name, self.l_margin, low - 3, _NAMES_MM, Align.L)

    def _pictures(self, shown: Sequence[tuple[str, np.ndarray]]) -> None:
        gap, high = 3.0, _PICTURE_MM + 11
        each = (self.epw + gap) / 6 - gap
        for number, (said, picture) in enumerate(shown):
            if number % 6 == 0:
                if number:
                    self.set_y(self.get_y() + high)
                self._need(high)
            x, y = self.l_margin + (number % 6) * (each + gap), self.get_y()
            self.image(Image.fromarray(picture), x, y, each, _PICTURE_MM, keep_aspect_ratio=True, alt_text=said)
            self.set_xy(x, y + _PICTURE_MM + 0.5)
            self.set_font("Noto Sans", size=_TINY)
            self.multi_cell(each, _LINE * _TINY, self._text(said), align=Align.L, max_line_height=_LINE * _TINY)
            self.set_xy(self.l_margin, y)
        if shown:
            self.set_y(self.get_y() + high)

    def _room(self, heading: str, words: str) -> None:
        self._need(_ROOM_LINE_MM * _ROOM_LINES if not words else 15)
        self._heading(heading, 2)
        if words:
            self.words(words, _BODY)
            self.ln(1)
            return
        self.set_draw_color(*palette.rgb(palette.mixed(0.5, palette.GRAY)))
        self.set_line_width(0.1)
        for _ in range(_ROOM_LINES):
            self.ln(_ROOM_LINE_MM)
            self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())
        self.ln(2)

    def _put(self, text: str, x: float, y: float, wide: float, align: Align) -> None:
        self.set_xy(x - (wide / 2 if align == Align.C else 0), y)
        self.cell(wide, 2.6, self._text(text), align=align)

    def _need(self, height: float) -> None:
        """Begin another page where so many mm are not left."""
        if self.will_page_break(height) and self.get_y() > self.t_margin + 1:
            self.add_page()

    def _ink(self, colour: str) -> None:
        self.set_text_color(*palette.rgb(colour))

    def _text(self, text: str) -> str:
        """Return what can be written of a text, to be written next: other characters become `_LACKING`."""
        said = []
        # Joining letters takes its time, and most texts have none that join.
        if (joined := any(map(_is_joined, str(text)))) != (self.text_shaping is not None):
            self.set_text_shaping(joined)
        for letter in str(text):
            if ord(letter) in self._letters or letter == "\n":
                said.append(letter)
            elif letter.isprintable() or 0xD800 <= ord(letter) <= 0xDFFF:
                self.lacked = True
                said.append(_LACKING)
            elif letter.isspace():
                said.append(" ")
        # Else the library puts the number of pages in its place.
        return "".join(said).replace("{nb}", "{\u200bnb}")


def _path(package: str, file: str) -> Path:
    return Path(str(files(package) / "files" / file))


def _is_joined(letter: str) -> bool:
    """Tell whether a letter's form depends on its neighbours: of Arabic or Devanagari."""
    return "\u0600" <= letter <= "\u08ff" or "\u0900" <= letter <= "\u097f"


def _nice(step: float) -> float:
    """Return the next larger of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(max(step, 1e-6)))
    return float(next(times * power for times in (1, 2, 5, 10) if times * power >= step * (1 - 1e-9)))
