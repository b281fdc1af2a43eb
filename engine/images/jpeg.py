"""JPEG: its segments are walked and judged first; then libjpeg-turbo decodes, and its first complaint is final.

Pillow and OpenCV fill what is missing from a JPEG with gray and say nothing. ``simplejpeg`` wraps the same
libjpeg-turbo, reports its warnings as errors, and writes RGB straight into the array, which makes it the quickest too.
"""

import re
from dataclasses import dataclass, field

import numpy as np
import simplejpeg

from engine.images import refusal
from engine.images.orientation import orientation_of, upright
from engine.images.pixels import by_bands, cmyk_to_rgb

KIND = "JPEG"
# Honest files have tens of segments, or hundreds when a depth map or a large colour profile is attached.
_MAX_SEGMENTS = 4096
# Each scan of a progressive file visits every block of its components, at about 5 ns a visit, however little it
# says. 52 megapixels in the usual ten scans take 11 million visits (19 million with four inks); thousands of empty
# scans would take minutes.
_MAX_BLOCK_VISITS = 40_000_000
# A progressive file decodes at about 20 MB/s, a sequential one at 90: the 50-megapixel photos of phones are sequential.
_MAX_PROGRESSIVE_BYTES = 16 * 2**20

_START, _END, _SCAN, _APP1, _LINES = 0xD8, 0xD9, 0xDA, 0xE1, 0xDC
_SEQUENTIAL, _PROGRESSIVE = (0xC0, 0xC1), 0xC2
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# Inside a scan 0xFF is followed by 0, by a restart marker or by another 0xFF (padding); anything else ends the scan.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PADDING = re.compile(rb"\xff+")


@dataclass
class _Outline:
    """What the segments of one JPEG picture say, before a pixel is decoded."""

    width: int = 0
    height: int = 0
    progressive: bool = False
    orientation: int | None = None
    sampling: dict[int, int] = field(default_factory=dict)  # component number -> horizontal times vertical factor
    scans: list[list[int]] = field(default_factory=list)  # component numbers of each scan
    repairs: list[int] = field(default_factory=list)  # where a sequential scan states its progression wrongly
    end: int = 0  # just after the end marker

    def share(self, component: int) -> float:
        """Return the samples of a component for each pixel of the picture."""
        return self.sampling[component] / max(self.sampling.values())

    def block_visits(self) -> float:
        """Return how many 8 by 8 blocks the decoder goes through in all scans."""
        samples = sum(self.share(component) for scan in self.scans for component in scan)
        return samples * self.width * self.height / 64

    def working_bytes(self) -> float:
        """Return the bytes held for each pixel at the peak."""
        buffered = self.progressive or any(len(scan) < len(self.sampling) for scan in self.scans)
        coefficients = 2 * sum(self.share(component) for component in self.sampling) if buffered else 0
        output = 4 if len(self.sampling) == 4 else 3
        converted = 7 if len(self.sampling) == 4 else 3
        turned = 3 if self.orientation in (None, 1) else 6
        return max(output + coefficients, converted, turned)


def read(data: bytes) -> np.ndarray:
    """Decode the first picture of a JPEG file.

    Parameters
    ----------
    data
        The file, beginning with a JPEG start marker.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB, upright.

    Raises
    ------
    ImageError
        When the file is not one whole picture, or not one that is allowed.
    """
    outline = walk(data)
    check(outline)
    return upright(decode(data, outline), outline.orientation or 1)


def walk(data: bytes) -> _Outline:
    """Go through the segments up to the end marker of the first picture and note what they say."""
    outline = _Outline()
    at = 2
    for _ in range(_MAX_SEGMENTS):
        padding = _PADDING.match(data, at)
        if padding is None:
            raise refusal.damaged(KIND) if at < len(data) else refusal.cut_short(KIND)
        at = padding.end() + 1
        if at > len(data):
            raise refusal.cut_short(KIND)
        marker = data[at - 1]
        if marker == _END:
            if not outline.scans:
                raise refusal.damaged(KIND)
            outline.end = at
            return outline
        if marker <= 0x01 or 0xD0 <= marker <= _START:
            raise refusal.damaged(KIND)
        after = at + int.from_bytes(data[at : at + 2], "big")
        if after > len(data) or at + 2 > len(data):
            raise refusal.cut_short(KIND)
        if after < at + 2:
            raise refusal.damaged(KIND)
        at = _note(outline, marker, data, at + 2, after)
    raise refusal.too_laborious(KIND)


