"""Whole pictures of every format and mode come out as RGB; golden values, and agreement with other readers."""

import concurrent.futures
import io
import struct

import numpy as np
import pytest
import tifffile
from picture_files import (
    encode,
    exif_block,
    noise,
    on_white,
    photo,
    png_chunk,
    png_file,
    png_rows,
    png_with,
    three,
    tiff_file,
    tiff_tags,
    webp_file,
)
from PIL import Image, ImageOps

from engine.errors import ImageError
from engine.images import decode
from engine.images.orientation import orientation_of, upright

KINDS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
RGB = noise(29, 37, 3)
ALPHA = noise(29, 37, seed=1)
GRAY = noise(29, 37, seed=2)
GRAY_16 = noise(29, 37, kind=np.uint16)
RGB_16 = noise(29, 37, 3, kind=np.uint16)
ALPHA_16 = noise(29, 37, kind=np.uint16, seed=1)
PALETTE = Image.fromarray(photo(29, 37)).quantize(60)
PALETTE_RGB = np.asarray(PALETTE.convert("RGB"))
BLACK_WHITE = GRAY > 100


def eight(numbers):
    """16 bits to 8 by their range, in floating point."""
    return np.rint(numbers / 65_535 * 255).astype(np.uint8)


def by_pillow(file):
    """What Pillow makes of a file: another way through the same formats."""
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))


def check(file, expected, tolerance=0):
    """Decode, and compare with (H, W, 3) numbers."""
    decoded = decode(file)
    assert decoded.dtype == np.uint8
    assert decoded.flags.c_contiguous
    assert decoded.shape == expected.shape
    difference = np.abs(decoded.astype(int) - expected)
    assert difference.max() <= tolerance


# ------------------------------------------------------------------------------------------ JPEG


@pytest.mark.parametrize("options", [{"subsampling": s} for s in (0, 1, 2)] + [{"progressive": True}, {"quality": 5}])
def test_jpeg_equals_pillows(options):
    file = encode(photo(), "JPEG", **options)
    check(file, by_pillow(file), tolerance=1)


def test_jpeg_gray():
    file = encode(photo()[..., 0], "JPEG", quality=95)
    check(file, by_pillow(file), tolerance=1)


def test_jpeg_of_one_colour_keeps_it():
    check(
        encode(np.full((40, 40, 3), (200, 60, 30), np.uint8), "JPEG", quality=100),
        np.full((40, 40, 3), (200, 60, 30)),
        2,
    )


@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_cmyk_is_read_as_adobe_writes_it(progressive):
    # No ink is white, black ink alone is black, cyan ink takes the red away.
    inks = np.zeros((16, 48, 4), np.uint8)
    inks[:, 16:32, 3] = 255
    inks[:, 32:, 0] = 255
    file = encode(Image.fromarray(inks, "CMYK"), "JPEG", quality=100, progressive=progressive)
    decoded = decode(file)
    for left, colour in ((4, (255, 255, 255)), (20, (0, 0, 0)), (36, (0, 255, 255))):
        assert np.abs(decoded[4:12, left : left + 8].astype(int) - colour).max() <= 3


def test_jpeg_ycck_equals_cmyk():
    file = encode(Image.fromarray(np.dstack((photo(), photo()[..., 0])), "CMYK"), "JPEG", quality=95)
    marker = file.index(b"Adobe") + 11
    assert file[marker] in (0, 2)
    # Told that its colours were transformed, the same data must come out as Pillow's libjpeg transforms them back.
    transformed = file[:marker] + b"\2" + file[marker + 1 :]
    check(transformed, by_pillow(transformed), tolerance=1)


def test_jpeg_with_thumbnail_profile_and_a_film_after_it():
    file = encode(photo(), "JPEG", icc_profile=bytes(100_000), comment=b"x" * 60_000, exif=exif_block(1))
    check(file + encode(photo(8, 8), "JPEG") + bytes(5000), by_pillow(file), tolerance=1)


def test_jpeg_padding_before_the_end_marker_is_no_damage():
    file = encode(photo(), "JPEG")
    check(file[:-2] + bytes(40) + file[-2:], by_pillow(file), tolerance=1)


def test_jpeg_with_zeros_for_the_progression_of_a_sequential_scan():
    file = encode(photo(), "JPEG")
    at = file.index(b"\xff\xda")
    end = at + 2 + int.from_bytes(file[at + 2 : at + 4], "big")
    assert file[end - 3 : end] == b"\0\x3f\0"
    check(file[: end - 3] + bytes(3) + file[end:], by_pillow(file), tolerance=1)


