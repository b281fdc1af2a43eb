"""``python -m engine spot``: the events of recordings."""

import io
import json
import subprocess
import sys
import types

import numpy as np
import pytest
from skimage import data

from engine.__main__ import main
from engine.errors import UserError
from engine.recognition.files import FileAnswer, spot_files
from engine.recognition.video import analysing
from engine.synthetic import synthetic_clip, true_event
from engine.videos import write_video

HEAD = np.ascontiguousarray(data.astronaut()[0:240, 100:340])


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """A face, an expression, no face, no recording; and what nobody asked for."""
    folder = tmp_path_factory.mktemp("recordings")
    (folder / "b").mkdir()
    write_video([HEAD] * 12, 30, folder / "a.mp4")
    event = true_event("surprise", 0.8, rise_s=0.15, hold_s=0.05, fall_s=0.2, intensity=0.9)
    clip = synthetic_clip(3, face=2, duration_s=2.2, fps=50, size=(240, 240), events=[event], head_motion=0.3)
    write_video((frame.picture for frame in clip.frames()), 50, folder / "b" / "c.webm")
    write_video([np.full((64, 64, 3), 90, np.uint8)] * 5, 15, folder / "b" / "d.avi")
    (folder / "e.MKV").write_text("no recording")
    (folder / "notes.txt").write_text("not asked for")
    return folder


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_is_as_it_is_described(recordings, capsys):
    assert main(["spot", str(recordings), "--json"]) == 1
    face, bad, event, nobody = lines(capsys)
    assert face == {
        "file": str(recordings / "a.mp4"),
        "fps": 30.0,
        "distinct_fps": 30.0,
        "duration_s": 0.4,
        "frames": 12,
        "faces": face["faces"],
        "warnings": face["warnings"],
    }
    assert [("rests is not known" in said) for said in face["warnings"]] == [True]
    # A smile that is there from the first picture to the last.
    ((smile,),) = (each["events"] for each in face["faces"])
    assert (smile["expression"], smile["decided"], smile["kind"]) == ("happy", True, "open")
    assert (smile["onset_s"], smile["onset_seen"], smile["end_seen"]) == (0.0, False, False)
    assert set(bad) == {"file", "error"} and bad["file"].endswith("e.MKV") and "not a recording" in bad["error"]
    assert [list(answer) for answer in (event, nobody)] == [list(face)] * 2
    assert (event["fps"], event["frames"], event["duration_s"]) == (50.0, 110, 2.2)
    found = event["faces"][0]["events"]
    assert found
    for moment in found:
        assert list(moment) == [
            "onset_s",
            "apex_s",
            "offset_s",
            "onset_seen",
            "end_seen",
            "kind",
            "expression",
            "decided",
            "probabilities",
            "action_units",
        ]
        for name, halves in moment["action_units"].items():
            assert name.startswith("AU") and set(halves) == {"right", "left"} and max(halves.values()) <= 5
        assert 0 <= moment["onset_s"] < moment["apex_s"] < moment["offset_s"] <= 2.2
        assert moment["kind"] == "micro" and isinstance(moment["decided"], bool)
        assert moment["expression"] == max(moment["probabilities"], key=moment["probabilities"].get)
        assert sum(moment["probabilities"].values()) == pytest.approx(1, abs=0.001)
    assert min(abs(moment["apex_s"] - 1.0) for moment in found) < 0.1
    assert nobody["faces"] == [] and any("No face" in warning for warning in nobody["warnings"])


def test_in_words(recordings, capsys):
    assert main(["spot", str(recordings / "b"), str(recordings / "e.MKV")]) == 1
    captured = capsys.readouterr()
    said = captured.out.splitlines()
    assert said[0].startswith(f"{recordings / 'b' / 'c.webm'}: 2.2 s, 110 frames, 50 a second; one face, ")
    assert said[1].split()[:6] == ["person", "onset", "apex", "offset", "length", "kind"]
    assert said[2].split()[0] == "1" and " micro " in said[2] and said[2].endswith("%)")
    assert any(line.startswith("    person 1 at ") and "outer brows up (AU2 " in line for line in said)
    assert any(line.startswith("    The recording has 15 frames a second") for line in said)
    assert said[-1].startswith(f"{recordings / 'e.MKV'}: The file is not a recording")
    assert "analysing" in captured.err and "analysing" not in captured.out


