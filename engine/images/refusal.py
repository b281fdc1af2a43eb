"""The sentences with which a picture is refused, and the check of its size before any pixel is decoded."""

from engine import settings
from engine.errors import ImageError


def empty() -> ImageError:
    """Return the refusal of a file of zero bytes."""
    return ImageError("The file is empty (0 bytes).", "Copy or download it again, then try once more.")


def too_many_bytes(size: int) -> ImageError:
    """Return the refusal of a file of ``size`` bytes, more than are read."""
    limit = settings.IMAGE_MAX_BYTES / 2**20
    return ImageError(
        f"The file has {size / 2**20:,.1f} MB; at most {limit:,.0f} MB are read.",
        "Save the picture smaller or as JPEG, then try again.",
    )


def cut_short(kind: str) -> ImageError:
    """Return the refusal of a file of format ``kind`` that ends before its picture does."""
    return ImageError(
        f"The {kind} file is cut short: it ends before its picture does.",
        "Copy or download it again, then try once more.",
    )


def damaged(kind: str) -> ImageError:
    """Return the refusal of a file of format ``kind`` whose contents contradict the format."""
    return ImageError(
        f"The {kind} file is damaged.",
        "Copy or download it again, or open it in a picture viewer and save it as a new JPEG or PNG.",
    )


def unsupported(kind: str, feature: str) -> ImageError:
    """Return the refusal of a file of format ``kind`` that is whole but uses ``feature``, which is not read."""
    return ImageError(
        f"The {kind} file uses {feature}, which is not read here.", "Save it as JPEG or PNG and try again."
    )


def too_laborious(kind: str) -> ImageError:
    """Return the refusal of a file of format ``kind`` that is built to take far more work than its picture needs."""
    return ImageError(
        f"The {kind} file would take too much time or memory to decode.",
        "Open it in a picture viewer and save it as a new JPEG or PNG.",
    )


def too_large(kind: str, width: int, height: int, most: float) -> ImageError:
    """Return the refusal of a picture of more than the ``most`` pixels that are read of its kind."""
    millions = int(most / 1e5) / 10  # rounded down, or a picture of the stated size would be refused as well
    return ImageError(
        f"The {kind} picture is {width:,} × {height:,} pixels; of this kind at most {millions:g} million are read.",
        "Save the picture smaller, then try again.",
    )


def check_size(kind: str, width: int, height: int, *, stored: float, working: float, file_bytes: int) -> None:
    """Refuse a picture that is empty, too large, or that expands beyond what a photo does.

    Parameters
    ----------
    kind
        Name of the format, for the sentence.
    width, height
        Size in pixels, as the header states it.
    stored
        Bytes that one pixel has when unpacked, before any conversion (1/8 for black and white, 3 for RGB).
    working
        Bytes held for each pixel at the peak of decoding and converting.
    file_bytes
        Size of the compressed picture in bytes.

    Raises
    ------
    ImageError
        When a limit of :mod:`engine.settings` is passed.
    """
    pixels = width * height
    if pixels == 0:
        raise ImageError(f"The {kind} picture is {width} × {height} pixels: it is empty.", "Choose another picture.")
    if max(width, height) > settings.IMAGE_MAX_SIDE or pixels > settings.IMAGE_MAX_PIXELS:
        raise ImageError(
            f"The {kind} picture is {width:,} × {height:,} pixels; at most {settings.IMAGE_MAX_SIDE:,} on a side and "
            f"{settings.IMAGE_MAX_PIXELS / 1e6:.0f} million in all are read.",
            "Save the picture smaller, then try again.",
        )
    if pixels * working > settings.IMAGE_MAX_WORKING_BYTES:
        raise too_large(kind, width, height, settings.IMAGE_MAX_WORKING_BYTES / working)
    unpacked = pixels * stored
    expansion = unpacked / max(file_bytes, 1)
    if unpacked > settings.IMAGE_FREE_EXPANSION_BYTES and expansion > settings.IMAGE_MAX_EXPANSION:
        raise ImageError(
            f"The {kind} file unpacks to {expansion:,.0f} times its size; a photo unpacks to 5 to 100 times.",
            "Choose a photo. If this is one, save it as a new JPEG.",
        )
