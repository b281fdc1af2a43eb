import json
import shutil

import numpy as np
import pytest
from skimage import data

from engine import images, settings
from engine.datasets import FaceSet
from engine.evaluation.cards import complete
from engine.evaluation.degradations import DEGRADATIONS
from engine.models import card as cards


@pytest.fixture
def faces():
    random = np.random.default_rng(0)
    votes = np.zeros((24, 10), np.int8)
    votes[:, 1] = 9
    labels = np.array(["happy", "angry", "sad"] * 8)
    split = np.repeat(["train", "val", "test"], 8)
    pictures = random.integers(0, 256, (24, 48, 48)).astype(np.uint8)
    pictures[8:16] = images.round_gray(images.resize(images.to_gray(data.astronaut()[20:190, 140:310]), 48))
    return FaceSet("set", pictures, labels, split, group=np.arange(24) % 20, votes=votes)


def test_a_card_gets_figures_and_curves_but_nothing_of_a_single_picture(tmp_path, faces):
    folder = tmp_path / "paper"
    shutil.copytree(settings.WEIGHTS_FOLDER / "paper", folder)
    complete(folder, faces, "test", "val", robustness=True)
    written = json.loads((folder / "card.json").read_text())
    votes, given, ferplus, *before = written["evaluations"]
    assert ferplus["judged_by"].startswith("FERPlus authors' rule") and ferplus["labels"][-1] == "contempt"
    # What was measured on other pictures stays, and nothing stands twice.
    assert before == json.loads((settings.WEIGHTS_FOLDER / "paper" / "card.json").read_text())["evaluations"]
    complete(folder, faces, "test")
    assert len(json.loads((folder / "card.json").read_text())["evaluations"]) == 3 + len(before)
    assert (given["data"], given["judged_by"]) == ("set, test", "given labels")
    assert votes["judged_by"] == "majority of the FERPlus votes"
    assert given["n"] == 8 and given["leak_free"]["n"] == 4 and len(given["fingerprint"]) == 64
    assert set(given["curves"]) == {"roc", "precision_recall", "reliability", "risk_coverage"}
    assert written["robustness"]["about"].startswith("set, val")
    assert set(written["robustness"]["sweeps"]) == set(DEGRADATIONS)
    keys = set(json.dumps(given).split('"')[1::2])
    assert not keys & {"rows", "true", "probabilities", "predictions"}


def test_a_card_is_readable_text_with_numbers_on_one_line():
    text = cards.as_text({"a": [1, 2.5, -3e-07], "b": {"words": ["x", "1, 2"]}, "c": [[1, 2], [3, 4]]})
    assert json.loads(text) == {"a": [1, 2.5, -3e-07], "b": {"words": ["x", "1, 2"]}, "c": [[1, 2], [3, 4]]}
    assert '"a": [1, 2.5, -3e-07]' in text and "[3, 4]" in text and '"x",\n' in text
