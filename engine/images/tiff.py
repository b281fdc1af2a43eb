"""TIFF: the first picture, from whatever strips or tiles, bits and colours it is made of, to RGB.

Pillow (with libtiff for LZW, Deflate and PackBits) only puts the rows together: it is shown a gray picture as wide as a
row has bytes, with a directory written here, so that neither sees anything unbounded and all bits arrive. JPEG strips
go through :mod:`engine.images.jpeg`, because libtiff fills what is missing from them with gray.
"""

import io
import math
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageCms

from engine.errors import ImageError
from engine.images import jpeg, refusal
from engine.images.orientation import upright
from engine.images.pixels import by_bands, cmyk_to_rgb, from_pillow, look_up, over_white, to_8_bit
from engine.images.tiff_directory import KIND, Directory, read_directory, with_new_directory

# Tags (TIFF 6.0, section 8 and supplements).
_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 254, 256, 257, 258, 259, 262, 266
_STRIP_OFFSETS, _ORIENTATION, _SAMPLES, _STRIP_ROWS, _STRIP_BYTES, _PLANAR = 273, 274, 277, 278, 279, 284
_PREDICTOR, _COLOUR_MAP, _TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES = 317, 320, 322, 323, 324, 325
_SUBDIRECTORIES, _EXTRA_SAMPLES, _SAMPLE_FORMAT, _JPEG_TABLES, _SUBSAMPLING = 330, 338, 339, 347, 530
_DNG_VERSION = 50706

_PLAIN, _LZW, _JPEG, _DEFLATE, _OLD_DEFLATE, _PACKBITS = 1, 5, 7, 8, 32946, 32773
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR, _LAB = 0, 1, 2, 3, 5, 6, 8
_COLOUR_CHANNELS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _PALETTE: 1, _CMYK: 4, _YCBCR: 3, _LAB: 3}
_PREMULTIPLIED, _SEPARATE = 1, 2  # kinds of alpha

_MAX_SAMPLES = 10
# 52 megapixels in strips of one row or tiles of 32 by 32 stay below; each costs Pillow some microseconds.
_MAX_PIECES = 65_536
# Each JPEG piece is a file of its own, at some 60 microseconds.
_MAX_JPEG_PIECES = 8_192
_MAX_JPEG_TABLES = 8_192
# Pillow warns from 89 million pixels on, and here each byte of a row is one to it.
_MAX_ROW_BYTES = 85_000_000
# The colour management takes some 30 ns a pixel.
_MAX_LAB_PIXELS = 16_000_000


@dataclass(frozen=True)
class _Layout:
    """How the first picture is laid out in the file."""

    width: int
    height: int
    bits: int
    samples: int
    floating: bool
    photometric: int
    compression: int
    separate_planes: bool
    tiled: bool
    piece_width: int
    piece_height: int
    offsets: np.ndarray
    sizes: np.ndarray

    @property
    def across(self) -> int:
        return math.ceil(self.width / self.piece_width)

    @property
    def down(self) -> int:
        return math.ceil(self.height / self.piece_height)

    @property
    def planes(self) -> int:
        return self.samples if self.separate_planes else 1

    @property
    def interleaved(self) -> int:
        """How many samples of one pixel lie together."""
        return 1 if self.separate_planes else self.samples

    def row_bytes(self, width: int) -> int:
        """Return the bytes of one row of one plane, ``width`` pixels wide."""
        return (width * self.interleaved * self.bits + 7) // 8


