"""What the speed figures compare must be the same thing."""

import io

import numpy as np
import pytest
from PIL import Image

from engine.bench import peer
from engine.bench.figures import clips, lbp
from engine.bench.peer import PeerUnavailableError
from engine.bench.pictures import portrait, portrait_jpeg
from engine.features.lbp import lbp_3x3
from engine.features.optical_flow import flow_map, map_of


def test_numpy_version_gives_the_same_codes():
    gray = np.random.default_rng(0).integers(0, 4, (9, 14), np.uint8)
    np.testing.assert_array_equal(lbp.numpy_3x3(gray), lbp_3x3(gray))


def test_plain_flow_map_shows_the_same_motion():
    onset, apex, true = clips.face_and_motion()
    ours, plain, truth = flow_map(onset, apex), clips.plain_map(onset, apex), map_of(true)
    for channel in range(3):
        for found in (ours, plain):
            assert np.corrcoef(found[..., channel].ravel(), truth[..., channel].ravel())[0, 1] > 0.5


def test_photo_has_the_size_that_the_figures_name():
    assert portrait().shape == (480, 640, 3)
    with Image.open(io.BytesIO(portrait_jpeg())) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 480))
        assert np.abs(np.asarray(picture).astype(int) - portrait()).mean() < 4


def test_alternative_that_cannot_be_installed_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr(peer, "find_spec", lambda name: None)
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PeerUnavailableError, match="uv, which would install it, is not there"):
        peer.installed(("abacus==1.0",))
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\nexit 2\n")
    uv.chmod(0o755)
    with pytest.raises(PeerUnavailableError, match="uv could not install abacus==1.0"):
        peer.installed(("abacus==1.0",))