# ------------------------------------------------------------------------------------------ PNG


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.fromarray(RGB), RGB),
        (Image.fromarray(GRAY), three(GRAY)),
        (Image.fromarray(BLACK_WHITE), three(BLACK_WHITE * 255)),
        (PALETTE, PALETTE_RGB),
        (Image.fromarray(np.dstack((RGB, ALPHA))), on_white(RGB, ALPHA)),
        (Image.fromarray(np.dstack((GRAY, ALPHA)), "LA"), on_white(three(GRAY), ALPHA)),
        (Image.fromarray(GRAY_16), three(eight(GRAY_16))),
    ],
    ids=["rgb", "gray", "black-white", "palette", "rgba", "gray-alpha", "gray-16"],
)
def test_png_modes(image, expected):
    check(encode(image, "PNG"), expected)


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_png_palettes_of_few_bits(bits):
    image = Image.fromarray(photo(29, 37)).quantize(2**bits)
    check(encode(image, "PNG", bits=bits), np.asarray(image.convert("RGB")))


def test_png_gray_of_2_bits_is_spread_over_the_range():
    check(png_file(4, 1, 2, 0, b"\0\x1b"), three(np.array([[0, 85, 170, 255]])))


@pytest.mark.parametrize(
    ("colours", "samples", "expected"),
    [
        (2, RGB_16, eight(RGB_16)),
        (4, np.dstack((GRAY_16, ALPHA_16)), on_white(three(eight(GRAY_16)), eight(ALPHA_16))),
        (6, np.dstack((RGB_16, ALPHA_16)), on_white(eight(RGB_16), eight(ALPHA_16))),
    ],
    ids=["rgb", "gray-alpha", "rgba"],
)
def test_png_colours_of_16_bits(colours, samples, expected):
    check(png_file(37, 29, 16, colours, png_rows(samples)), expected)


def test_16_bits_by_range_golden():
    numbers = np.array([[0, 128, 129, 257, 32_768, 65_406, 65_407, 65_535]], np.uint16)
    check(encode(numbers, "PNG"), three([[0, 0, 1, 1, 128, 254, 255, 255]]))


def test_png_transparent_palette_entries():
    file = encode(PALETTE, "PNG", transparency=bytes([0, 128]))
    alpha = np.full(256, 255, np.uint8)
    alpha[:2] = 0, 128
    check(file, on_white(PALETTE_RGB, alpha[np.asarray(PALETTE)]))


@pytest.mark.parametrize(
    ("depth", "samples"),
    [(8, GRAY), (16, GRAY_16), (8, RGB), (16, RGB_16)],
    ids=["gray-8", "gray-16", "rgb-8", "rgb-16"],
)
def test_png_one_transparent_colour(depth, samples):
    colours = samples.ndim == 3
    key = np.atleast_1d(samples[5, 7])
    near = samples.copy()
    near[0, 0] = samples[5, 7]
    near[0, 0, ...] ^= np.uint8(1)  # differs in the lowest bit only: not transparent
    chunk = png_chunk(b"tRNS", key.astype(">u2").tobytes())
    file = png_file(37, 29, depth, 2 if colours else 0, png_rows(near), chunk)
    expected = (near if depth == 8 else eight(near)).copy()
    expected = expected if colours else three(expected)
    expected[5, 7] = 255
    decoded = decode(file)
    assert (decoded[5, 7] == 255).all()
    assert (decoded == expected).mean() > 0.99  # a few others may happen to have that gray
    assert (decoded[0, 0] == expected[0, 0]).all()


@pytest.mark.parametrize("depth", [8, 16])
def test_png_interlaced_equals_plain(depth):
    # The seven passes, taken from the picture by hand.
    samples = RGB if depth == 8 else RGB_16
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = b"".join(png_rows(samples[top::down, left::across]) for left, top, across, down in passes)
    check(png_file(37, 29, depth, 2, rows, interlaced=1), RGB if depth == 8 else eight(RGB_16))


def test_png_smaller_than_an_interlace_pass():
    check(png_file(1, 1, 8, 2, b"\0\7\10\11", interlaced=1), np.array([[[7, 8, 9]]]))


