"""Arrays in an ``.npz``, read as plain data: a header is judged before its bytes are, and nothing is ever unpickled."""

import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from engine.errors import UserError


@dataclass(frozen=True)
class Form:
    """What an array has to be.

    Attributes
    ----------
    kinds
        Its dtype's kind is one of these letters, as NumPy writes them: ``"iu"`` for whole numbers.
    shape
        A number, or a letter that stands for the same length wherever it is written.
    needed
        Whether it has to be there.
    """

    kinds: str
    shape: tuple[str | int, ...]
    needed: bool = True


def read_arrays(
    file: Path | IO[bytes], judge: Callable[[list[zipfile.ZipInfo]], None] = lambda entries: None
) -> dict[str, np.ndarray]:
    """Return all arrays of an ``.npz`` by name.

    Parameters
    ----------
    file
        Where it lies, or its bytes.
    judge
        Is shown the list of what lies in it before anything is read; what it raises ends the reading.

    Raises
    ------
    OSError
        Where the file cannot be opened.
    ValueError
        For a file that is damaged, that needs pickle, or whose headers are not true to their bytes.
    MemoryError
        Where the arrays do not fit into memory.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            judge(entries)
            arrays: dict[str, np.ndarray] = {}
            for entry in entries:
                key = entry.filename.removesuffix(".npy")
                if key in arrays:
                    raise ValueError(f"{key!a} is there twice")
                with packed.open(entry) as stored:
                    arrays[key] = _array(stored, entry.file_size)
            return arrays
    except (OSError, ValueError, MemoryError, UserError):
        raise
    except Exception as error:  # hostile bytes end in a dozen kinds of error
        raise ValueError(str(error) or type(error).__name__) from error


def read_as(file: Path | IO[bytes], forms: Mapping[str, Form]) -> dict[str, np.ndarray]:
    """Return those arrays of an ``.npz`` that are named, each of its form, without those that a newer version adds.

    Raises
    ------
    OSError, ValueError, MemoryError
        As `read_arrays`, and where an array is missing or of another form.
    """
    found = read_arrays(file)
    lengths: dict[str, int] = {}
    for name, form in forms.items():
        if name not in found:
            if form.needed:
                raise ValueError(f"it lacks {name}")
            continue
        array = found[name]
        fits = array.dtype.kind in form.kinds and array.ndim == len(form.shape)
        for wanted, length in zip(form.shape, array.shape, strict=False):
            fits = fits and length == (lengths.setdefault(wanted, length) if isinstance(wanted, str) else wanted)
        if not fits:
            raise ValueError(f"{name} is {array.dtype} of shape {array.shape}")
    return {name: found[name] for name in forms if name in found}


_HALVES = (0xD800, 0xDFFF)  # of surrogate pairs, which are letters only together, and not here
_HEADERS: dict[tuple[int, int], Callable[[IO[bytes]], tuple]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def _array(stored: IO[bytes], size: int) -> np.ndarray:
    """Read one array whose header is true to its ``size`` in bytes."""
    version = np.lib.format.read_magic(stored)
    if version not in _HEADERS:
        raise ValueError(f"version {version} of the format is not read")
    try:
        shape, fortran, dtype = _HEADERS[version](stored)
    except MemoryError as error:  # of the parser, over brackets within brackets
        raise ValueError("its header is nested too deeply") from error
    if dtype.kind not in "biufSU":
        raise ValueError(f"it holds {dtype}")
    count = 1
    for length in shape:
        if length < 0:
            raise ValueError(f"its shape is {shape}")
        count *= length
    if count * dtype.itemsize != size - stored.tell():
        raise ValueError(f"its header promises {count * dtype.itemsize:,} bytes, {size - stored.tell():,} follow")
    if count and not dtype.itemsize:
        raise ValueError(f"it holds {count:,} texts without a letter")
    array = np.empty(count, dtype)
    buffer: Any = array.view(np.uint8) if array.nbytes else b""  # an array of texts has no buffer of its own
    view = memoryview(buffer)
    at = 0
    while at < len(view):
        if not (read := stored.readinto(view[at : at + 2**20])):  # type: ignore[attr-defined]
            raise EOFError("it is cut short")
        at += read
    stored.read(1)  # at the end the checksum is compared
    if dtype.kind == "U":
        letters = np.frombuffer(buffer, np.dtype(np.uint32).newbyteorder(dtype.byteorder))
        if (letters > sys.maxunicode).any() or ((letters >= _HALVES[0]) & (letters <= _HALVES[1])).any():
            raise ValueError("it holds numbers that stand for no letter, or for half of one")
    return array.reshape(shape[::-1]).T if fortran else array.reshape(shape)