def _note(outline: _Outline, marker: int, data: bytes, start: int, after: int) -> int:
    """Note one segment, ``data[start:after]``, and return where the next one begins."""
    if marker in _FRAMES:
        _note_frame(outline, marker, data[start:after])
    elif marker == _LINES:
        raise refusal.unsupported(KIND, "a height stated after the picture")
    elif marker == _APP1 and outline.orientation is None and data.startswith(b"Exif\0\0", start):
        outline.orientation = orientation_of(data[start:after])
    elif marker == _SCAN:
        _note_scan(outline, data, start, after)
        found = _NEXT_MARKER.search(data, after)
        if found is None:
            raise refusal.cut_short(KIND)
        return found.start()
    return after


def _note_frame(outline: _Outline, marker: int, segment: bytes) -> None:
    if marker not in (*_SEQUENTIAL, _PROGRESSIVE):
        raise refusal.unsupported(KIND, "lossless, arithmetic or hierarchical compression")
    if outline.sampling or len(segment) < 6 or len(segment) != 6 + 3 * segment[5]:
        raise refusal.damaged(KIND)
    if segment[0] != 8:
        raise refusal.unsupported(KIND, f"{segment[0]} bits a sample")
    outline.progressive = marker == _PROGRESSIVE
    outline.height = int.from_bytes(segment[1:3], "big")
    outline.width = int.from_bytes(segment[3:5], "big")
    for number, factors, _ in zip(*[iter(segment[6:])] * 3, strict=True):
        horizontal, vertical = factors >> 4, factors & 15
        if not (1 <= horizontal <= 4 and 1 <= vertical <= 4) or number in outline.sampling:
            raise refusal.damaged(KIND)
        outline.sampling[number] = horizontal * vertical
    if len(outline.sampling) not in (1, 3, 4):
        raise refusal.unsupported(KIND, f"{len(outline.sampling)} colour components")


def _note_scan(outline: _Outline, data: bytes, start: int, after: int) -> None:
    segment = data[start:after]
    if not segment or len(segment) != 4 + 2 * segment[0] or not 1 <= segment[0] <= 4:
        raise refusal.damaged(KIND)
    components = list(segment[1 : 1 + 2 * segment[0] : 2])
    if not outline.sampling.keys() >= set(components):
        raise refusal.damaged(KIND)
    outline.scans.append(components)
    # Some phones leave zeros here. A sequential scan can only mean "all 64 coefficients, at full precision".
    if not outline.progressive and segment[-3:] != b"\x00\x3f\x00":
        outline.repairs.append(after - 3)


def check(outline: _Outline) -> None:
    """Refuse what is too large, or takes too much work for what it shows."""
    refusal.check_size(
        KIND,
        outline.width,
        outline.height,
        stored=len(outline.sampling),
        working=outline.working_bytes(),
        file_bytes=outline.end,
    )
    slow = outline.progressive and outline.end > _MAX_PROGRESSIVE_BYTES
    if slow or outline.block_visits() > _MAX_BLOCK_VISITS:
        raise refusal.too_laborious(KIND)


def decode(data: bytes, outline: _Outline) -> np.ndarray:
    """Decode a picture that was walked and checked, (H, W, 3) uint8 RGB, as stored."""
    if outline.repairs:
        repaired = bytearray(data)
        for at in outline.repairs:
            repaired[at : at + 3] = b"\x00\x3f\x00"
        data = bytes(repaired)
    # Up to the end marker only: phones append a second picture or a film.
    picture = memoryview(data)[: outline.end]
    if len(outline.sampling) == 4:
        # Every program that writes CMYK into JPEG follows Adobe and stores paper, not ink: 255 less the ink.
        return by_bands(_decompress(picture, "CMYK"), lambda paper: cmyk_to_rgb(255 - paper))
    return _decompress(picture, "RGB")


def _decompress(picture: memoryview, colours: str) -> np.ndarray:
    try:
        return simplejpeg.decode_jpeg(picture, colours, strict=True)
    except ValueError as complaint:
        if str(complaint).endswith("extraneous bytes before marker 0xd9"):
            # The first complaint comes at the very end marker: all scans were read, some padding follows them.
            return simplejpeg.decode_jpeg(picture, colours, strict=False)
        if "remature end" in str(complaint):
            raise refusal.cut_short(KIND) from complaint
        if "subsampling" in str(complaint):
            raise refusal.unsupported(KIND, "an unusual thinning-out of its colours") from complaint
        raise refusal.damaged(KIND) from complaint
