"""What keeps a clip model from being trained on the command line."""

import pytest

from engine.__main__ import main
from tests.studies.flow_sets import moving


@pytest.mark.parametrize(
    ("learner", "said"),
    [
        ("neuromer", "holds no answers of neuromer"),
        ("learnet", "study micro-expressions --learner learnet --output"),
        ("svm", "'svm' cannot be shipped"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path, capsys, learner, said):
    moving().save(tmp_path / "flow.npz")
    given = ["--data", str(tmp_path / "flow.npz"), "--benchmark", "missing.json", "--output", "out"]
    assert main(["micro", "train", "--learner", learner, *given]) == 1
    assert said in capsys.readouterr().err