@pytest.mark.parametrize("filter_number", range(5))
def test_png_filters(filter_number):
    # Pillow's writer picks filters as it likes; here each is applied by its definition.
    rows, above = [], np.zeros(37 * 3, int)
    for row in RGB.reshape(29, -1).astype(int):
        left, corner = np.r_[0, 0, 0, row[:-3]], np.r_[0, 0, 0, above[:-3]]
        distance = np.abs(np.stack((above - corner, left - corner, left + above - 2 * corner)))
        nearest = np.choose(distance.argmin(axis=0), (left, above, corner))
        guess = (0, left, above, (left + above) // 2, nearest)[filter_number]
        rows.append(bytes([filter_number]) + ((row - guess) % 256).astype(np.uint8).tobytes())
        above = row
    check(png_file(37, 29, 8, 2, b"".join(rows)), RGB)


def test_png_giant_text_is_passed_over():
    file = png_with(encode(RGB, "PNG"), b"tEXt", b"comment\0" + bytes(20_000_000))
    check(png_with(file, b"iCCP", b"profile\0\0" + bytes(1_000_000)), RGB)


def test_png_animation_shows_its_still():
    other = Image.fromarray(255 - RGB)
    check(encode(RGB, "PNG", save_all=True, append_images=[other]), RGB)


# ------------------------------------------------------------------------------------------ WebP


@pytest.mark.parametrize("options", [{"quality": 80}, {"quality": 30}, {"lossless": True}])
def test_webp_equals_pillows(options):
    file = encode(photo(), "WEBP", **options)
    check(file, by_pillow(file), tolerance=1)


def test_webp_lossless_is_exact():
    check(encode(RGB, "WEBP", lossless=True), RGB)
    visible = np.maximum(ALPHA, 1)  # the encoder may change colours that cannot be seen
    check(encode(np.dstack((RGB, visible)), "WEBP", lossless=True, exact=True), on_white(RGB, visible))


@pytest.mark.parametrize("alpha_quality", [100, 20])
def test_webp_lossy_with_alpha(alpha_quality):
    file = encode(
        np.dstack((photo(), np.tile(np.arange(64, dtype=np.uint8) * 4, (48, 1)))), "WEBP", alpha_quality=alpha_quality
    )
    rgba = np.asarray(Image.open(io.BytesIO(file)))
    check(file, on_white(rgba[..., :3], rgba[..., 3]), tolerance=1)


def test_webp_large_lossless_pictures_go_through_the_worker():
    large = np.tile(noise(70, 64, 4), (10, 10, 1))
    assert large.shape[0] * large.shape[1] > 400_000
    check(
        encode(large, "WEBP", lossless=True, exact=True, method=0, quality=0), on_white(large[..., :3], large[..., 3])
    )


def test_webp_animation_shows_its_first_frame():
    frames = [Image.fromarray(np.roll(RGB, shift, axis=0)) for shift in (0, 5, 9)]
    check(encode(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True), RGB)


def test_webp_frame_smaller_than_its_canvas_lies_on_white():
    still = encode(RGB, "WEBP", lossless=True)
    length = int.from_bytes(still[16:20], "little")
    frame = bytes(9) + bytes(7) + b"VP8L" + still[16:20] + still[20 : 20 + length] + bytes(length % 2)
    frame = (6).to_bytes(3, "little") + (4).to_bytes(3, "little") + frame[6:]
    canvas = b"\2\0\0\0" + (99).to_bytes(3, "little") + (59).to_bytes(3, "little")
    expected = np.full((60, 100, 3), 255)
    expected[8:37, 12:49] = RGB
    check(webp_file((b"VP8X", canvas), (b"ANIM", bytes(6)), (b"ANMF", frame), (b"ANMF", frame)), expected)


# ------------------------------------------------------------------------------------------ BMP


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.fromarray(RGB), RGB),
        (Image.fromarray(GRAY), three(GRAY)),
        (Image.fromarray(BLACK_WHITE), three(BLACK_WHITE * 255)),
        (PALETTE, PALETTE_RGB),
        (Image.fromarray(np.dstack((RGB, ALPHA))), RGB),  # the fourth byte is not declared to be alpha
    ],
    ids=["rgb", "gray", "black-white", "palette", "fourth-byte"],
)
def test_bmp_modes(image, expected):
    check(encode(image, "BMP"), expected)


@pytest.mark.parametrize(
    ("alpha", "expected"), [(ALPHA, on_white(RGB, ALPHA)), (np.zeros_like(ALPHA), RGB)], ids=["used", "left-empty"]
)
def test_bmp_with_a_declared_alpha_channel(alpha, expected):
    header = struct.pack("<IiiHHIIiiII", 108, 37, -29, 1, 32, 3, 0, 0, 0, 0, 0)
    header += struct.pack("<IIII", 0xFF, 0xFF00, 0xFF0000, 0xFF000000) + bytes(52)
    pixels = np.dstack((RGB, alpha)).tobytes()
    check(b"BM" + struct.pack("<IHHI", 122 + len(pixels), 0, 0, 122) + header + pixels, expected)


