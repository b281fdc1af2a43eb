"""The five sets, each in a small folder of its own layout."""

import cv2
import numpy as np
import pytest
from clip_folders import (
    CASME2_HEADING,
    casme,
    casme2,
    casme2_row,
    casme_squared,
    frames,
    numbered,
    samm,
    smic,
    xlsx,
)

from engine.datasets.clip_sets import read_clips
from engine.errors import DataError, ImageError
from engine.videos import write_video


def spans(clips):
    return [(clip.onset, clip.apex, clip.offset) for clip in clips.clips]


def test_casme2(tmp_path):
    clips = read_clips(casme2(tmp_path))
    assert (clips.kind, clips.name, clips.fps, clips.problems) == ("casme2", "CASME II", 200, ())
    assert clips.subjects == ("sub01", "sub02")
    assert spans(clips) == [(46, 50, 56), (8, 14, 20), (1, None, 5)]
    first, second, third = clips.clips
    assert (first.subject, first.name, first.row) == ("sub01", "EP02_01f", 2)
    assert first.numbers == tuple(range(46, 57))
    assert second.action_units == ("4", "L10")
    assert [clip.label() for clip in clips.clips] == ["positive", "negative", None]
    assert [clip.label(5) for clip in clips.clips] == ["happiness", "repression", "others"]
    assert clips.counts() == {
        "sub01": {"negative": 0, "positive": 1, "surprise": 0, "": 0},
        "sub02": {"negative": 1, "positive": 0, "surprise": 0, "": 1},
    }
    assert third.fps == 200


def test_pictures_are_read_one_by_one_and_only_those_asked_for(tmp_path):
    root = casme2(tmp_path)
    (root / "CASME2_RAW_selected/sub01/EP02_01f/img56.jpg").write_bytes(b"no picture")
    clip = read_clips(root).clips[0]
    found = list(clip.pictures(48, 50))
    assert [number for number, _ in found] == [48, 49, 50]
    assert found[0][1].shape == (6, 8, 3) and found[0][1].dtype == np.uint8
    assert abs(int(clip.picture(50)[0, 0, 0]) - 104) <= 1  # the fifth picture's shade
    with pytest.raises(ImageError, match=r"img56\.jpg"):
        list(clip.pictures())
    with pytest.raises(DataError, match="has no frame 99"):
        clip.picture(99)


def test_casme(tmp_path):
    clips = read_clips(casme(tmp_path))
    assert (clips.kind, clips.fps, clips.problems) == ("casme", 60, ())
    assert spans(clips) == [(113, 116, 120), (9, 11, 14)]
    assert clips.subjects == ("sub01", "sub08")
    assert [clip.label(5) for clip in clips.clips] == ["tense", "repression"]
    assert [clip.label(3) for clip in clips.clips] == [None, "negative"]


def test_samm(tmp_path):
    clips = read_clips(samm(tmp_path))
    assert (clips.kind, clips.fps, clips.problems) == ("samm", 200, ())
    assert clips.subjects == ("006", "010")
    assert spans(clips) == [(5562, 5567, 5572), (301, 305, 309)]
    assert clips.clips[0].action_units == ("12A", "14")
    assert [clip.label(5) for clip in clips.clips] == ["anger", "others"]
    assert [clip.label() for clip in clips.clips] == ["negative", None]


def test_smic_needs_no_sheet(tmp_path):
    clips = read_clips(smic(tmp_path))
    assert (clips.kind, clips.name, clips.fps) == ("smic", "SMIC HS", 100)
    assert [(clip.subject, clip.name, clip.onset, clip.apex, clip.offset, clip.label()) for clip in clips.clips] == [
        ("s01", "s1_ne_01", 129000, None, 129006, "negative"),
        ("s01", "s1_sur_01", 130000, None, 130004, "surprise"),
        ("s12", "s12_po_03", 7, None, 12, "positive"),
    ]
    (problem,) = clips.problems
    assert "s12_nm_01" in problem
    with pytest.raises(DataError, match="five classes"):
        clips.counts(5)


def test_smic_of_several_cameras_is_asked_about(tmp_path):
    smic(smic(tmp_path), "VIS")
    with pytest.raises(DataError, match=r"several cameras \(HS, VIS\)"):
        read_clips(tmp_path)
    assert read_clips(tmp_path, "smic-vis").fps == 25
    assert read_clips(tmp_path / "SMIC_all_raw" / "HS").name == "SMIC HS"


def test_smic_with_a_sheet_lies_in_longer_recordings(tmp_path):
    root = tmp_path / "SMIC-E_raw image/HS_long"
    frames(root / "SMIC-HS-E/s01/s1_ne_01", numbered("image{:06d}.jpg", 100, 120))
    heading = ("Subject", "Filename", None, "OnsetF", "OffsetF", "OnsetF", "OffsetF", "FirstF", "LastF", "Emotion")
    rows = [(1, "s1_ne_01", None, 105, 112, 115, 118, 100, 120, "negative")]
    xlsx(root / "SMIC-HS-E_annotation.xlsx", [heading, *rows])
    clips = read_clips(root)
    assert spans(clips) == [(105, None, 112)]
    assert clips.clips[0].numbers == tuple(range(100, 121))
    (problem,) = clips.problems
    assert problem.startswith("Row 2 (s01, s1_ne_01) codes a second expression")


