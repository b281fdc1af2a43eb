"""TIFF: the first picture, from whatever strips or tiles, bits and colours it is made of, to RGB.

Pillow reads it with libtiff, fractions OpenCV does. Larger files are decoded in a process of their own, whose memory
and time are limited (`engine.images.bounded`); here stands only what makes a picture whole: libtiff fills what is
missing from JPEG strips with gray, and Pillow goes on with half a directory.
"""

import io
import math

import cv2
import numpy as np
from PIL import Image, TiffImagePlugin

from engine.errors import ImageError
from engine.images import bounded, jpeg, refusal
from engine.images.orientation import upright
from engine.images.pixels import bands, by_bands, cmyk_to_rgb, look_up, over_white, to_8_bit

KIND = "TIFF"
# Files up to here are decoded where they are: they unpack to less than what any expansion is free for.
_APART_FROM_BYTES = 2**18
# 52 megapixels in strips of one row or tiles of 32 by 32 stay below.
_MAX_PIECES = 65_536

# Tags (TIFF 6.0, section 8 and supplements).
_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_STRIP_OFFSETS, _ORIENTATION, _SAMPLES, _STRIP_BYTES, _COLOUR_MAP, _TILE_OFFSETS = 273, 274, 277, 279, 320, 324
_TILE_BYTES, _SUBDIRECTORIES, _SAMPLE_FORMAT, _JPEG_TABLES, _DNG_VERSION = 325, 330, 339, 347, 50706
_COMPRESSIONS = (1, 5, 7, 8, 32946, 32773)  # none, LZW, JPEG, Deflate, its old number, PackBits
_JPEG, _FRACTIONS, _WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _YCBCR, _SUBSAMPLING = 7, 3, 0, 1, 2, 6, 530
_PLANES, _EXTRA_SAMPLES, _MULTIPLIED, _SEPARATE = 284, 338, 1, 2

# Pillow's own reader does not hold a strip to the size that the file states; libtiff does.
TiffImagePlugin.READ_LIBTIFF = True
# The one order of bytes in which Pillow does not know 16 bits with white for zero.
TiffImagePlugin.OPEN_INFO[(b"MM", _WHITE_IS_ZERO, (1,), 1, (16,), ())] = ("I;16", "I;16B")
# Nor does it know gray of 16 bits with transparency: each pixel comes as four bytes, in this machine's order.
_PAIR = (16, 16)
for _order in (b"II", b"MM"):
    for _extra in (1, 2):
        TiffImagePlugin.OPEN_INFO[(_order, _BLACK_IS_ZERO, (1,), 1, _PAIR, (_extra,))] = ("RGBA", "RGBA")


def read(data: bytes) -> np.ndarray:
    """Decode the first picture of a TIFF file, a larger file in a process of its own.

    Parameters
    ----------
    data
        The file, beginning with a TIFF or BigTIFF header.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB, upright, transparent parts white; gray of 16 bits and fractions are scaled to 8 bits, of
        colours with 16 bits the upper 8 are taken.

    Raises
    ------
    ImageError
        When the file is not one whole picture, or not one that is allowed.
    """
    return decode(data) if len(data) <= _APART_FROM_BYTES else bounded.decode(KIND, data)


def decode(data: bytes) -> np.ndarray:
    """Do what `read` does, here."""
    tags = _directory(data)
    if data[8:10] == b"CR" or _DNG_VERSION in tags or (tags.get(_SUBFILE, 0) & 1 and _SUBDIRECTORIES in tags):
        raise ImageError(
            "This is a camera raw file; the picture in it is only a preview.",
            "Save the photo as JPEG with the camera's or a photo program.",
        )
    _check(data, tags)
    rgb = _fractions(data, tags) if _FRACTIONS in tags.get(_SAMPLE_FORMAT, ()) else _numbers(data, tags)
    orientation = tags.get(_ORIENTATION, 1)
    return upright(rgb, orientation if 1 <= orientation <= 8 else 1)