def read(data: bytes) -> np.ndarray:
    """Decode the first picture of a TIFF file.

    Parameters
    ----------
    data
        The file, beginning with a TIFF or BigTIFF header.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB, upright, transparent parts white, 16 bits and fractions scaled to 8 bits.

    Raises
    ------
    ImageError
        When the file is not one whole picture, or not one that is allowed.
    """
    directory = read_directory(data)
    if (
        data[8:10] == b"CR"
        or _DNG_VERSION in directory
        or (directory.number(_SUBFILE, 0) & 1 and _SUBDIRECTORIES in directory)
    ):
        raise ImageError(
            "This is a camera raw file; the picture in it is only a preview.",
            "Save the photo as JPEG with the camera's or a photo program.",
        )
    layout = _layout(directory, len(data))
    _check(layout, directory, len(data))
    if layout.compression == _JPEG:
        rgb = _from_jpeg(data, layout, directory)
    else:
        rgb = _to_rgb(_samples(data, layout, directory), layout, directory)
    orientation = directory.number(_ORIENTATION, 1)
    return upright(rgb, orientation if 1 <= orientation <= 8 else 1)


def _layout(directory: Directory, file_bytes: int) -> _Layout:
    """Gather what the tags say, and refuse what contradicts itself."""
    width, height = directory.number(_WIDTH, 0), directory.number(_HEIGHT, 0)
    refusal.check_size(KIND, width, height, stored=0, working=0, file_bytes=file_bytes)
    samples = directory.number(_SAMPLES, 1)
    bits = {int(value) for value in directory.numbers(_BITS, _MAX_SAMPLES)} or {1}
    formats = {int(value) for value in directory.numbers(_SAMPLE_FORMAT, _MAX_SAMPLES)} or {1}
    if not 1 <= samples <= _MAX_SAMPLES:
        raise refusal.unsupported(KIND, f"{samples} samples a pixel")
    if len(bits) > 1 or len(formats) > 1:
        raise refusal.unsupported(KIND, "different bits for different colours")
    tiled = _TILE_OFFSETS in directory
    if tiled:
        piece_width, piece_height = directory.number(_TILE_WIDTH, 0), directory.number(_TILE_HEIGHT, 0)
    else:
        piece_width, piece_height = width, min(directory.number(_STRIP_ROWS, height), height)
    if piece_width < 1 or piece_height < 1:
        raise refusal.damaged(KIND)
    layout = _Layout(
        width=width,
        height=height,
        bits=bits.pop(),
        samples=samples,
        floating=formats == {3},
        photometric=directory.number(_PHOTOMETRIC, _WHITE_IS_ZERO),
        compression=directory.number(_COMPRESSION, _PLAIN),
        separate_planes=directory.number(_PLANAR, 1) == 2 and samples > 1,
        tiled=tiled,
        piece_width=piece_width,
        piece_height=piece_height,
        offsets=directory.numbers(_TILE_OFFSETS if tiled else _STRIP_OFFSETS, _MAX_PIECES),
        sizes=directory.numbers(_TILE_BYTES if tiled else _STRIP_BYTES, _MAX_PIECES),
    )
    if not formats <= {1, 3, 4} or layout.bits not in ((32,) if layout.floating else (1, 2, 4, 8, 16)):
        kind = {2: "signed numbers", 3: "fractions"}.get(max(formats), "numbers")
        raise refusal.unsupported(KIND, f"{kind} of {layout.bits} bits a sample (measurements, not a photo)")
    return layout


