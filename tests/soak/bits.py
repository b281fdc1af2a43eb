"""Numbers as black and white squares at the top of a picture, which survive being sent as a video."""

SIDE, BITS = 16, 16


def write(picture, number, row):
    """Draw a number, 0 to 65,535, in place, in a row from 0."""
    for bit in range(BITS):
        value = 235 if number >> bit & 1 else 20
        picture[row * SIDE : (row + 1) * SIDE, bit * SIDE : (bit + 1) * SIDE] = value


def read(picture, row):
    """Return the number in a row."""
    middle = picture[row * SIDE + SIDE // 2, SIDE // 2 : BITS * SIDE : SIDE].mean(axis=1)
    return sum(1 << bit for bit in range(BITS) if middle[bit] > 128)