def _directory(data: bytes) -> TiffImagePlugin.ImageFileDirectory_v2:
    """Read the first directory; later ones, sub-directories and profiles are never followed."""
    if len(data) < 16:
        raise refusal.cut_short(KIND)
    if data.startswith(b"MM\0+"):
        raise refusal.unsupported(KIND, "64 bits with the highest byte first")
    tags = TiffImagePlugin.ImageFileDirectory_v2(data[: 16 if data[2] == 43 else 8])
    file = io.BytesIO(data)
    file.seek(tags.next)
    tags.next = -1
    tags.load(file)
    if tags.next == -1:  # it broke off
        raise refusal.cut_short(KIND)
    return tags


def _check(data: bytes, tags: TiffImagePlugin.ImageFileDirectory_v2) -> None:
    """Refuse a picture that is too large, and strips or tiles that do not lie in the file, whole."""
    width, height = tags.get(_WIDTH, 0), tags.get(_HEIGHT, 0)
    refusal.check_size(KIND, width, height, stored=0, working=0, file_bytes=len(data))
    samples, bits, formats = tags.get(_SAMPLES, 1), set(tags.get(_BITS, (1,))), set(tags.get(_SAMPLE_FORMAT, (1,)))
    if len(bits) > 1 or len(formats) > 1:
        raise refusal.unsupported(KIND, "different bits for different colours")
    stored = samples * max(bits) / 8
    if (formats, bits) != ({_FRACTIONS}, {32}) and not (formats <= {1, 4} and bits <= {1, 2, 4, 8, 16}):
        kind = {2: "signed numbers", 3: "fractions"}.get(max(formats), "numbers")
        raise refusal.unsupported(KIND, f"{kind} of {max(bits)} bits a sample (measurements, not a photo)")
    compression = tags.get(_COMPRESSION, 1)
    if compression not in _COMPRESSIONS:
        raise refusal.unsupported(KIND, f"compression number {compression}")
    offsets, sizes = (
        tags.get(strips, tags.get(tiles, ()))
        for strips, tiles in ((_STRIP_OFFSETS, _TILE_OFFSETS), (_STRIP_BYTES, _TILE_BYTES))
    )
    if max(len(offsets), len(sizes)) > _MAX_PIECES:
        raise refusal.too_laborious(KIND)
    if not sizes or len(sizes) != len(offsets) or min(sizes) == 0 or min(offsets) < 8:
        raise refusal.damaged(KIND)
    if any(offset + size > len(data) for offset, size in zip(offsets, sizes, strict=True)):
        raise refusal.cut_short(KIND)
    if sum(sizes) > len(data):  # pieces that share their bytes
        raise refusal.damaged(KIND)
    if compression == 1 and sum(sizes) < math.ceil(width * stored) * height:
        raise refusal.cut_short(KIND)
    # Pillow's picture and the result; later the result here and where it is asked for. The file is in both.
    working = max(stored, 4) + 3 + 2 * len(data) / (width * height)
    refusal.check_size(KIND, width, height, stored=stored, working=working, file_bytes=sum(sizes))
    if tags.get(_PHOTOMETRIC) == _YCBCR and compression != _JPEG and tags.get(_SUBSAMPLING) != (1, 1):
        raise refusal.unsupported(KIND, "thinned-out colours without JPEG compression")
    if compression == _JPEG:
        # Tables come as a JPEG stream without picture; an Adobe marker says whether the colours were transformed.
        shared = tags.get(_JPEG_TABLES, b"")[2:-2]
        marker = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([tags.get(_PHOTOMETRIC) == _YCBCR])
        there = 0
        for offset, size in zip(offsets, sizes, strict=True):
            stream = b"".join((b"\xff\xd8", shared, marker, data[offset + 2 : offset + size]))
            outline = jpeg.walk(stream)
            there += outline.width * outline.height
            jpeg.decode(stream, outline)  # which puts up with nothing
        if there < width * height:
            raise refusal.damaged(KIND)


class _Stored(TiffImagePlugin.TiffImageFile):
    """A picture as stored: Pillow would turn it upright by whatever its metadata say, and hold it twice."""

    def load_end(self) -> None:
        """Undo the size that it was to have upright."""
        self._size = self.im.size


