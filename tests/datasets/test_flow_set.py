"""Flow sets: what is saved is loaded, and every wrong form is answered with one sentence."""

from dataclasses import replace

import numpy as np
import pytest

from engine.datasets.flow_set import FlowSet
from engine.errors import DataError


def flow_set(n: int = 5) -> FlowSet:
    flow = np.random.default_rng(0).integers(0, 256, (n, 28, 28, 3), dtype=np.uint8)
    subject = np.array([f"casme2/sub{1 + at % 2:02d}" for at in range(n)])
    classes = ("negative", "positive", "surprise")
    return FlowSet(
        flow, np.arange(n) % 3, classes, np.full(n, "casme2"), subject, np.array([f"EP{at}" for at in range(n)])
    )


def test_what_is_saved_is_loaded(tmp_path):
    clips = flow_set()
    clips.save(tmp_path / "clips.npz")
    again = FlowSet.load(tmp_path / "clips.npz")
    for key in ("flow", "y", "dataset", "subject", "name"):
        np.testing.assert_array_equal(getattr(again, key), getattr(clips, key))
    assert again.classes == clips.classes
    assert len(again) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["clips.npz"]


def test_the_form_of_the_shared_composite_is_read(tmp_path):
    clips = flow_set()
    np.savez(
        tmp_path / "shared.npz",
        flow=clips.flow,
        y=clips.y.astype(np.uint8),
        classes=np.array(clips.classes),
        dataset=clips.dataset,
        subject=clips.subject,
    )
    again = FlowSet.load(tmp_path / "shared.npz")
    assert again.y.dtype == np.int64
    assert again.name is None


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"flow": np.zeros((5, 14, 14, 3), np.uint8)}, r"\(5, 14, 14, 3\)"),
        ({"flow": np.zeros((5, 28, 28, 3))}, "float64"),
        ({"flow": np.zeros((0, 28, 28, 3), np.uint8)}, "no clip"),
        ({"y": np.array([0, 1, 2, 3, 0])}, "0 to 3"),
        ({"y": np.array([0, 1, 2, -1, 0])}, "-1 to 2"),
        ({"subject": np.array(["a"])}, r"subject has the shape \(1,\) for 5 clips"),
        ({"dataset": np.array("casme2")}, "dataset has the shape"),
        ({"classes": ("negative", "negative", "surprise")}, "different"),
    ],
)
def test_a_wrong_form_is_refused(tmp_path, change, word):
    with pytest.raises(DataError, match=word):
        replace(flow_set(), **change)
    clips = flow_set()
    arrays = {key: getattr(clips, key) for key in ("flow", "y", "classes", "dataset", "subject")} | change
    np.savez(tmp_path / "odd.npz", **{key: np.asarray(value) for key, value in arrays.items()})
    with pytest.raises(DataError, match=rf"odd\.npz: .*{word}"):
        FlowSet.load(tmp_path / "odd.npz")


def test_files_that_are_none(tmp_path):
    with pytest.raises(DataError, match="no file"):
        FlowSet.load(tmp_path / "missing.npz")
    (tmp_path / "text.npz").write_text("not a zip")
    with pytest.raises(DataError, match="cannot be read"):
        FlowSet.load(tmp_path / "text.npz")
    np.savez(tmp_path / "lacks.npz", flow=flow_set().flow)
    with pytest.raises(DataError, match=r"lacks classes, dataset, subject, y\."):
        FlowSet.load(tmp_path / "lacks.npz")
    np.savez(tmp_path / "pickle.npz", flow=np.array([{}], dtype=object))
    with pytest.raises(DataError, match="cannot be read"):
        FlowSet.load(tmp_path / "pickle.npz")
    np.savez(tmp_path / "halves.npz", **{key: np.zeros(1) for key in ("flow", "y", "classes", "dataset", "subject")})
    with pytest.raises(DataError, match="y is float64"):
        FlowSet.load(tmp_path / "halves.npz")


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match="cannot be written"):
        flow_set().save(tmp_path / "no" / "clips.npz")
