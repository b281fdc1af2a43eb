"""HEIC and AVIF: the picture that was put in, in every arrangement, and a sentence for all that is damaged."""

import struct

import numpy as np
import pytest
from heif_files import aperture, coded, heic, mirrored, rotated, tiles_of
from picture_files import encode, photo
from PIL import Image

from engine import settings
from engine.errors import ImageError
from engine.images import bounded, decode, heif
from engine.images.kinds import recognise

PHOTO = photo(96, 128)


@pytest.fixture(scope="module")
def whole():
    return heic([coded(PHOTO)], (128, 96))


@pytest.fixture(scope="module")
def tiled():
    tiles, columns = tiles_of(PHOTO[:90, :120], 64)
    return heic(tiles, (120, 90), columns, tile_size=(64, 64))


@pytest.fixture
def here(monkeypatch):
    """Decode HEIC in this process: a worker takes most of a second to start."""
    monkeypatch.setattr(bounded, "decode", lambda kind, data: heif.decode_heic(data))


def far(one, other):
    assert one.shape == other.shape
    return np.abs(one.astype(int) - other).max()


def test_a_picture_comes_back(whole):
    assert recognise(whole) == "HEIC"
    assert far(decode(whole), PHOTO) <= 3  # colours are rounded on the way to luma and chroma and back


def test_tiles_are_laid_side_by_side_and_cut(here, tiled):
    assert far(decode(tiled), PHOTO[:90, :120]) <= 3


def test_halved_chroma(here):
    smooth = np.tile(np.linspace(30, 220, 128).astype(np.uint8)[:, None], (96, 1, 3))
    assert far(decode(heic([coded(smooth, "yuv420p")], (128, 96))), smooth) <= 3


@pytest.mark.parametrize(
    ("boxes", "meant"),
    [
        ([rotated(0)], PHOTO),
        ([rotated(1)], np.rot90(PHOTO)),
        ([rotated(2)], np.rot90(PHOTO, 2)),
        ([rotated(3)], np.rot90(PHOTO, 3)),
        ([mirrored(0)], PHOTO[::-1]),
        ([mirrored(1)], PHOTO[:, ::-1]),
        ([rotated(1), mirrored(1)], np.rot90(PHOTO)[:, ::-1]),
        ([rotated(3), mirrored(0)], np.rot90(PHOTO, 3)[::-1]),
        ([aperture(100, 50)], PHOTO[23:73, 14:114]),
        ([aperture(100, 50, 28, -46), rotated(1)], np.rot90(PHOTO[:50, 28:])),
    ],
)
def test_what_the_container_says_is_done(here, boxes, meant):
    assert far(decode(heic([coded(PHOTO)], (128, 96), more=boxes)), meant) <= 3


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_brands(here, brand):
    assert decode(heic([coded(PHOTO)], (128, 96), brand=brand)).shape == (96, 128, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_avif_is_turned_as_it_says(orientation):
    exif = Image.Exif()
    exif[274] = orientation
    data = encode(PHOTO, "AVIF", quality=100, subsampling="4:4:4", exif=exif)
    meant = {
        1: PHOTO,
        2: PHOTO[:, ::-1],
        3: np.rot90(PHOTO, 2),
        4: PHOTO[::-1],
        5: PHOTO.swapaxes(0, 1),
        6: np.rot90(PHOTO, 3),
        7: np.rot90(PHOTO)[:, ::-1],
        8: np.rot90(PHOTO),
    }[orientation]
    assert far(decode(data), meant) <= 6


def test_transparent_avif_is_white():
    clear = np.dstack([PHOTO, np.zeros((96, 128, 1), np.uint8)])
    assert decode(encode(clear, "AVIF")).min() >= 254


@pytest.mark.parametrize("share", [0.1, 0.6, 0.99])
@pytest.mark.parametrize("kind", ["HEIC", "tiled", "AVIF"])
def test_cut_short(whole, tiled, kind, share):
    data = {"HEIC": whole, "tiled": tiled, "AVIF": encode(PHOTO, "AVIF")}[kind]
    with pytest.raises(ImageError, match="cut short|damaged"):
        decode(data[: int(share * len(data))])


def test_a_size_that_is_too_large_is_refused_before_anything_is_decoded(whole, monkeypatch):
    monkeypatch.setattr(bounded, "decode", lambda *_: pytest.fail("decoded"))
    large = struct.pack(">II", 9000, 9000)
    with pytest.raises(ImageError, match="9,000 × 9,000 pixels"):
        decode(whole.replace(struct.pack(">II", 128, 96), large))
    avif = encode(PHOTO, "AVIF")
    assert avif.count(struct.pack(">II", 128, 96))
    with pytest.raises(ImageError, match="9,000 × 9,000 pixels"):
        decode(avif.replace(struct.pack(">II", 128, 96), large))
    monkeypatch.setattr(settings, "IMAGE_MAX_SIDE", 100)
    with pytest.raises(ImageError, match="128 × 96"):
        decode(whole)


def test_a_size_that_the_coded_picture_does_not_have_is_damage(here, whole):
    with pytest.raises(ImageError, match="damaged"):
        decode(whole.replace(struct.pack(">II", 128, 96), struct.pack(">II", 256, 96)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.replace(b"hvc1", b"jpeg"), "a picture of the type 'jpeg'"),
        (lambda data: data.replace(b"hvc1", b"iden"), "a picture of the type 'iden'"),
        (lambda data: data.replace(b"hvcC", b"free"), "damaged"),
        (lambda data: data.replace(b"meta", b"moov"), "a sequence without a still"),
        (lambda data: data.replace(b"pitm", b"free"), "damaged"),
        (lambda data: data.replace(b"ispe", b"free"), "damaged"),
    ],
)
def test_other_containers_are_refused(here, whole, change, said):
    with pytest.raises(ImageError, match=said):
        decode(change(whole))


def test_no_change_of_a_byte_in_the_container_is_more_than_a_refusal(whole, tiled):
    """Walking is all that a hostile container can steer outside of the bounded process."""
    random = np.random.default_rng(3)
    for data in (whole, tiled):
        end = data.index(b"mdat")
        for _ in range(1500):
            crooked = bytearray(data)
            for at in random.integers(8, end, random.integers(1, 4)):
                crooked[at] = random.choice([0, 1, 127, 128, 255, int(random.integers(256))])
            try:
                heif.walk(bytes(crooked))
            except ImageError:
                continue
