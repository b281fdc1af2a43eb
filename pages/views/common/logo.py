"""NeuroMER's logo: the nine pixels of a local binary pattern, smiling."""

_SIZE, _STEP = 24, 6.5
_BRIGHT = {(0, 0), (0, 2), (2, 0), (2, 1), (2, 2)}


def _nine_pixels() -> str:
    squares = []
    for row in range(3):
        for column in range(3):
            fill = "#FFFFFF" if (row, column) in _BRIGHT else "#FFFFFF55"
            place = f'x="{2.75 + column * _STEP}" y="{2.75 + row * _STEP}"'
            squares.append(f'<rect {place} width="5.5" height="5.5" rx="1.4" fill="{fill}"/>')
    return f'<rect width="{_SIZE}" height="{_SIZE}" rx="5" fill="#0072B2"/>{"".join(squares)}'


ICON = f'<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 24 24">{_nine_pixels()}</svg>'


"""For the browser's tab."""


WORDMARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="132" height="24" viewBox="0 0 132 24">'
    f'{_nine_pixels()}<text x="32" y="18" font-family="sans-serif" font-size="18" font-weight="700" fill="#2E86C1" '
    'textLength="98" lengthAdjust="spacingAndGlyphs">NeuroMER</text></svg>'
)


"""For the head of every page; its blue reads on white and on black, and its word is as wide whatever the font."""