def test_longer_recordings_of_smic_are_not_taken_for_clips(tmp_path):
    root = tmp_path / "HS_long"
    frames(root / "SMIC-HS-E/s01/s1_ne_01", numbered("image{:06d}.jpg", 100, 120))
    with pytest.raises(DataError, match="longer recordings"):
        read_clips(root)
    assert spans(read_clips(root, "smic-hs")) == [(100, None, 120)]
    (root / "SMIC-HS-E_annotation.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(DataError, match="old format"):
        read_clips(root)


def test_casme_squared(tmp_path):
    clips = read_clips(casme_squared(tmp_path))
    assert (clips.kind, clips.fps, clips.problems) == ("casme-squared", 30, ())
    assert [(clip.subject, clip.kind, clip.label()) for clip in clips.clips] == [
        ("s15", "micro", "negative"),
        ("s15", "macro", "positive"),
        ("s16", "micro", "surprise"),
    ]
    assert spans(clips) == [(5, 8, 12), (20, 25, None), (3, None, 9)]  # 0 stands for what was not coded
    assert clips.clips[0].frames == clips.clips[1].frames  # one recording
    assert len(clips.clips[0].frames) == 40


def test_casme_squared_from_csv_files(tmp_path):
    casme_squared(tmp_path)
    (tmp_path / "CAS(ME)^2code_final.xlsx").unlink()
    (tmp_path / "code.csv").write_text("1,disgust1_1,5,8,12,4+10,negative,micro-expression,disgust\n")
    with pytest.raises(DataError, match="lacks one of the three sheets"):
        read_clips(tmp_path)
    (tmp_path / "rule1.csv").write_text("15,s15,1\n16,s16,2\n")
    (tmp_path / "rule2.csv").write_text("101,disgust1\n507,happy4\n")
    assert spans(read_clips(tmp_path)) == [(5, 8, 12)]


def test_clips_as_avi(tmp_path):
    folder = tmp_path / "CASME2_compressed/sub01"
    folder.mkdir(parents=True)
    write_video((np.full((32, 48, 3), 40 + 20 * at, np.uint8) for at in range(8)), 200, folder / "EP02_01f.avi")
    xlsx(tmp_path / "codes.xlsx", [CASME2_HEADING, casme2_row("01", "EP02_01f", 2, 5, 7)])
    clips = read_clips(tmp_path)
    (clip,) = clips.clips
    assert clip.frames == folder / "EP02_01f.avi" and clip.numbers == ()
    shades = {number: picture.mean() for number, picture in clip.pictures()}
    assert list(shades) == [2, 3, 4, 5, 6, 7]
    np.testing.assert_allclose(list(shades.values()), [60, 80, 100, 120, 140, 160], atol=4)
    with pytest.raises(DataError, match="has no frame 9"):
        clip.picture(9)


def test_whole_frames_are_read_before_cropped_ones_and_avi_files(tmp_path):
    root = casme2(tmp_path)
    frames(root / "Cropped/sub01/EP02_01f", numbered("reg_img{}.jpg", 46, 56))
    (root / "avi/sub01").mkdir(parents=True)
    (root / "avi/sub01/EP02_01f.avi").write_bytes(b"never opened")
    clips = read_clips(root)
    assert all("RAW" in str(file) for file in clips.clips[0].frames)
    (problem,) = clips.problems
    assert "there more than once" in problem
    assert read_clips(root / "CASME2-coding-20190701.xlsx").clips == clips.clips


def test_the_sheet_may_be_given_or_the_kind(tmp_path):
    root = casme2(tmp_path)
    heading = tuple(
        {"OnsetFrame": "Onset", "ApexFrame": "Apex", "OffsetFrame": "Offset"}.get(name, name) for name in CASME2_HEADING
    )
    xlsx(root / "CASME2-coding-20190701.xlsx", [heading, casme2_row("01", "EP02_01f", 46, 50, 56)])
    with pytest.raises(DataError, match="is a coding sheet"):
        read_clips(root)
    assert spans(read_clips(root, "casme2")) == [(46, 50, 56)]
    assert read_clips(root, "casme").fps == 60


def test_what_is_no_set_is_said(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        read_clips(tmp_path / "missing")
    with pytest.raises(DataError, match="no coding sheet"):
        read_clips(tmp_path)
    with pytest.raises(DataError, match="is no set of clips"):
        read_clips(tmp_path, "casme3")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(DataError, match=r"notes\.txt is no coding sheet"):
        read_clips(tmp_path / "notes.txt")


def test_two_sets_in_one_folder_are_asked_about(tmp_path):
    casme2(tmp_path / "a")
    samm(tmp_path / "b")
    with pytest.raises(DataError, match=r"several sets \(casme2, samm\)"):
        read_clips(tmp_path)
    assert read_clips(tmp_path, "samm").kind == "samm"
    assert len(read_clips(tmp_path, "casme2").clips) == 3


def test_a_sheet_far_from_its_pictures_is_said(tmp_path):
    xlsx(tmp_path / "codes.xlsx", [CASME2_HEADING, casme2_row("01", "EP02_01f", 46, 50, 56)])
    with pytest.raises(DataError, match="None of the clips"):
        read_clips(tmp_path)


def test_pictures_in_other_forms(tmp_path):
    folder = tmp_path / "Cropped/sub01/EP02_01f"
    folder.mkdir(parents=True)
    for number in (46, 47, 48):
        cv2.imwrite(str(folder / f"reg_img{number}.bmp"), np.zeros((4, 4, 3), np.uint8))
    xlsx(tmp_path / "codes.xlsx", [CASME2_HEADING, casme2_row("sub1", "EP02_01f", 46, 47, 48)])
    clips = read_clips(tmp_path)
    assert clips.subjects == ("sub01",)
    assert clips.clips[0].picture(47).shape == (4, 4, 3)