def test_two_processes_print_what_one_does(recordings, capsys):
    names = [str(recordings / "a.mp4"), str(recordings / "b" / "d.avi"), str(recordings / "e.MKV")]
    assert main(["spot", *names, "--json", "--enhance", "gamma"]) == 1
    alone = lines(capsys)
    assert [answer.get("enhanced") for answer in alone] == ["gamma", "gamma", None]
    assert main(["spot", *names, "--json", "--enhance", "gamma", "--jobs", "2"]) == 1
    assert lines(capsys) == alone


def test_a_moment_of_rest_is_named_for_a_person(monkeypatch, capsys, tmp_path):
    asked = []

    def analyse(path, name, **how):
        asked.append(how["rests"])
        raise UserError("Not this time.", "")

    monkeypatch.setattr(analysing, "analyse", analyse)
    for said in (["--rest", "1.5"], ["--rest", "2:0.25", "--rest", "1:3"], []):
        main(["spot", "clip.mp4", *said])
    assert asked == [{1: 1.5}, {2: 0.25, 1: 3.0}, {}]
    for bad in ("x", "0:1", "1:-1", "1:nan", "inf"):
        with pytest.raises(SystemExit):
            main(["spot", "clip.mp4", f"--rest={bad}"])
    capsys.readouterr()
    assert main(["spot", "a.mp4", "b.mp4", "--rest", "1"]) == 1
    assert "single recording" in capsys.readouterr().err


def test_a_rest_that_is_none_or_nobody_s_is_said(recordings, capsys):
    # The face of a.mp4 smiles from its first picture to its last.
    assert main(["spot", str(recordings / "a.mp4"), "--rest", "0.2", "--rest", "2:0.2", "--json"]) == 0
    (found,) = lines(capsys)
    assert any("0.20 s, which was named as rest, the model calls this face happy" in said for said in found["warnings"])
    assert any("named for person 2, and 1 person is seen" in said for said in found["warnings"])
    assert "plain" not in found["faces"][0]["events"][0]


def test_a_list_comes_from_standard_input(recordings, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(f"{recordings}/b/d.avi\n".encode())))
    assert main(["spot", "-"]) == 0
    assert capsys.readouterr().out.startswith(f"{recordings}/b/d.avi: 0.3 s, 5 frames, 15 a second; no face")


def test_a_folder_without_recordings_and_a_missing_file(tmp_path, capsys):
    assert main(["spot", str(tmp_path), str(tmp_path / "missing.mp4")]) == 1
    folder, missing = capsys.readouterr().out.splitlines()
    assert folder == f"{tmp_path}: The folder holds no recordings. Name one that does."
    assert "cannot be read: No such file" in missing


def test_what_no_one_foresaw_costs_one_line(recordings, monkeypatch):
    def stumble(*_, **__):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(analysing, "analyse", stumble)
    (answer,) = spot_files([recordings / "a.mp4"])
    assert answer == FileAnswer(
        str(recordings / "a.mp4"), None, "There is no answer for it (ZeroDivisionError: by nothing)."
    )


def test_an_unknown_model_is_said_once(recordings, capsys):
    assert main(["spot", str(recordings), "--model", "none"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and "There is no model 'none'" in captured.err


def test_spot_imports_no_tensorflow(recordings):
    program = (
        "import sys; from engine.__main__ import main\n"
        f"main(['spot', {str(recordings / 'a.mp4')!r}])\n"
        "sys.exit(any(name.split('.')[0] in ('tensorflow', 'keras') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
