"""What a file is by its first bytes: one of the formats that are read, or something to call by its name."""

import re

from engine.errors import ImageError

_ENDINGS = (
    "jpg jpeg jpe jfif jif jfi pjpeg pjp mpo png apng webp bmp dib gif tif tiff avif avifs heic heics heif heifs hif "
    "jp2 j2k j2c jpc jpf jpx pbm pgm ppm pnm tga ico pcx sgi ras qoi "
    "jxl svg psd xcf exr hdr pfm pam dds icns cur dng cr2 cr3 nef arw raw"
)
PICTURE_SUFFIXES = {f".{ending}" for ending in _ENDINGS.split()}
"""By what files are told to be pictures; those in the last line are refused, with what to do about it."""

_CHOOSE = "Choose a JPEG, PNG, WebP, BMP, GIF, TIFF, HEIC or AVIF file."
_SAVE = "Save it as JPEG and try again."

_READ = (
    ("JPEG", (b"\xff\xd8\xff",)),
    ("PNG", (b"\x89PNG\r\n\x1a\n",)),
    ("GIF", (b"GIF87a", b"GIF89a")),
    ("TIFF", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    ("BMP", (b"BM",)),
    ("JPEG 2000", (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")),
    ("ICO", (b"\0\0\1\0",)),
    ("SGI", (b"\x01\xda\0\1", b"\x01\xda\0\2", b"\x01\xda\1\1", b"\x01\xda\1\2")),
    ("Sun raster", (b"\x59\xa6\x6a\x95",)),
    ("QOI", (b"qoif",)),
)
_PPM = re.compile(rb"P[1-6](?:\s+(?:#[^\n]*\n)?\s*\d+){2}\s")
_PCX = re.compile(rb"\x0a[\x00\x02\x03\x05]\x01[\x01\x02\x04\x08]")
# TGA has no mark: its first 18 bytes, without and with a map of colours, have few forms.
_TGA = re.compile(
    rb".(?:\x00[\x02\x03\x0a\x0b]\x00{5}|\x01[\x01\x09].{4}[\x0f\x10\x18\x20]).{8}[\x08\x0f\x10\x18\x20][\x00-\x3f]",
    re.DOTALL,
)

# What people drop by mistake: how it begins, what it is, what to do.
_OTHERS = (
    ((b"%PDF-",), "a PDF document", "Save the picture in it as JPEG and try again."),
    ((b"PK\x03\x04", b"PK\x05\x06"), "a ZIP archive or an office document", "Take the picture out and try again."),
    ((b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ"), "an archive", "Unpack it and try again."),
    ((b"8BPS",), "a Photoshop document", _SAVE),
    ((b"\0\0\0\x0cJXL ", b"\xff\x0a"), "a JPEG XL picture", _SAVE),
    ((b"\0\0\2\0",), "a mouse pointer's picture", _SAVE),
    ((b"gimp xcf",), "a GIMP picture", _SAVE),
    ((b"v/1\x01", b"#?RADIANCE", b"#?RGBE", b"PF\n", b"Pf\n"), "a picture of high dynamic range", _SAVE),
    ((b"P7\n", b"DDS ", b"icns", b"II\xbc\x01", b"BPG\xfb", b"FLIF"), "a picture of a kind that is seldom met", _SAVE),
    ((b"\xd7\xcd\xc6\x9a",), "a Windows drawing", "Save it as PNG and try again."),
    ((b"%!PS", b"\xc5\xd0\xd3\xc6"), "a PostScript drawing", "Save it as PNG and try again."),
    (
        (b"\x1aE\xdf\xa3", b"\0\0\1\xba", b"OggS", b"FLV"),
        "a film or sound file",
        "Take a picture from it and try again.",
    ),
    ((b"RIFF", b"ID3", b"fLaC"), "a film or sound file", "Take a picture from it and try again."),
    ((b"\x7fELF", b"MZ"), "a program", _CHOOSE),
)

# The brands of the "ftyp" box, which HEIC, AVIF, camera raw and MP4 files share.
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF = (b"avif", b"avis")


def is_picture(head: bytes) -> bool:
    """Tell by a file's first half kilobyte whether it is a picture, also of a kind that is not read."""
    try:
        kind = recognise(head)
    except ImageError:
        return any(word in _name(head)[0] for word in ("picture", "drawing", "raw file", "Photoshop"))
    return kind != "BMP" or head[6:10] == bytes(4)  # texts begin with BM, too


def recognise(data: bytes) -> str:
    """Return the format of a file that is read, such as JPEG, PNG or TIFF: a key of what `engine.images.decode` reads.

    Parameters
    ----------
    data
        The file, or at least its first kilobyte.

    Raises
    ------
    ImageError
        When it is something else, called by its name where it has one that people know.
    """
    for kind, beginnings in _READ:
        if data.startswith(beginnings):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WebP"
    for kind, form in (("PPM", _PPM), ("PCX", _PCX), ("TGA", _TGA)):
        if form.match(data):
            return kind
    if data[4:8] == b"ftyp":
        brands = {data[at : at + 4] for at in (8, *range(16, 64, 4))}
        if brands & set(_AVIF):
            return "AVIF"
        if brands & set(_HEIC):
            return "HEIC"
    what, remedy = _name(data)
    raise ImageError(f"The file is {what}, not a picture that is read here.", remedy)


def _name(data: bytes) -> tuple[str, str]:
    """Return what another file is and what to do with it."""
    if data[4:8] == b"ftyp":
        if data[8:12] == b"crx ":
            return "a camera raw file", _SAVE
        return "a film or sound file", "Take a picture from it and try again."
    for beginnings, what, remedy in _OTHERS:
        if data.startswith(beginnings):
            return what, remedy
    head = data[:1024]
    text = head.lstrip().lower()
    if text.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in text:
        return "an SVG drawing", "Save it as PNG and try again."
    if not any(byte < 9 or 13 < byte < 32 for byte in head):
        return "a text", _CHOOSE
    return "of a kind that is not known", _CHOOSE