def _check(layout: _Layout, directory: Directory, file_bytes: int) -> None:
    """Refuse what is not read here, what does not lie in the file, and what takes too much work."""
    if layout.compression not in (_PLAIN, _LZW, _JPEG, _DEFLATE, _OLD_DEFLATE, _PACKBITS):
        names = {
            2: "fax compression",
            3: "fax compression",
            4: "fax compression",
            6: "the old kind of JPEG compression",
        }
        raise refusal.unsupported(KIND, names.get(layout.compression, f"compression number {layout.compression}"))
    channels = _COLOUR_CHANNELS.get(layout.photometric)
    if channels is None or (layout.floating and layout.photometric not in (_BLACK_IS_ZERO, _RGB)):
        raise refusal.unsupported(KIND, f"colours of kind {layout.photometric}")
    if layout.samples < channels:
        raise refusal.damaged(KIND)
    if layout.bits < 8 and (layout.samples > 1 or layout.photometric not in (0, 1, 3)):
        raise refusal.unsupported(KIND, f"colours of {layout.bits} bits")
    if layout.photometric == _PALETTE and layout.samples > 1:
        raise refusal.unsupported(KIND, "a palette with further samples")
    if layout.bits == 16 and layout.photometric in (_PALETTE, _YCBCR, _LAB):
        raise refusal.unsupported(KIND, "colours of this kind with 16 bits")
    plain = layout.compression != _JPEG
    if layout.photometric == _YCBCR and plain and list(directory.numbers(_SUBSAMPLING, 2)) != [1, 1]:
        raise refusal.unsupported(KIND, "thinned-out colours without JPEG compression")
    pixels, most = layout.width * layout.height, math.inf
    if plain:
        most = pixels * _MAX_ROW_BYTES / (layout.row_bytes(layout.width) * layout.planes * layout.height)
    if layout.photometric == _LAB:
        most = min(most, _MAX_LAB_PIXELS)
    if pixels > most:
        raise refusal.too_large(KIND, layout.width, layout.height, most)
    _check_pieces(layout, file_bytes)


def _check_pieces(layout: _Layout, file_bytes: int) -> None:
    """Refuse pieces (strips or tiles) that do not lie in the file one beside the other, whole."""
    pieces = layout.across * layout.down * layout.planes
    if pieces > (_MAX_JPEG_PIECES if layout.compression == _JPEG else _MAX_PIECES):
        raise refusal.too_laborious(KIND)
    if len(layout.offsets) < pieces or len(layout.sizes) < pieces:
        raise refusal.damaged(KIND)
    offsets, sizes = layout.offsets[:pieces], layout.sizes[:pieces]
    if (offsets > file_bytes).any() or (sizes > file_bytes).any() or (offsets + sizes > file_bytes).any():
        raise refusal.cut_short(KIND)
    # Pieces that share their bytes would be unpacked over and over.
    if (offsets < 8).any() or (sizes == 0).any() or sizes.sum() > file_bytes:
        raise refusal.damaged(KIND)
    rows = np.full((layout.planes, layout.down, layout.across), layout.piece_height)
    if not layout.tiled:
        rows[:, -1] = layout.height - (layout.down - 1) * layout.piece_height
    if layout.compression == _PLAIN and (sizes < layout.row_bytes(layout.piece_width) * rows.ravel()).any():
        raise refusal.cut_short(KIND)
    stored = layout.samples * layout.bits / 8
    refusal.check_size(
        KIND,
        layout.across * layout.piece_width,
        layout.down * layout.piece_height if layout.tiled else layout.height,
        stored=stored,
        # Pillow's picture, the samples, the result or the picture turned, and the file with its new directory.
        working=2 * max(stored, 1) + 3 + file_bytes / (layout.width * layout.height),
        file_bytes=int(sizes.sum()),
    )


def _samples(data: bytes, layout: _Layout, directory: Directory) -> np.ndarray:
    """Return the samples, (H, W, C) uint8, uint16 or float32; those of less than 8 bits as the numbers they are."""
    per_plane = layout.across * layout.down
    if layout.planes == 1:
        return _plane(data, layout, directory, 0, per_plane)
    kind = np.uint8 if layout.bits == 8 else np.uint16 if layout.bits == 16 else np.float32
    samples = np.empty((layout.height, layout.width, layout.samples), kind)
    for plane in range(layout.planes):
        samples[..., plane] = _plane(data, layout, directory, plane * per_plane, (plane + 1) * per_plane)[..., 0]
    return samples


