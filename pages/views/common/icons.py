"""NeuroMER's own small drawings: its mark, and an icon for each page, which no browser has to fetch from anywhere."""

from urllib.parse import quote

BLUE = "#2E86C1"
"""Reads on white and on black."""

_STEP = 6.5
_BRIGHT = {(0, 0), (0, 2), (2, 0), (2, 1), (2, 2)}
_LINES = {
    "photo": "M3 7h4l2-3h6l2 3h4v13H3zM8.5 13a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
    "video": "M3 6h12v12H3zM15 11l6-4v10l-6-4z",
    "live": "M9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0M5 5a10 10 0 0 0 0 14M19 5a10 10 0 0 1 0 14",
    "sessions": "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4 21c0-5 3-7 8-7s8 2 8 7",
    "practice": "M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7M9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
    "datasets": "M3 3h8v8H3zM13 3h8v8h-8zM3 13h8v8H3zM13 13h8v8h-8z",
    "train": "M3 3v18h18M6 8c2 7 6 9 14 9",
    "evaluate": "M4 21V12h4v9M10 21V4h4v17M16 21V8h4v13M2 21h20",
    "spikes": "M2 17h4l2-12 3 14 2-8 2 6h7",
    "models": "M12 2l9 5-9 5-9-5zM3 12l9 5 9-5M3 17l9 5 9-5",
}
"""What is drawn for each page, on 24 x 24."""


def page_icon(page: str) -> str:
    """Return a page's icon as a Markdown image, which its title can begin with."""
    drawn = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='22' height='22' viewBox='0 0 24 24' fill='none' "
        f"stroke='{BLUE}' stroke-width='2' stroke-linejoin='round' stroke-linecap='round'>"
        f"<path d='{_LINES[page]}'/></svg>"
    )
    return f"![](data:image/svg+xml,{quote(drawn, safe='/:=,')})"


def _nine_pixels() -> str:
    """Return a local binary pattern, smiling."""
    squares = []
    for row in range(3):
        for column in range(3):
            fill = "#FFFFFF" if (row, column) in _BRIGHT else "#FFFFFF55"
            place = f'x="{2.75 + column * _STEP}" y="{2.75 + row * _STEP}"'
            squares.append(f'<rect {place} width="5.5" height="5.5" rx="1.4" fill="{fill}"/>')
    return f'<rect width="24" height="24" rx="5" fill="#0072B2"/>{"".join(squares)}'


ICON = f'<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 24 24">{_nine_pixels()}</svg>'
"""For the browser's tab."""


WORDMARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="132" height="24" viewBox="0 0 132 24">'
    f'{_nine_pixels()}<text x="32" y="18" font-family="sans-serif" font-size="18" font-weight="700" fill="{BLUE}" '
    'textLength="98" lengthAdjust="spacingAndGlyphs">NeuroMER</text></svg>'
)
"""For the head of every page; its word is as wide whatever the font."""