def test_bmp_stored_from_the_top():
    file = bytearray(encode(RGB, "BMP"))
    file[22:26] = (-29).to_bytes(4, "little", signed=True)
    check(bytes(file), RGB[::-1])


def test_bmp_run_lengths():
    # 4 by 2: five times colour 1 cannot be; 4 times 1, end of line, 2 times 0 and two written out, end of picture.
    palette = b"\0\0\0\0" + b"\1\2\3\0"
    runs = b"\4\1\0\0" + b"\2\0\2\1" + b"\0\1"
    start = 14 + 40 + len(palette)
    header = (40).to_bytes(4, "little") + (4).to_bytes(4, "little") + (2).to_bytes(4, "little") + b"\1\0\10\0\1\0\0\0"
    header += len(runs).to_bytes(4, "little") + bytes(8) + (2).to_bytes(4, "little") + bytes(4)
    file = b"BM" + (start + len(runs)).to_bytes(4, "little") + bytes(4) + start.to_bytes(4, "little")
    check(file + header + palette + runs, np.array([[(0, 0, 0)] * 2 + [(3, 2, 1)] * 2, [(3, 2, 1)] * 4]))


# ------------------------------------------------------------------------------------------ GIF


def test_gif_palette_and_gray():
    check(encode(PALETTE, "GIF"), PALETTE_RGB)
    check(encode(GRAY, "GIF"), three(GRAY))
    check(encode(PALETTE, "GIF", interlace=True), PALETTE_RGB)


def test_gif_transparent_colour_is_white():
    expected = PALETTE_RGB.copy()
    expected[np.asarray(PALETTE) == 7] = 255
    check(encode(PALETTE, "GIF", transparency=7, optimize=False), expected)


def test_gif_animation_shows_its_first_frame_and_reads_no_other():
    file = encode(PALETTE, "GIF", save_all=True, append_images=[PALETTE.rotate(90), PALETTE.rotate(180)], loop=0)
    check(file, PALETTE_RGB)
    # Whatever follows the first frame is not looked at.
    first = encode(PALETTE, "GIF")
    check(first[:-1] + b"\x2c\xff\xff\xff\xff", PALETTE_RGB)


def test_gif_frame_on_a_larger_canvas():
    file = bytearray(encode(PALETTE, "GIF"))
    file[6:10] = (50).to_bytes(2, "little") + (40).to_bytes(2, "little")
    at = file.index(b"\x2c\0\0\0\0" + (37).to_bytes(2, "little"))
    file[at + 1 : at + 5] = (3).to_bytes(2, "little") + (2).to_bytes(2, "little")
    expected = np.full((40, 50, 3), 255)
    expected[2:31, 3:40] = PALETTE_RGB
    check(bytes(file), expected)


# ------------------------------------------------------------------------------------------ TIFF