def _plane(data: bytes, layout: _Layout, directory: Directory, first: int, last: int) -> np.ndarray:
    """Return the samples of one plane, (H, W, C), put together from the pieces ``first`` to ``last``."""
    rows = _rows(data, layout, directory, first, last)
    if layout.bits < 8:
        rows = _unpacked(rows, layout.bits)[:, : layout.width]
    else:
        rows = rows.view(directory.order + ("f4" if layout.floating else f"u{layout.bits // 8}"))
    samples = rows.reshape(layout.height, layout.width, layout.interleaved)
    if layout.compression in (_LZW, _DEFLATE, _OLD_DEFLATE):
        _undo_predictor(samples, directory.number(_PREDICTOR, 1), layout)
    return samples


def _rows(data: bytes, layout: _Layout, directory: Directory, first: int, last: int) -> np.ndarray:
    """Return the rows of one plane as Pillow puts them together, (H, bytes of a row) uint8."""
    if layout.tiled and (layout.piece_width * layout.interleaved * layout.bits) % 8:
        raise refusal.damaged(KIND)
    tags = {
        _WIDTH: [layout.row_bytes(layout.width)],
        _HEIGHT: [layout.height],
        _BITS: [8],
        _COMPRESSION: [layout.compression],
        _PHOTOMETRIC: [_BLACK_IS_ZERO],
        _FILL_ORDER: [2 if directory.number(_FILL_ORDER, 1) == 2 else 1],
        _SAMPLES: [1],
    }
    offsets, sizes = layout.offsets[first:last].tolist(), layout.sizes[first:last].tolist()
    if layout.tiled:
        tags[_TILE_WIDTH] = [layout.row_bytes(layout.piece_width)]
        tags |= {_TILE_HEIGHT: [layout.piece_height], _TILE_OFFSETS: offsets, _TILE_BYTES: sizes}
    else:
        tags |= {_STRIP_ROWS: [layout.piece_height], _STRIP_OFFSETS: offsets, _STRIP_BYTES: sizes}
    with Image.open(io.BytesIO(with_new_directory(data, directory.order, tags)), formats=["TIFF"]) as image:
        return from_pillow(image)


def _unpacked(packed: np.ndarray, bits: int) -> np.ndarray:
    """Return the 1-, 2- or 4-bit numbers of each row of bytes, the highest bits first."""
    shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
    numbers = (packed[..., np.newaxis] >> shifts) & np.uint8(2**bits - 1)
    return numbers.reshape(len(packed), -1)


def _undo_predictor(samples: np.ndarray, predictor: int, layout: _Layout) -> None:
    """Sum up, in place, samples that were stored as differences from their left neighbour in the same piece."""
    if predictor == 1:
        return
    if predictor != 2 or layout.bits not in (8, 16):
        raise refusal.unsupported(KIND, f"predictor number {predictor} with {layout.bits} bits")
    for left in range(0, layout.width, layout.piece_width):
        piece = samples[:, left : left + layout.piece_width]
        np.cumsum(piece, axis=1, dtype=samples.dtype, out=piece)


def _to_rgb(samples: np.ndarray, layout: _Layout, directory: Directory) -> np.ndarray:
    """Bring samples, (H, W, C), of every kind of colours to RGB over white."""
    if layout.photometric == _PALETTE:
        return look_up(samples[..., 0], _palette(layout, directory))
    channels = _COLOUR_CHANNELS[layout.photometric]
    extra = [int(value) for value in directory.numbers(_EXTRA_SAMPLES, _MAX_SAMPLES)]
    # Programs that forget to say what a fourth sample beside RGB is mean alpha.
    alpha = extra[0] if extra else _SEPARATE if (layout.photometric, layout.samples) == (_RGB, 4) else 0
    if layout.samples == channels or alpha not in (_PREMULTIPLIED, _SEPARATE):
        alpha = 0
    if layout.floating and not (samples[..., : channels + bool(alpha)].min() >= 0 and samples.max() <= 1):
        raise refusal.unsupported(KIND, "fractions outside 0 to 1 (measurements, not a photo)")

    def convert(band: np.ndarray) -> np.ndarray:
        band = _eight(band, layout)
        rgb = _coloured(band[..., :channels], layout.photometric)
        if alpha == _SEPARATE:
            rgb = over_white(rgb, band[..., channels])
        elif alpha == _PREMULTIPLIED:
            rgb = (rgb + np.minimum(255 - band[..., channels : channels + 1], 255 - rgb)).astype(np.uint8)
        return rgb

    return by_bands(samples, convert)


