"""One HTML file that holds everything: it opens without a network, asks for nothing outside, and prints well."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.io import to_html
from plotly.offline import get_plotlyjs

from engine.charts.document import Block, Chart, Heading, Paragraph, Pictures, Points, Room, Table
from engine.charts.layout import alt_text, zooms
from engine.charts.picture import data_url

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
"""What the browser holds the file to: nothing may be fetched, whatever stands in it."""

_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1b2026; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; break-after: avoid; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #d3dae0; }
td { font-variant-numeric: tabular-nums; }
.numbers { overflow-x: auto; }
.numbers td:not(:first-child) { white-space: nowrap; }
.last-wraps td:last-child { white-space: normal; min-width: 14rem; }
.long td { overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; overflow: hidden; }
.pictures { display: flex; flex-wrap: wrap; gap: .75rem; }
.pictures figure { margin: 0; }
.pictures img { width: 14rem; max-width: 100%; display: block; }
.room { border: 1px solid #6b7780; border-radius: 4px; min-height: 8rem; padding: .5rem .75rem; white-space: pre-wrap; }
.warning { border-left: 4px solid #D55E00; padding-left: .75rem; }
li { margin: .25rem 0; }
@page { margin: 15mm 12mm; }
@media print {
  body { font-size: 11pt; }
  main { padding: 0; max-width: none; }
  .numbers { overflow: visible; }
  .numbers table { font-size: 7.5pt; }
  .numbers th, .numbers td { padding: .15rem .4rem .15rem 0; }
  .last-wraps td:last-child { min-width: 4.5cm; }
  figure, tr, section { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
"""Light on purpose: a report is read beside others and printed."""


def html_document(title: str, parts: Iterable[str]) -> str:
    """Return a whole HTML document, plotly.js inside.

    Parameters
    ----------
    title
        As text.
    parts
        HTML, one after the other; text from outside has been escaped.
    """
    body = "\n".join(parts)
    whole = (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n<script>{get_plotlyjs()}</script>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
    # A file's name may hold what is no text; the page as a whole must be.
    return whole.encode("utf-8", "replace").decode()


def html_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the parts of a document as HTML."""
    for block in blocks:
        match block:
            case Heading(text, level):
                yield f"<h{level}>{escape(text)}</h{level}>"
            case Paragraph(text):
                yield f"<p>{escape(text)}</p>"
            case Table(head, rows, kind):
                yield html_table("", head, rows, "numbers" if kind == "facts" else kind)
            case Points(heading, lines, warning):
                listed = html_list(heading, lines)
                yield f'<div class="warning">{listed}</div>' if warning else listed
            case Chart(figures):
                yield from map(html_figure, figures())
            case Pictures(shown):
                yield f'<div class="pictures">{"".join(_picture(*each) for each in shown)}</div>'
            case Room(heading, words):
                # Can be written in before it is printed; nothing is sent or kept.
                yield (
                    f"<section><h2>{escape(heading)}</h2>"
                    f'<div class="room" contenteditable="plaintext-only" role="textbox" aria-multiline="true" '
                    f'aria-label="{escape(heading)}">{escape(words)}</div></section>'
                )


def _picture(said: str, picture: np.ndarray) -> str:
    words = escape(said)
    return f'<figure><img alt="{words}" src="{data_url(picture)}"><figcaption>{words}</figcaption></figure>'


def html_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "numbers") -> str:
    """Return a table of texts: ``numbers`` do not wrap and scroll to the side, ``long`` texts break anywhere."""
    cells = "".join(f"<th>{escape(each)}</th>" for each in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    name = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="{kind}"><table>{name}<thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>'


def html_list(heading: str, lines: Iterable[str]) -> str:
    """Return a section with a heading and a list of texts."""
    items = "".join(f"<li>{escape(str(line))}</li>" for line in lines)
    return f"<section><h2>{escape(heading)}</h2><ul>{items}</ul></section>"


def html_figure(figure: go.Figure) -> str:
    """Return a figure with its description for screen readers; the figure is put on white."""
    figure.update_layout(template="plotly_white", font_family="system-ui, sans-serif")
    # Room between bars and their names.
    figure.update_yaxes(ticks="outside", ticklen=5, tickcolor="rgba(0,0,0,0)")
    config = {"displayModeBar": False, "responsive": True, "doubleClick": "reset" if zooms(figure) else False}
    inner = to_html(figure, full_html=False, include_plotlyjs=False, config=config)
    return f'<figure role="img" aria-label="{escape(alt_text(figure))}">{inner}</figure>'
