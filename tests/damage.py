"""What may become of a file between two times that it is read."""

import copy
import io
import json

import numpy as np

ODD = (None, 7, -1, 0.5, "x", True, [], {}, [{}], {"x": []}, float("nan"), 10**30)
UNTOUCHED = ("newer", "whole")
"""Names of what is no damage: a newer version's keys, and nothing."""


def of_any(data):
    """Yield a name, and what stands in the place of a file's bytes; None for a folder."""
    yield "whole", data
    yield "half", data[: len(data) // 2]
    yield "empty", b""
    yield "other", b"\xff\xfe\x00 no such file"
    yield "folder", None


def of_json(data):
    """Yield the same, and of an object each entry gone, and each of other types."""
    yield from of_any(data)
    for name, text in (("null", "null"), ("list", "[]"), ("number", "7"), ("text", '"x"'), ("deep", "[" * 100_000)):
        yield name, text.encode()
    said = json.loads(data)
    yield "newer", json.dumps({**said, "newer": {"a": [1]}}).encode()
    for key, value in said.items():
        left = copy.copy(said)
        del left[key]
        yield f"no {key}", json.dumps(left).encode()
        for odd in ODD:
            if type(odd) is not type(value):
                yield f"{key} {odd!r}", json.dumps({**said, key: odd}).encode()


def of_arrays(data):
    """Yield the same of an ``.npz``: each array gone, of other types, lengths and dimensions."""
    yield from of_any(data)
    yield "cut", data[:-30]
    yield "flipped", data[:60] + bytes([data[60] ^ 255]) + data[61:]
    with np.load(io.BytesIO(data)) as stored:
        arrays = dict(stored)
    yield "newer", _packed(arrays | {"newer": np.arange(3)})
    for key, value in arrays.items():
        shape = value.shape
        yield f"no {key}", _packed({name: array for name, array in arrays.items() if name != key})
        for name, odd in {
            "single": np.array(3),
            "short": value[: len(value) // 2] if shape else np.ones(2),
            "flat": value.ravel()[:, None],
            "deep": np.zeros((*shape, 2), value.dtype),
            "pickle": np.array([{}] * 3, object),
            "complex": np.zeros(shape, complex),
            "bytes": np.full(shape, b"\xff"),
            "record": np.zeros(shape, [("a", int)]),
        }.items():
            yield f"{key} {name}", _packed(arrays | {key: odd})


def _packed(arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()
