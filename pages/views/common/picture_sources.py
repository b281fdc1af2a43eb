"""Where the Photo page's pictures come from: files, the camera, or an example. None is ever stored."""

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import streamlit as st

from engine import settings
from engine.errors import ImageError
from pages.views.common.text import one_line

FORMATS = "jpg jpeg jpe jfif png webp bmp gif tif tiff heic heif avif jp2 j2k pgm ppm tga ico"
EXAMPLES = {"Astronaut": "astronaut.png", "Cat": "chelsea.png"}
"""Pictures inside the scikit-image package: Eileen Collins by NASA (public domain), and Chelsea the cat (CC0)."""


@dataclass(frozen=True)
class Picture:
    """A file's bytes and the name that its owner gave it; the name is only ever shown."""

    name: str
    data: bytes

    @cached_property
    def digest(self) -> str:
        """Tells pictures apart by what is in them."""
        return hashlib.blake2b(self.data, digest_size=16).hexdigest()


def upload_pictures() -> list[Picture]:
    """Take any number of files."""
    files = st.file_uploader(
        "Pictures with faces",
        type=FORMATS.split(),
        accept_multiple_files=True,
        max_upload_size=settings.IMAGE_MAX_BYTES // 2**20,
        key="photo files",
        help="They stay on this machine, are not stored, and are forgotten when you remove them here.",
    )
    if not files:
        st.markdown("No picture at hand? Choose “Example” above.")
    return [Picture(one_line(file.name) or "picture", file.getvalue()) for file in files]


def take_picture() -> list[Picture]:
    """Take one picture with the camera."""
    shot = st.camera_input(
        "Take a picture",
        key="photo camera",
        resolution="720p",
        width=640,
        help="The camera is on only while this is open; the picture stays on this machine and is not stored.",
    )
    return [] if shot is None else [Picture("camera picture", shot.getvalue())]


def example_picture() -> list[Picture]:
    """Take one of the pictures that come along."""
    name = st.segmented_control(
        "Example picture",
        list(EXAMPLES),
        default="Astronaut",
        required=True,
        key="photo example",
        help="Eileen Collins, NASA, public domain; Chelsea the cat, CC0. Both come with scikit-image.",
    )
    return [Picture(EXAMPLES[name], read_example(EXAMPLES[name]))]


PICTURE_SOURCES = {"Upload": upload_pictures, "Camera": take_picture, "Example": example_picture}


def read_example(file: str) -> bytes:
    """Return one of `EXAMPLES`."""
    # Read from the package's folder: importing skimage.data would take most of a second.
    package = importlib.util.find_spec("skimage")
    try:
        return (Path(package.submodule_search_locations[0]) / "data" / file).read_bytes()
    except (AttributeError, TypeError, IndexError, OSError) as error:
        raise ImageError(
            f"The example {file} is missing.", "Install scikit-image again, or upload a picture."
        ) from error