COMPRESSIONS = (None, "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits")


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_tiff_modes_that_pillow_writes(compression):
    def written(image):
        return encode(image, "TIFF", compression=compression)

    check(written(RGB), RGB)
    check(written(GRAY), three(GRAY))
    check(written(BLACK_WHITE), three(BLACK_WHITE * 255))
    check(written(PALETTE), PALETTE_RGB)
    check(written(np.dstack((RGB, ALPHA))), on_white(RGB, ALPHA))
    check(written(Image.fromarray(np.dstack((GRAY, ALPHA)), "LA")), on_white(three(GRAY), ALPHA))
    check(written(GRAY_16), three(eight(GRAY_16)))
    inks = Image.fromarray(np.dstack((RGB, ALPHA)), "CMYK")
    check(written(inks), np.asarray(inks.convert("RGB")), tolerance=1)
    luminance = Image.fromarray(RGB).convert("YCbCr")
    check(written(luminance), np.asarray(luminance.convert("RGB")), tolerance=1)
    fractions = np.random.default_rng(0).random((29, 37), np.float32)
    check(written(fractions), three(np.rint(fractions * 255)))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"rowsperstrip": 8},
        {"tile": (16, 32)},
        {"compression": "zlib"},
        {"compression": "zlib", "predictor": 2, "rowsperstrip": 5},
        {"compression": "zlib", "predictor": 2, "tile": (16, 16)},
        {"bigtiff": True},
    ],
    ids=str,
)
def test_tiff_layouts_that_tifffile_writes(order, options):
    if (order, options) == (">", {"bigtiff": True}):
        pytest.skip("is refused, see test_decode_refusals")

    def written(array, **more):
        file = io.BytesIO()
        tifffile.imwrite(file, array, byteorder=order, **options, **more)
        return file.getvalue()

    check(written(RGB, photometric="rgb"), RGB)
    check(written(RGB_16, photometric="rgb"), eight(RGB_16), tolerance=1)
    check(written(GRAY_16, photometric="minisblack"), three(eight(GRAY_16)))
    check(written(GRAY_16, photometric="miniswhite"), three(255 - eight(GRAY_16)))
    gray_16 = np.dstack((GRAY_16, ALPHA * np.uint16(257)))
    expected = on_white(three(eight(GRAY_16)), ALPHA)
    check(written(gray_16, photometric="minisblack", extrasamples=["unassalpha"]), expected)
    gray_16 = np.minimum(gray_16, gray_16[..., 1:])
    expected = three(eight(gray_16[..., 0])) + 255 - ALPHA[..., np.newaxis]
    check(written(gray_16, photometric="minisblack", extrasamples=["assocalpha"]), expected)
    planes = np.ascontiguousarray(np.moveaxis(RGB_16, 2, 0))
    check(written(planes, photometric="rgb", planarconfig="separate"), eight(RGB_16), tolerance=1)
    rgba = np.dstack((RGB, ALPHA))
    check(written(rgba, photometric="rgb", extrasamples=["unassalpha"]), on_white(RGB, ALPHA))
    multiplied = np.minimum(RGB, ALPHA[..., np.newaxis])
    both = np.dstack((multiplied, ALPHA))
    expected = multiplied + 255 - ALPHA[..., np.newaxis]
    check(written(both, photometric="rgb", extrasamples=["assocalpha"]), expected, tolerance=1)
    check(written(rgba, photometric="rgb", extrasamples=["unspecified"]), RGB)
    if "predictor" not in options:
        fractions = np.random.default_rng(0).random((29, 37, 3), np.float32)
        check(written(fractions, photometric="rgb"), np.rint(fractions * 255))
        with_alpha = np.dstack((fractions, np.float32(ALPHA) / 255))
        expected = on_white(np.rint(fractions * 255).astype(np.uint8), ALPHA)
        check(written(with_alpha, photometric="rgb", extrasamples=["unassalpha"]), expected)
        check(written(with_alpha, photometric="rgb", extrasamples=["unspecified"]), np.rint(fractions * 255))
        multiplied = np.float32(both) / 255
        expected = both[..., :3] + 255 - ALPHA[..., np.newaxis]
        check(written(multiplied, photometric="rgb", extrasamples=["assocalpha"]), expected)


@pytest.mark.parametrize("mode", ["RGB", "L", "YCbCr"])
def test_tiff_with_jpeg_strips_equals_pillows(mode):
    image = Image.fromarray(photo(200, 150)).convert(mode)
    file = encode(image, "TIFF", compression="jpeg", quality=90, strip_size=4096)
    check(file, by_pillow(file), tolerance=2)


@pytest.mark.parametrize("orientation", [1, 6])
def test_tiff_that_is_decoded_in_a_process_of_its_own(orientation):
    picture = noise(400, 600, 3)
    file = encode(picture, "TIFF", compression="tiff_lzw", tiffinfo={274: orientation})
    assert len(file) > 2**19
    check(file, upright(picture, orientation))


def test_tiff_with_bits_of_a_byte_reversed():
    check(tiff_file(tiff_tags(2, 1, t266=[2]), bytes([0b10000000, 0b11110000])), three(np.array([[1, 15]])))


@pytest.mark.parametrize(
    ("bits", "packed", "expected"), [(1, 0xA0, [255, 0, 255]), (2, 0x1B, [0, 85, 170]), (4, None, [])]
)
def test_tiff_gray_of_few_bits(bits, packed, expected):
    data = bytes([0x0F, 0x70]) if bits == 4 else bytes([packed])
    expected = [0, 255, 119] if bits == 4 else expected
    check(tiff_file(tiff_tags(3, 1, t258=[bits], t279=[len(data)]), data), three(np.array([expected])))