def _numbers(data: bytes, tags: TiffImagePlugin.ImageFileDirectory_v2) -> np.ndarray:
    """Return the picture of whole numbers, (H, W, 3) uint8 RGB as stored."""
    pairs = tags.get(_BITS) == _PAIR
    if pairs and tags.get(_PLANES, 1) != 1:
        raise refusal.unsupported(KIND, "gray of 16 bits and transparency in a plane each")
    try:
        image: Image.Image = _Stored(io.BytesIO(data))
    except SyntaxError as error:
        kind, samples, bits = tags.get(_PHOTOMETRIC), tags.get(_SAMPLES, 1), tags.get(_BITS, (1,))[0]
        raise refusal.unsupported(KIND, f"colours of kind {kind} in {samples} samples of {bits} bits") from error
    image.load()
    if image.mode not in ("P", "L", "LA", "RGB", "RGBA", "RGBX", "CMYK", "I;16", "I;16B"):
        image = image.convert("RGBA" if image.mode == "PA" else "RGB")
    mode, rgb = image.mode, np.empty((image.height, image.width, 3), np.uint8)
    inverted = mode.startswith("I;16") and tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    colours = np.array(tags.get(_COLOUR_MAP, (0,)))
    # The map has 16 bits: some programs write 257 times a value of 8 bits, some 256 times, some the value itself.
    palette = (colours if colours.max() < 256 else colours >> 8).astype(np.uint8)

    def convert(band: np.ndarray) -> np.ndarray:
        if mode == "P":
            return look_up(band, palette.reshape(3, -1).T)
        if mode == "CMYK":
            return cmyk_to_rgb(band)
        if mode in ("L", "I;16", "I;16B"):
            gray = to_8_bit(band)[..., np.newaxis]
            return 255 - gray if inverted else gray
        if pairs:
            eight = to_8_bit(np.ascontiguousarray(band).view(np.uint16))
            return _over_white(eight[..., :1], eight[..., 1], tags[_EXTRA_SAMPLES][0])
        if mode in ("LA", "RGBA"):
            return over_white(band[..., :-1], band[..., -1])
        return band[..., :3]

    for rows in bands(*rgb.shape[:2]):
        rgb[rows] = convert(np.asarray(image.crop((0, rows.start, image.width, rows.stop))))
    return rgb


def _fractions(data: bytes, tags: TiffImagePlugin.ImageFileDirectory_v2) -> np.ndarray:
    """Return the picture of fractions of 1, (H, W, 3) uint8 RGB as stored."""
    # OpenCV takes one plane for another, and any colours for gray or red, green and blue.
    if tags.get(_PLANES, 1) != 1:
        raise refusal.unsupported(KIND, "fractions in a plane for each colour")
    kind, count = tags.get(_PHOTOMETRIC), tags.get(_SAMPLES, 1)
    if (kind, count) not in ((_BLACK_IS_ZERO, 1), (_RGB, 3), (_RGB, 4)):
        raise refusal.unsupported(KIND, f"fractions in colours of kind {kind} in {count} samples")
    samples = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if samples is None:
        raise refusal.damaged(KIND)
    if samples.dtype != np.float32 or not (samples.min() >= 0 and samples.max() <= 1):
        raise refusal.unsupported(KIND, "fractions outside 0 to 1 (measurements, not a photo)")
    samples = np.atleast_3d(samples)
    alpha = tags.get(_EXTRA_SAMPLES, (_SEPARATE,))[0] if count == 4 else 0

    def convert(band: np.ndarray) -> np.ndarray:
        eight = np.rint(band * np.float32(255)).astype(np.uint8)
        colours = eight[..., 2::-1]
        return _over_white(colours, eight[..., 3], alpha) if alpha in (_MULTIPLIED, _SEPARATE) else colours

    return by_bands(samples, convert)


def _over_white(colours: np.ndarray, alpha: np.ndarray, kind: int) -> np.ndarray:
    """Lay colours over white that are multiplied by alpha already, or are not."""
    if kind == _SEPARATE:
        return over_white(colours, alpha)
    return colours + np.minimum(255 - colours, 255 - alpha[..., np.newaxis])
