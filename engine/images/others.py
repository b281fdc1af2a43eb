"""Formats that are seldom met and that Pillow alone reads.

JPEG 2000, PBM, PGM and PPM, TGA, ICO, PCX, SGI, Sun raster and QOI. Data sets of faces come in several of them.
"""

import io

import numpy as np
from PIL import (
    IcoImagePlugin,
    Image,
    ImageFile,
    Jpeg2KImagePlugin,
    PcxImagePlugin,
    PpmImagePlugin,
    QoiImagePlugin,
    SgiImagePlugin,
    SunImagePlugin,
    TgaImagePlugin,
)

from engine.images import bounded, refusal
from engine.images.pixels import by_bands, cmyk_to_rgb, from_pillow, gray_to_rgb, over_white, to_8_bit

PLUGINS: dict[str, type[ImageFile.ImageFile]] = {
    "JPEG 2000": Jpeg2KImagePlugin.Jpeg2KImageFile,
    "PPM": PpmImagePlugin.PpmImageFile,
    "TGA": TgaImagePlugin.TgaImageFile,
    "ICO": IcoImagePlugin.IcoImageFile,
    "PCX": PcxImagePlugin.PcxImageFile,
    "SGI": SgiImagePlugin.SgiImageFile,
    "Sun raster": SunImagePlugin.SunImageFile,
    "QOI": QoiImagePlugin.QoiImageFile,
}

# The others hardly pack: up to here they take next to no time, and starting a process for each would take most of it.
_PACKED = ("JPEG 2000", "ICO")
_APART_FROM_BYTES = 2**20
_WORKING = 12  # bytes a pixel at the peak: Pillow's picture, its samples, the result


def read(kind: str, data: bytes) -> np.ndarray:
    """Decode a picture; a larger file, and one that packs well, in a process of its own.

    Parameters
    ----------
    kind
        A key of `PLUGINS`.
    data
        The file.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB, transparent parts white; 16 bits are scaled to 8. Of an icon's pictures the largest.

    Raises
    ------
    ImageError
        When the file is not one whole picture, or not one that is allowed.
    """
    apart = kind in _PACKED or len(data) > _APART_FROM_BYTES
    return bounded.decode(kind, data) if apart else decode(kind, data)


def decode(kind: str, data: bytes) -> np.ndarray:
    """Do what `read` does, here."""
    with PLUGINS[kind](io.BytesIO(data), kind) as image:
        _check(kind, image, data)
        image.load()
        _check(kind, image, data)  # an icon holds whole files, whose sizes are their own
        mode = image.mode
        if mode.startswith("I"):
            wide = from_pillow(image)
            return by_bands(wide, lambda band: gray_to_rgb(to_8_bit(np.clip(band, 0, 0xFFFF).astype(np.uint16))))
        if mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
            rgba = from_pillow(image.convert("RGBA"))
            return by_bands(rgba, lambda band: over_white(band[..., :3], band[..., 3]))
        if mode == "CMYK":
            return by_bands(from_pillow(image), cmyk_to_rgb)
        return from_pillow(image if mode == "RGB" else image.convert("RGB"))


def _check(kind: str, image: Image.Image, data: bytes) -> None:
    stored = len(image.getbands()) * (2 if image.mode.startswith("I") else 1)
    refusal.check_size(kind, *image.size, stored=stored, working=_WORKING, file_bytes=len(data))
