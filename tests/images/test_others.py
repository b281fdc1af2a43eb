"""Formats that Pillow alone reads: whole ones come out as RGB, all else is refused with a sentence."""

import numpy as np
import pytest
from picture_files import encode, noise, on_white, photo, three
from PIL import Image

from engine.errors import ImageError
from engine.images import decode
from engine.images.kinds import is_picture, recognise

RGBA = noise(29, 37, 4)
GRAY_16 = noise(29, 37, kind=np.uint16)
PALETTE = Image.fromarray(photo()).quantize(60)
BLACK_WHITE = photo()[..., 0] > 100

WHOLE = {
    "JPEG 2000": (encode(photo(), "JPEG2000"), photo()),
    "JPEG 2000, stream alone": (encode(photo()[..., 0], "JPEG2000", no_jp2=True), three(photo()[..., 0])),
    "JPEG 2000 of 16 bits": (encode(Image.fromarray(GRAY_16), "JPEG2000"), three(np.rint(GRAY_16 / 257))),
    "JPEG 2000 with transparency": (encode(RGBA, "JPEG2000"), on_white(RGBA[..., :3], RGBA[..., 3])),
    "PPM": (encode(photo(), "PPM"), photo()),
    "PPM as text": (b"P3\n# a comment\n2 1 15\n15 0 0  5 10 15\n", [[[255, 0, 0], [85, 170, 255]]]),
    "PGM": (encode(photo()[..., 0], "PPM"), three(photo()[..., 0])),
    "PGM of 16 bits": (encode(Image.fromarray(GRAY_16.astype(np.int32)), "PPM"), three(np.rint(GRAY_16 / 257))),
    "PBM": (encode(Image.fromarray(BLACK_WHITE), "PPM"), three(BLACK_WHITE * 255)),
    "TGA": (encode(photo(), "TGA"), photo()),
    "TGA, packed": (encode(photo(), "TGA", compression="tga_rle"), photo()),
    "TGA with a name inside": (encode(photo()[..., 0], "TGA", id_section=b"face"), three(photo()[..., 0])),
    "TGA with a palette": (encode(PALETTE, "TGA"), np.asarray(PALETTE.convert("RGB"))),
    "TGA with transparency": (encode(RGBA, "TGA"), on_white(RGBA[..., :3], RGBA[..., 3])),
    "ICO": (encode(photo(), "ICO", sizes=[(16, 12), (64, 48)]), photo()),
    "ICO of bitmaps": (encode(photo(), "ICO", sizes=[(64, 48)], bitmap_format="bmp"), photo()),
    "PCX": (encode(photo(), "PCX"), photo()),
    "SGI": (encode(photo()[..., 0], "SGI"), three(photo()[..., 0])),
    "Sun raster": (b"\x59\xa6\x6a\x95" + np.array([2, 1, 24, 6, 1, 0, 0], ">u4").tobytes() + b"\3\2\1\6\5\4", None),
    "QOI": (encode(photo(), "QOI"), photo()),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_picture_comes_out_as_rgb(name):
    file, expected = WHOLE[name]
    decoded = decode(file)
    assert decoded.dtype == np.uint8 and decoded.flags.c_contiguous and is_picture(file[:512])
    np.testing.assert_array_equal(decoded, [[[1, 2, 3], [4, 5, 6]]] if expected is None else expected)


@pytest.mark.parametrize("name", ["JPEG 2000", "PPM", "PBM", "TGA", "TGA, packed", "ICO", "PCX", "SGI", "QOI"])
def test_cut_short_is_refused(name):
    file, _ = WHOLE[name]
    for share in (0.9,) if name in ("JPEG 2000", "ICO") else (0.02, 0.3, 0.9):
        with pytest.raises(ImageError):
            decode(file[: int(share * len(file))])


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"P6\n60000 60000\n255\nabc", "60,000 × 60,000 pixels; at most"),
        (b"P6\n6000 6000\n255\nabc", "unpacks to"),
        (b"P5 0 5 255 ", "damaged"),
        (b"P6 99999999999999 5 255 ", "damaged"),
        (bytes(2) + b"\2" + bytes(9) + b"\xff\xff\xff\xff\x18\0", "65,535 × 65,535 pixels"),
        (encode(photo(), "JPEG2000")[:60] + bytes(3000), "damaged"),
    ],
)
def test_what_declares_too_much_or_is_none_is_refused(file, said):
    with pytest.raises(ImageError, match=said):
        decode(file)


@pytest.mark.parametrize(
    "file",
    [
        b"P2 pencils, P3 pens and P6 brushes",
        b"P5\tis the best of all schools",
        b"\n\n\n\n a letter",
        b"\0\0\2\0\1\0\x20\x20" + bytes(40),
        b"\0\1\0\0\0\x0f\0\x80" + bytes(40),
        bytes(64),
    ],
)
def test_texts_pointers_and_fonts_are_none_of_them(file):
    with pytest.raises(ImageError):
        recognise(file)
