"""One HTML file that holds everything: it opens without a network, asks for nothing outside, and prints well."""

from collections.abc import Iterable, Sequence
from html import escape

import plotly.graph_objects as go

from engine.charts.document_style import STYLE
from engine.charts.frame import alt_text, zooms

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
"""What the browser holds the file to: nothing may be fetched, whatever stands in it."""


def document(title: str, parts: Iterable[str]) -> str:
    """Return a whole HTML document, plotly.js inside.

    Parameters
    ----------
    title
        As text.
    parts
        HTML, one after the other; text from outside has been escaped.
    """
    from plotly.offline import get_plotlyjs

    body = "\n".join(parts)
    whole = (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{STYLE}</style>\n<script>{get_plotlyjs()}</script>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
    # A file's name may hold what is no text; the page as a whole must be.
    return whole.encode("utf-8", "replace").decode()


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "numbers") -> str:
    """Return a table of texts: ``numbers`` do not wrap and scroll to the side, ``long`` texts break anywhere."""
    cells = "".join(f"<th>{escape(each)}</th>" for each in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    name = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="{kind}"><table>{name}<thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>'


def listed(heading: str, lines: Iterable[str]) -> str:
    """Return a section with a heading and a list of texts."""
    items = "".join(f"<li>{escape(str(line))}</li>" for line in lines)
    return f"<section><h2>{escape(heading)}</h2><ul>{items}</ul></section>"


def chart(figure: go.Figure) -> str:
    """Return a figure with its description for screen readers; the figure is put on white."""
    from plotly.io import to_html

    figure.update_layout(template="plotly_white", font_family="system-ui, sans-serif")
    # Room between bars and their names.
    figure.update_yaxes(ticks="outside", ticklen=5, tickcolor="rgba(0,0,0,0)")
    config = {"displayModeBar": False, "responsive": True, "doubleClick": "reset" if zooms(figure) else False}
    inner = to_html(figure, full_html=False, include_plotlyjs=False, config=config)
    return f'<figure role="img" aria-label="{escape(alt_text(figure))}">{inner}</figure>'
