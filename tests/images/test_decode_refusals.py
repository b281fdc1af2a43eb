"""Whatever is not a whole, allowed picture is refused with a sentence, and with ImageError alone."""

import io
import random
import struct
import zlib

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from picture_files import (
    encode,
    exif_block,
    jpeg_frame_at,
    jpeg_of_empty_scans,
    jpeg_segment,
    noise,
    photo,
    png_chunk,
    png_file,
    png_rows,
    png_with,
    tiff_file,
    tiff_tags,
    webp_file,
)
from PIL import Image, ImageFile

from engine import settings as limits
from engine.errors import ImageError
from engine.images import decode

RGB = noise(29, 37, 3)
RGBA = noise(29, 37, 4)
PALETTE = Image.fromarray(photo()).quantize(60)


def refuse(file, words):
    """Decode and expect a refusal whose sentences hold ``words`` (a regular expression); return it."""
    with pytest.raises(ImageError, match=words) as refusal:
        decode(file)
    assert refusal.value.what.endswith(".")
    assert refusal.value.remedy.endswith(".")
    return refusal.value


# ------------------------------------------------------------------------------------------ no picture

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)


@pytest.mark.parametrize(
    ("file", "name", "remedy"),
    [
        (b"", "empty", "again"),
        (b"\0", "not known", "Choose a JPEG"),
        (b"Dear doctor,\r\n\tI enclose", "a text", "Choose a JPEG"),
        ("Grüße, Ωmega".encode(), "a text", "Choose a JPEG"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document", "JPEG"),
        (b"PK\x03\x04\x14\0\6\0", "ZIP", "Take the picture out"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "SVG", "PNG"),
        (HEIC, "HEIC file is damaged", "save it as a new JPEG"),
        (HEIC.replace(b"heic", b"mif1"), "HEIC file is damaged", "save it as a new JPEG"),
        (HEIC.replace(b"heic", b"avif"), "AVIF file is damaged", "save it as a new JPEG"),
        (HEIC.replace(b"heic", b"isom").replace(b"mif1", b"mp41"), "a film", "Take a picture from it"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a film or sound file", "Take a picture from it"),
        (b"8BPS\0\1" + bytes(20), "Photoshop", "Save it as JPEG"),
        (b"\0\0\1\0\1\0" + bytes(20), "ICO file is damaged", "save it as a new JPEG"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000 file is damaged", "save it as a new JPEG"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture", "Save it as JPEG"),
        (b"\0\0\2\0\1\0" + bytes(20), "mouse pointer", "Save it as JPEG"),
        (b"gimp xcf v011\0", "a GIMP picture", "Save it as JPEG"),
        (b"v/1\1\2\0\0\0", "high dynamic range", "Save it as JPEG"),
        (b"P7\nWIDTH 2\nHEIGHT 2\n", "seldom met", "Save it as JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript drawing", "Save it as PNG"),
        (b"\x1f\x8b\x08" + bytes(9), "an archive", "Unpack it"),
        (b"\x7fELF\2\1\1" + bytes(9), "a program", "Choose a JPEG"),
        (random.Random(1).randbytes(5000), "not known", "Choose a JPEG"),
    ],
)
def test_what_is_no_picture_is_called_by_its_name(file, name, remedy):
    refusal = refuse(file, name)
    assert remedy in refusal.remedy


def test_more_bytes_than_are_read():
    refuse(b"\xff\xd8\xff" + bytes(limits.IMAGE_MAX_BYTES), "32.0 MB; at most 32 MB")


# ------------------------------------------------------------------------------------------ cut short

# For each file how many bytes may be missing at its end before the picture itself is hurt: a GIF's last byte says no
# more than that nothing follows.
WHOLE = {
    "jpeg": (encode(photo(), "JPEG"), 0),
    "jpeg-progressive": (encode(photo(), "JPEG", progressive=True), 0),
    "jpeg-cmyk": (encode(Image.fromarray(RGBA, "CMYK"), "JPEG"), 0),
    "png": (encode(photo(), "PNG"), 0),
    "png-16": (encode(noise(20, 30, kind=np.uint16), "PNG"), 0),
    "webp": (encode(photo(), "WEBP"), 0),
    "webp-lossless": (encode(photo(), "WEBP", lossless=True), 0),
    "webp-alpha": (encode(RGBA, "WEBP"), 0),
    "gif": (encode(PALETTE, "GIF"), 1),
    "bmp": (encode(photo(), "BMP"), 0),
    "bmp-palette": (encode(PALETTE, "BMP"), 0),
    "tiff": (tiff_file(tiff_tags(64, 48), photo()[..., 0].tobytes()), 0),
    "tiff-lzw": (encode(photo(), "TIFF", compression="tiff_lzw"), 0),
    "tiff-deflate": (encode(photo(), "TIFF", compression="tiff_adobe_deflate"), 0),
    "tiff-packbits": (encode(photo(), "TIFF", compression="packbits"), 0),
    "tiff-jpeg": (encode(photo(), "TIFF", compression="jpeg"), 0),
}


@pytest.mark.parametrize("name", WHOLE)
def test_cut_short_anywhere(name):
    file, spare = WHOLE[name]
    decode(file)
    lengths = {*np.linspace(1, len(file) - 1 - spare, 60).astype(int), *range(len(file) - 12, len(file) - spare)}
    for length in lengths:
        with pytest.raises(ImageError):
            decode(file[:length])


@pytest.mark.parametrize("name", WHOLE)
def test_cut_short_even_where_pillow_was_told_to_put_up_with_it(name, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    file, _ = WHOLE[name]
    decode(file)
    for share in (0.3, 0.6, 0.95):
        with pytest.raises(ImageError):
            decode(file[: int(share * len(file))])


@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_cut_short_with_an_end_marker_set_behind(progressive):
    file = encode(photo(), "JPEG", quality=90, progressive=progressive)
    for missing in (1, 2, 10, len(file) // 3):
        refuse(file[: -2 - missing] + b"\xff\xd9", "cut short|damaged")


def test_png_of_too_few_and_too_many_rows():
    rows = png_rows(RGB)
    decode(png_file(37, 29, 8, 2, rows))
    refuse(png_file(37, 30, 8, 2, rows), "damaged")
    refuse(png_file(37, 28, 8, 2, rows), "damaged")
    refuse(png_file(37, 29, 8, 2, rows[:-1]), "damaged")


def test_gif_whose_codes_end_early():
    # Clear, colour 1, end: one pixel of four, though the chain of blocks is whole.
    start = b"GIF89a\2\0\2\0\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0\2\0\2\0\0\2"
    refuse(start + b"\2\x4c\1\0;", "damaged")
    decode(start + b"\3\x4c\x12\5\0;")  # four pixels of colour 1


def test_tiff_strips_that_lie_about_their_size():
    pixels = bytes(12)
    refuse(tiff_file(tiff_tags(4, 3, t279=[11]), pixels), "cut short")
    refuse(tiff_file(tiff_tags(4, 3, t279=[10_000]), pixels), "cut short")
    refuse(tiff_file(tiff_tags(4, 3, t273=[4_000_000_000]), pixels), "cut short")
    refuse(tiff_file(tiff_tags(4, 3, t279=[0]), pixels), "damaged")
    refuse(tiff_file(tiff_tags(4, 3, t273=[0]), pixels), "damaged")
    refuse(tiff_file(tiff_tags(4, 3, t273=[]), pixels), "damaged")
    refuse(tiff_file(tiff_tags(4, 3, t278=[1]), pixels), "damaged")


@pytest.mark.parametrize("compression", [5, 8, 32773])
def test_tiff_compressed_strips_that_hold_too_little(compression):
    names = {5: "tiff_lzw", 8: "tiff_adobe_deflate", 32773: "packbits"}
    file = bytearray(encode(photo(), "TIFF", compression=names[compression]))
    at = struct.unpack_from("<I", file, 4)[0]
    for entry in range(struct.unpack_from("<H", file, at)[0]):
        place = at + 2 + 12 * entry
        if struct.unpack_from("<H", file, place)[0] == 279:
            (size,) = struct.unpack_from("<I", file, place + 8)
            struct.pack_into("<I", file, place + 8, size // 2)
    refuse(bytes(file), "damaged")


# ------------------------------------------------------------------------------------------ damaged


def test_png_with_a_wrong_checksum_or_wrong_data():
    file = bytearray(encode(photo(), "PNG"))
    at = file.index(b"IDAT") + 40
    file[at] ^= 1
    refuse(bytes(file), "damaged")
    # A changed colour would go unnoticed but for the checksum.
    palette = bytearray(encode(PALETTE, "PNG"))
    palette[palette.index(b"PLTE") + 7] ^= 1
    refuse(bytes(palette), "damaged")
    rows = png_rows(RGB)
    squeezed = zlib.compress(rows)
    head, tail = png_file(37, 29, 8, 2, rows)[:33], png_chunk(b"IEND", b"")
    for broken in (squeezed[:-4] + bytes(4), b"\0" + squeezed[1:], squeezed[:30] + bytes(40) + squeezed[70:]):
        refuse(head + png_chunk(b"IDAT", broken) + tail, "damaged")
    refuse(head + png_chunk(b"IDAT", squeezed[:-4]) + tail, "cut short")
    refuse(head + tail, "cut short")
    refuse(head + png_chunk(b"IDAT", squeezed), "cut short")


@pytest.mark.parametrize(
    ("depth", "colours", "rows", "extra"),
    [
        (3, 0, b"\0\0", ()),
        (8, 5, b"\0\0", ()),
        (16, 3, b"\0\0\0", ()),
        (8, 3, b"\0\0", ()),
        (8, 3, b"\0\0", (png_chunk(b"PLTE", bytes(4)),)),
        (8, 0, b"\x05\0", ()),
        (8, 0, b"\0\0", (png_chunk(b"tRNS", bytes(3)),)),
        (8, 0, b"\0\0", (png_chunk(b"CgBI", bytes(4)),)),
        (8, 0, b"\0\0", (png_chunk(b"IHDR", bytes(13)),)),
    ],
    ids=["depth", "kind", "depth-of-palette", "no-palette", "odd-palette", "filter", "key", "unknown-part", "header"],
)
def test_png_that_contradicts_itself(depth, colours, rows, extra):
    refuse(png_file(1, 1, depth, colours, rows, *extra), "damaged")


def test_gif_that_contradicts_itself():
    file = encode(PALETTE, "GIF")
    at = file.index(b"\x2c\0\0\0\0")
    refuse(file[:at] + b";", "damaged")
    refuse(file[:at] + b"\x77" + file[at:], "damaged")
    refuse(file[:10] + b"\0\0\0" + file[at:], "damaged")  # no palette
    refuse(file[: at + 10] + b"\x0c" + file[at + 11 :], "damaged")  # codes of 13 bits


def test_webp_that_contradicts_itself():
    still = encode(RGB, "WEBP", lossless=True)
    length = int.from_bytes(still[16:20], "little")
    picture = still[20 : 20 + length]
    small = b"\0\0\0\0" + (9).to_bytes(3, "little") + (9).to_bytes(3, "little")
    refuse(webp_file((b"VP8X", small), (b"VP8L", picture)), "damaged")
    refuse(webp_file((b"VP8X", small)), "damaged")
    refuse(webp_file((b"VP8L", b"\0" + picture[1:])), "damaged")
    refuse(webp_file((b"VP8 ", picture)), "damaged")
    refuse(webp_file((b"VP8L", picture[: length // 2])), "damaged")


def test_tiff_that_contradicts_itself():
    pixels = bytes(300)
    refuse(tiff_file(tiff_tags(4, 3, t262=[2]), pixels), "colours of kind 2 in 1 samples")
    refuse(tiff_file(tiff_tags(4, 3, t262=[3]), pixels), "colours of kind 3 in 1 samples")
    refuse(tiff_file(tiff_tags(4, 3, t278=[0]), pixels), "damaged")
    refuse(tiff_file(tiff_tags(4, 3, t259=[7]), pixels), "damaged|cut short")
    refuse(b"II*\0" + (4).to_bytes(4, "little") + bytes(40), "damaged|cut short")
    refuse(b"II*\0" + (1_000_000).to_bytes(4, "little") + bytes(40), "cut short")
    refuse(b"II*\0\10\0\0\0\xff\xff" + bytes(40), "cut short")


# ------------------------------------------------------------------------------------------ not read here


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"t259": [4]}, "compression number 4"),
        ({"t259": [34925]}, "compression number 34925"),
        ({"t259": [6]}, "compression number 6"),
        ({"t262": [32803]}, "colours of kind"),
        ({"t258": [12], "t279": [18]}, "12 bits"),
        ({"t258": [32], "t279": [48]}, "32 bits"),
        ({"t258": [16], "t339": [2], "t279": [24]}, "signed"),
        ({"t258": [8, 16, 8], "t277": [3], "t262": [2], "t279": [48]}, "different bits"),
        ({"t262": [6], "t277": [3], "t258": [8, 8, 8], "t279": [36]}, "thinned-out"),
        ({"t277": [20], "t279": [240]}, "20 samples"),
        ({"t50706": [1]}, "camera raw"),
        ({"t254": [1], "t330": [16]}, "camera raw"),
    ],
)
def test_tiff_features_that_are_not_read(tags, words):
    refuse(tiff_file(tiff_tags(4, 3, **tags), bytes(300)), words)


def test_tiff_of_64_bits_with_the_highest_byte_first():
    refuse(tiff_file(tiff_tags(4, 3), bytes(12), order=">", big=True), "highest byte first")
    decode(tiff_file(tiff_tags(4, 3), bytes(12), big=True))


@pytest.mark.parametrize(
    ("shape", "options", "words"),
    [
        ((3, 4, 5), {"photometric": "rgb", "planarconfig": "separate"}, "a plane for each colour"),
        ((4, 5), {"photometric": "miniswhite"}, "fractions in colours of kind 0"),
        ((4, 5, 4), {"photometric": "separated"}, "fractions in colours of kind 5"),
        ((4, 5, 3), {"photometric": "cielab"}, "fractions in colours of kind 8"),
        ((4, 5, 2), {"photometric": "minisblack", "extrasamples": ["unassalpha"]}, "in 2 samples"),
    ],
)
def test_tiff_fractions_that_would_be_taken_for_other_colours(shape, options, words):
    file = io.BytesIO()
    tifffile.imwrite(file, np.full(shape, 0.5, np.float32), **options)
    refuse(file.getvalue(), words)


def test_tiff_gray_and_transparency_of_16_bits_in_planes():
    file, options = io.BytesIO(), {"planarconfig": "separate", "extrasamples": ["unassalpha"]}
    tifffile.imwrite(file, np.full((2, 4, 5), 9, np.uint16), photometric="minisblack", **options)
    refuse(file.getvalue(), "in a plane each")


def test_tiff_fractions_that_are_measurements():
    for value in (-0.1, 1.1, np.nan, np.inf):
        fractions = np.full((3, 4), 0.5, np.float32)
        fractions[1, 1] = value
        refuse(encode(fractions, "TIFF"), "fractions outside 0 to 1")


@pytest.mark.parametrize(("marker", "words"), [(0xC3, "lossless"), (0xC9, "arithmetic"), (0xC5, "hierarchical")])
def test_jpeg_kinds_that_cameras_do_not_write(marker, words):
    file = bytearray(encode(photo(), "JPEG"))
    file[jpeg_frame_at(file) - 3] = marker
    refuse(bytes(file), words)


def test_jpeg_of_12_bits():
    file = bytearray(encode(photo(), "JPEG"))
    file[jpeg_frame_at(file)] = 12
    refuse(bytes(file), "12 bits")


def test_bmp_with_a_jpeg_inside():
    file = bytearray(encode(RGB, "BMP"))
    file[30] = 4
    refuse(bytes(file), "compression number 4")


# ------------------------------------------------------------------------------------------ too large


def with_size(kind, width, height):
    """An honest small file whose header is changed to another size."""
    if kind == "GIF":
        file = bytearray(encode(PALETTE, kind))
        struct.pack_into("<HH", file, 6, width, height)
    elif kind == "PNG":
        return png_file(width, height, 8, 2, b"\0")
    elif kind == "BMP":
        file = bytearray(encode(RGB, kind))
        struct.pack_into("<II", file, 18, width, height)
    elif kind == "WEBP":
        file = bytearray(encode(RGB, kind))
        struct.pack_into("<HH", file, 26, width, height)
    elif kind == "JPEG":
        file = bytearray(encode(RGB, kind))
        struct.pack_into(">HH", file, jpeg_frame_at(file) + 1, height, width)
    else:
        return tiff_file(tiff_tags(width, height, t279=[12], t278=[1]), bytes(12))
    return bytes(file)


@pytest.mark.parametrize(
    ("kind", "width", "height", "words"),
    [
        ("JPEG", 65_000, 10, "at most 20,000 on a side"),
        ("JPEG", 10_000, 10_000, "52 million in all"),
        ("JPEG", 640, 0, "empty"),
        ("JPEG", 8160, 6144, "times its size"),
        ("PNG", 2**31 - 1, 2**31 - 1, "2,147,483,647"),
        ("PNG", 0, 5, "empty"),
        ("PNG", 5, 0, "empty"),
        ("PNG", 6000, 6000, "times its size"),
        ("PNG", 8000, 6000, "at most 47 million"),
        ("WEBP", 16_383, 16_383, "16,383 × 16,383"),
        ("WEBP", 0, 16_383, "empty"),
        ("BMP", 2**31 - 1, 1, "2,147,483,647"),
        ("BMP", 0, 1, "empty"),
        ("BMP", 640, 480, "cut short"),
        ("GIF", 65_535, 65_535, "65,535 × 65,535"),
        ("GIF", 6000, 6000, "times its size"),
        ("TIFF", 2**32 - 1, 2**32 - 1, "4,294,967,295"),
        ("TIFF", 0, 3, "empty"),
    ],
)
def test_sizes_that_are_refused_by_the_header(kind, width, height, words):
    refuse(with_size(kind, width, height), words)


def test_gif_frame_larger_than_its_canvas():
    file = bytearray(encode(PALETTE, "GIF"))
    at = file.index(b"\x2c\0\0\0\0")
    struct.pack_into("<HH", file, at + 5, 65_535, 65_535)
    refuse(bytes(file), "65,535 × 65,535")


def test_tiff_tile_larger_than_any_picture():
    tags = tiff_tags(4, 3, t273=[], t278=[], t279=[])
    tags |= {322: [2**31], 323: [2**31], 324: [16], 325: [12]}
    refuse(tiff_file(tags, bytes(12)), "damaged|cut short")


# ------------------------------------------------------------------------------------------ built to take long


def test_jpeg_of_thousands_of_scans():
    decode(jpeg_of_empty_scans(64, 10))
    refuse(jpeg_of_empty_scans(2048, 3000), "too much time")


def test_jpeg_of_thousands_of_segments():
    file = encode(photo(), "JPEG")
    refuse(file[:2] + jpeg_segment(0xE5, b"") * 5000 + file[2:], "too much time")


def test_png_of_thousands_of_chunks():
    file = encode(RGB, "PNG")
    refuse(file[:33] + png_chunk(b"teSt", b"") * 70_000 + file[33:], "too much time")


def test_gif_of_thousands_of_blocks():
    file = encode(PALETTE, "GIF")
    at = file.index(b"\x2c\0\0\0\0")
    refuse(file[:at] + b"!\xfe" + b"\1x" * 250_000 + b"\0" + file[at:], "too much time")


def test_webp_of_thousands_of_pieces():
    refuse(webp_file(*[(b"teSt", b"")] * 11_000), "too much time")


def test_tiff_of_a_million_strips_and_of_strips_that_share_their_bytes():
    refuse(tiff_file(tiff_tags(4, 3, t273=[16] * 70_000, t279=[4] * 70_000, t278=[1]), bytes(12)), "too much time")
    shared = tiff_tags(1000, 4, t278=[1], t273=[16] * 4, t279=[1000] * 4)
    refuse(tiff_file(shared, bytes(1000)), "damaged")


def test_bmp_of_a_million_runs():
    file = bytearray(encode(PALETTE, "BMP"))
    file[30] = 1
    refuse(bytes(file) + b"\1\0" * 600_000, "too much time")


# ------------------------------------------------------------------------------------------ anything at all

SEEDS = [file for file, _ in WHOLE.values()] + [
    encode(photo(), "JPEG", exif=exif_block(6), restart_marker_rows=1),
    encode(RGBA, "PNG", exif=exif_block(5)),
    encode(PALETTE, "PNG", transparency=bytes([0, 99])),
    encode(RGBA, "WEBP", lossless=True, exif=exif_block(3)),
    encode(Image.fromarray(RGB), "WEBP", save_all=True, append_images=[Image.fromarray(255 - RGB)]),
    encode(PALETTE, "GIF", save_all=True, append_images=[PALETTE.rotate(90)], transparency=3),
    encode(PALETTE, "TIFF", tiffinfo={274: 7}),
    png_with(encode(RGB, "PNG"), b"tEXt", b"a\0b"),
]


def with_checksums(file):
    """A PNG file with the checksums that its chunks should have, so that damage gets past them."""
    file, at = bytearray(file), 8
    while file.startswith(b"\x89PNG") and at + 12 <= len(file):
        (length,) = struct.unpack_from(">I", file, at)
        if at + 12 + length > len(file):
            break
        struct.pack_into(">I", file, at + 8 + length, zlib.crc32(bytes(file[at + 4 : at + 8 + length])))
        at += 12 + length
    return bytes(file)


@st.composite
def damaged_files(draw):
    file = bytearray(draw(st.sampled_from(SEEDS)))
    place = st.one_of(st.integers(0, min(len(file), 250) - 1), st.integers(0, len(file) - 1))
    for at, value in draw(st.lists(st.tuples(place, st.integers(0, 255)), max_size=6)):
        file[at] = value
    if draw(st.booleans()):
        start = draw(place)
        del file[start : start + draw(st.integers(0, 40))]
    file = file[: draw(st.integers(0, len(file)))] if draw(st.integers(0, 3)) == 0 else file
    return with_checksums(file) if draw(st.booleans()) else bytes(file)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged_files())
def test_damaged_files_give_a_picture_or_a_refusal(file):
    try:
        picture = decode(file)
    except ImageError as refusal:
        assert refusal.what and refusal.remedy
    else:
        assert picture.dtype == np.uint8
        assert picture.ndim == 3 and picture.shape[2] == 3 and picture.size


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([file[:16] for file in SEEDS] + [b""]), st.binary(max_size=300))
def test_noise_after_an_honest_beginning_is_refused(beginning, rest):
    with pytest.raises(ImageError):
        decode(beginning + rest)