def _eight(band: np.ndarray, layout: _Layout) -> np.ndarray:
    """Scale samples of any kind to 8 bits, by their range."""
    if layout.floating:
        return np.rint(band * np.float32(255)).astype(np.uint8)
    if layout.bits < 8:
        return band * np.uint8(255 // (2**layout.bits - 1))
    return to_8_bit(band)


def _coloured(colours: np.ndarray, photometric: int) -> np.ndarray:
    """Bring 8-bit colours, (H, W, C), to RGB (or to one gray channel)."""
    match photometric:
        case 0:
            return 255 - colours
        case 5:
            return cmyk_to_rgb(colours)
        case 6:
            return cv2.cvtColor(np.ascontiguousarray(colours[..., (0, 2, 1)]), cv2.COLOR_YCrCb2RGB)
        case 8:
            height, width = colours.shape[:2]
            lab = Image.frombytes("LAB", (width, height), colours.tobytes(), "raw", "LAB")
            profiles = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
            return np.asarray(ImageCms.profileToProfile(lab, *profiles, outputMode="RGB"))
        case _:
            return colours


def _palette(layout: _Layout, directory: Directory) -> np.ndarray:
    """Return the colours of a palette picture, (N, 3) uint8."""
    values = directory.numbers(_COLOUR_MAP, 768)
    if len(values) != 3 * 2**layout.bits:
        raise refusal.damaged(KIND)
    # The map has 16 bits: some programs write 257 times a value of 8 bits, some 256 times, some the value itself.
    eight = values if values.max() < 256 else values >> 8
    return eight.reshape(3, -1).T.astype(np.uint8)


def _from_jpeg(data: bytes, layout: _Layout, directory: Directory) -> np.ndarray:
    """Decode a picture whose pieces are JPEG streams, (H, W, 3) uint8."""
    components = {_BLACK_IS_ZERO: 1, _RGB: 3, _YCBCR: 3}.get(layout.photometric)
    if layout.samples != components or layout.bits != 8 or layout.separate_planes:
        raise refusal.unsupported(KIND, "JPEG compression with colours of this kind")
    tables = directory.numbers(_JPEG_TABLES, _MAX_JPEG_TABLES).astype(np.uint8).tobytes()
    # Tables come as a JPEG stream without picture; an Adobe marker says whether the colours were transformed.
    shared = tables[2:-2] if len(tables) > 4 else b""
    marker = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([layout.photometric == _YCBCR])
    rgb = np.empty((layout.height, layout.width, 3), np.uint8)
    for index, (offset, size) in enumerate(zip(layout.offsets.tolist(), layout.sizes.tolist(), strict=False)):
        if index == layout.across * layout.down:
            break
        stream = b"".join((b"\xff\xd8", shared, marker, data[offset + 2 : offset + size]))
        top, left = (index // layout.across) * layout.piece_height, (index % layout.across) * layout.piece_width
        rows = min(layout.piece_height, layout.height - top)
        columns = min(layout.piece_width, layout.width - left)
        outline = jpeg.walk(stream)
        fits = rows <= outline.height <= layout.piece_height and outline.width == layout.piece_width
        if not fits or outline.progressive or len(outline.sampling) != components or len(outline.scans) > components:
            raise refusal.damaged(KIND)
        rgb[top : top + rows, left : left + columns] = jpeg.decode(stream, outline)[:rows, :columns]
    return rgb