def test_tiff_lab_golden():
    # L 0 to 255 for 0 to 100, a and b signed: white, mid gray (L 53.6 is 128 in sRGB), and sRGB's red (54, 81, 70).
    lab = bytes([255, 0, 0, 137, 0, 0, 138, 81, 70])
    tags = tiff_tags(3, 1, t258=[8, 8, 8], t262=[8], t277=[3], t279=[9])
    check(tiff_file(tags, lab), np.array([[(255, 255, 255), (128, 128, 128), (255, 0, 0)]]), tolerance=6)


def test_tiff_colour_maps_of_8_and_of_16_bits():
    for factor in (1, 256, 257):
        colours = [value * factor for value in (10, 20) + (0,) * 14 + (30, 40) + (0,) * 14 + (50, 250) + (0,) * 14]
        tags = tiff_tags(2, 1, t258=[4], t262=[3], t279=[1], t320=colours)
        check(tiff_file(tags, b"\x01"), np.array([[(10, 30, 50), (20, 40, 250)]]))


def test_tiff_shows_its_first_page_though_the_pages_go_in_a_circle():
    tags = tiff_tags(4, 3)
    file = tiff_file(tags, bytes(range(12)), following=16 + 12)
    check(file, three(np.arange(12).reshape(3, 4)))
    pages = encode(RGB, "TIFF", save_all=True, append_images=[Image.fromarray(255 - RGB)])
    check(pages, RGB)


def test_tiff_ignores_giant_and_broken_tags_that_make_no_rows():
    giant = {700: [0] * 100_000, 33432: [0] * 100_000}
    check(tiff_file(tiff_tags(4, 3) | giant, bytes(range(12))), three(np.arange(12).reshape(3, 4)))


# ------------------------------------------------------------------------------------------ orientation

# What each orientation does to a picture of two rows: how it is stored, and how it is meant.
STORED = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
MEANT = {
    1: [[1, 2, 3], [4, 5, 6]],
    2: [[3, 2, 1], [6, 5, 4]],
    3: [[6, 5, 4], [3, 2, 1]],
    4: [[4, 5, 6], [1, 2, 3]],
    5: [[1, 4], [2, 5], [3, 6]],
    6: [[4, 1], [5, 2], [6, 3]],
    7: [[6, 3], [5, 2], [4, 1]],
    8: [[3, 6], [2, 5], [1, 4]],
}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_golden(orientation):
    turned = upright(three(STORED), orientation)
    np.testing.assert_array_equal(turned, three(np.array(MEANT[orientation])))
    assert turned.flags.c_contiguous


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_a_block(orientation, order):
    block = exif_block(orientation, order)
    assert orientation_of(block) == orientation
    assert orientation_of(block[6:]) == orientation


@pytest.mark.parametrize(
    "block",
    [b"", b"Exif\0\0", exif_block(0), exif_block(9), exif_block(6)[:-8], b"II*\0\xff\xff\xff\xff\0\0", bytes(50)],
)
def test_orientation_of_a_broken_block_is_upright(block):
    assert orientation_of(block) == 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_orientation_of_each_format_that_carries_one(kind, orientation):
    picture = photo()
    plain = decode(encode(picture, kind))
    if kind == "TIFF":
        turned = encode(picture, kind, tiffinfo={274: orientation})
    else:
        turned = encode(picture, kind, exif=exif_block(orientation))
    block = Image.Exif()
    block[274] = orientation
    expected = Image.fromarray(plain)
    expected.info["exif"] = block.tobytes()
    check(turned, np.asarray(ImageOps.exif_transpose(expected)))


# ------------------------------------------------------------------------------------------ the whole


@pytest.mark.parametrize("kind", KINDS)
def test_one_pixel(kind):
    check(encode(np.full((1, 1, 3), 255, np.uint8), kind), np.full((1, 1, 3), 255))


@pytest.mark.parametrize("container", [bytearray, memoryview])
def test_other_containers_of_bytes(container):
    check(container(encode(RGB, "PNG")), RGB)


def test_what_is_no_bytes_is_a_programmers_error():
    with pytest.raises(TypeError, match=r"Expected the bytes.*received str"):
        decode("photo.jpg")


def test_many_threads_decode_alike():
    files = [encode(photo(), kind) for kind in KINDS] * 8
    expected = [decode(file) for file in files]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for alone, together in zip(expected, pool.map(decode, files), strict=True):
            np.testing.assert_array_equal(alone, together)


def test_settings_of_pillow_are_left_alone():
    before = Image.MAX_IMAGE_PIXELS
    for kind in KINDS:
        decode(encode(photo(), kind))
    with pytest.raises(ImageError):
        decode(b"BM")
    assert before == Image.MAX_IMAGE_PIXELS
