"""Awkward, damaged and hostile coding sheets, and what a sheet says that the pictures do not bear out."""

import re
import zipfile

import openpyxl
import pytest
from clip_folders import CASME2_HEADING, casme2, casme2_row, frames, xlsx

from engine.datasets.clip_sets import read_clips
from engine.datasets.clip_sets import sheet as sheets
from engine.datasets.clip_sets.sheet import frame_number, read_sheets
from engine.errors import DataError

ROW = casme2_row("01", "EP02_01f", 46, 50, 56, "12", "happiness")


def spans(clips):
    return [(clip.onset, clip.apex, clip.offset) for clip in clips.clips]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([casme2_row("01", "EP09_01", 46, 50, 56)], r"Row 3 \(sub01, EP09_01\) names pictures that are not there"),
        ([casme2_row("02", "EP01_11f", 8, 14, 20, emotion="bored")], r"Row 3 .* the unknown expression 'bored'"),
        ([casme2_row("02", "EP01_11f", 8, 14, 20, emotion=None)], r"Row 3 .* names no expression"),
        ([ROW], r"Row 3 .* says again what row 2 says: the first"),
        (
            [casme2_row("01", "EP02_01f", 46, 50, 56, "4", "disgust")],
            r"with other codes \('disgust' after 'happiness'\)",
        ),
        ([casme2_row("02", "EP01_11f", 8, 30, 20)], r"Row 3 .* the apex 30 is not within 8 to 20"),
        ([casme2_row("02", "EP01_11f", 8, 3, None)], r"the apex 3 is not within 8 to the end"),
        ([casme2_row("02", "EP01_11f", 8, 14, 5)], r"the offset 5 lies before the onset 8"),
        (
            [casme2_row("02", "EP01_11f", 8, 14, 24)],
            r"Row 3 .*: 4 of its 17 frames are not in .*\(21, 22, 23, \.\.\.\)",
        ),
        ([casme2_row("02", "EP01_11f", "eight", 14, 20)], r"the onset is 'eight', no frame number"),
        ([casme2_row("02", "EP01_11f", 8.5, 14, 20)], r"the onset is '8\.5', no frame number"),
        ([("Total", None, None, 2)], r"Row 3 names no clip \('Total'\)"),
        ([casme2_row(None, "EP03_02f", 1, 2, 5)], r"Row 3 names no subject: that of row 2, sub01, is taken"),
    ],
)
def test_what_does_not_fit_is_said_with_its_row(tmp_path, rows, sentence):
    clips = read_clips(casme2(tmp_path, [ROW, *rows]))
    assert any(re.search(sentence, problem) for problem in clips.problems), clips.problems
    assert spans(clips)[0] == (46, 50, 56)


def test_a_duplicate_makes_one_clip_and_a_bad_apex_none(tmp_path):
    assert len(read_clips(casme2(tmp_path / "a", [ROW, ROW])).clips) == 1
    clips = read_clips(casme2(tmp_path / "b", [casme2_row("02", "EP01_11f", 8, 30, 20)]))
    assert spans(clips) == [(8, None, 20)]


def test_folders_that_no_row_names_and_doubled_pictures_are_said(tmp_path):
    root = casme2(tmp_path, [ROW])
    frames(root / "CASME2_RAW_selected/sub01/EP02_01f", ["img46 (1).jpg"])
    problems = read_clips(root).problems
    assert any("2 folders or recordings that no row names" in problem and "EP01_11f" in problem for problem in problems)
    assert any("two pictures have the same frame number" in problem for problem in problems)


def test_merged_headings_blank_rows_spaces_and_numbers_as_text(tmp_path):
    root = casme2(tmp_path)
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Coding of the set"])
    page.append([])
    page.append(["Subject", "Filename", "Frames", None, None, "Action Units", "Estimated Emotion"])
    page.append([None, None, "OnsetFrame", "ApexFrame", "OffsetFrame", None, None])
    page.merge_cells("C3:E3")
    page.append([])
    page.append([" 01 ", "EP02_01f  ", " 46", "50 ", "56.0", "12", "Happiness "])
    page.append([])
    page.append([2, "EP01_11f", 8.0, "/", "20", 4, " repression"])
    book.save(root / "CASME2-coding-20190701.xlsx")
    clips = read_clips(root)
    assert spans(clips) == [(46, 50, 56), (8, None, 20)]
    assert [clip.row for clip in clips.clips] == [6, 8]
    assert [clip.label() for clip in clips.clips] == ["positive", "negative"]


def test_a_heading_in_two_rows_that_only_make_sense_together(tmp_path):
    root = casme2(tmp_path)
    upper = ("Subject", "Filename", None, "Onset", "Apex", "Offset", None, "Action", "Estimated")
    lower = (None, None, None, "Frame", "Frame", "Frame", None, "Units", "Emotion")
    xlsx(root / "CASME2-coding-20190701.xlsx", [upper, lower, ROW])
    (clip,) = read_clips(root, "casme2").clips
    assert (clip.onset, clip.apex, clip.offset, clip.action_units) == (46, 50, 56, ("12",))


@pytest.mark.parametrize(("separator", "mark"), [(",", ""), (";", "\ufeff"), ("\t", "\ufeff")])
def test_csv_with_any_separator_and_mark(tmp_path, separator, mark):
    root = casme2(tmp_path)
    (root / "CASME2-coding-20190701.xlsx").unlink()
    rows = [CASME2_HEADING, ROW, casme2_row("2", "EP01_11f", 8, "/", 20, '"1+2"', "surprise")]
    text = "\n".join(separator.join("" if cell is None else str(cell) for cell in row) for row in rows)
    (root / "codes.csv").write_text(mark + text + "\n", "utf-8")
    clips = read_clips(root)
    assert spans(clips) == [(46, 50, 56), (8, None, 20)]
    assert clips.clips[1].action_units == ("1", "2")


def test_csv_in_windows_latin(tmp_path):
    (tmp_path / "codes.csv").write_bytes("Subject;Größe\n".encode("cp1252"))
    assert read_sheets(tmp_path / "codes.csv")[0].rows == (("Subject", "Größe"),)


def test_old_excel_files_are_refused_with_what_to_do(tmp_path):
    root = casme2(tmp_path)
    (root / "CASME2-coding-20190701.xlsx").unlink()
    old = root / "CASME2-coding-20140508.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    for path in (root, old):
        with pytest.raises(DataError, match=r"old format \(\.xls\).*save it as \.xlsx .*or \.csv"):
            read_clips(path)
    (root / "codes.xlsx").write_bytes(old.read_bytes())  # what an encrypted workbook looks like
    with pytest.raises(DataError, match="has a password"):
        read_sheets(root / "codes.xlsx")


def test_an_old_excel_file_beside_a_new_one_does_no_harm(tmp_path):
    root = casme2(tmp_path)
    (root / "CASME2-coding-20140508.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert len(read_clips(root).clips) == 3


def test_two_versions_of_a_sheet(tmp_path):
    root = casme2(tmp_path)
    xlsx(root / "CASME2-coding-20140508.xlsx", [CASME2_HEADING, ROW])
    clips = read_clips(root)
    assert len(clips.clips) == 3
    assert "CASME2-coding-20140508.xlsx, CASME2-coding-20190701.xlsx" in clips.problems[0]


@pytest.mark.parametrize(
    ("member", "text", "word"),
    [
        ("xl/vbaProject.bin", b"macro", "macro"),
        ("xl/macrosheets/sheet1.xml", b"<x/>", "macro"),
        ("xl/embeddings/oleObject1.bin", b"x", "embedded"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "from other files"),
        ("xl/more.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "entities"),
        ("../evil.xml", b"<x/>", "could leave its folder"),
        ("xl/bomb.xml", bytes(70 * 2**20), "would unpack to"),
    ],
)
def test_what_no_coding_sheet_needs_is_refused(tmp_path, member, text, word):
    path = xlsx(tmp_path / "codes.xlsx", [CASME2_HEADING, ROW])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(member, text)
    with pytest.raises(DataError, match=word):
        read_sheets(path)


def test_damaged_sheets_are_one_sentence(tmp_path):
    whole = xlsx(tmp_path / "codes.xlsx", [CASME2_HEADING, ROW]).read_bytes()
    damaged = tmp_path / "damaged.xlsx"
    for at in range(0, len(whole), 97):
        for data in (whole[:at], whole[:at] + b"\xff\x00\xff" + whole[at + 3 :]):
            damaged.write_bytes(data)
            try:
                read_sheets(damaged)
            except DataError:
                continue


def test_limits(tmp_path, monkeypatch):
    path = xlsx(tmp_path / "codes.xlsx", [CASME2_HEADING, ROW, ROW])
    table = tmp_path / "codes.csv"
    table.write_text("a,b,c\n" * 3)
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    for file in (path, table):
        with pytest.raises(DataError, match="more than 2 rows"):
            read_sheets(file)
    monkeypatch.setattr(sheets, "MAX_BYTES", 10)
    with pytest.raises(DataError, match="at most"):
        read_sheets(path)
    table.write_bytes(b"a\0b")
    with pytest.raises(DataError, match="no text"):
        read_sheets(table)


def test_formulas_are_never_run(tmp_path):
    path = xlsx(tmp_path / "codes.xlsx", [("=1+1", "x")])
    assert read_sheets(path)[0].rows == (("", "x"),)  # without a kept value there is none


@pytest.mark.parametrize(
    ("text", "number"), [("46", 46), ("46.0", 46), ("/", None), ("", None), ("N/A", None), ("0", 0)]
)
def test_frame_numbers(text, number):
    assert frame_number(text) == number


@pytest.mark.parametrize("text", ["-3", "4,6", "nan1", "inf", "1e9", "46 or 47"])
def test_no_frame_numbers(text):
    with pytest.raises((ValueError, OverflowError)):
        frame_number(text)


@pytest.mark.parametrize("subject", ["1", "1.0", "01", "sub01", "1.00"])
def test_a_subject_is_the_same_however_a_program_wrote_its_number(tmp_path, subject):
    root = casme2(tmp_path)
    for old in root.glob("*.xlsx"):
        old.unlink()
    text = "Subject,Filename,OnsetFrame,ApexFrame,OffsetFrame,Action Units,Estimated Emotion\n"
    (root / "coding.csv").write_text(f"{text}{subject},EP02_01f,46.0,50.0,56.0,12,happiness\n")
    clips = read_clips(root)
    assert clips.subjects == ("sub01",) and spans(clips) == [(46, 50, 56)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (casme2_row("=A9", "EP02_01f", 46, 50, 56), r"\(=A9, EP02_01f\) names pictures that are not there"),
        (casme2_row(1, "EP02_01f", 46, "=C2+4", 56), "the apex is '=C2\\+4', no frame number"),
        (casme2_row(1, "EP02_01f", 46, 50, 56, emotion="=VLOOKUP(1,A1:B2,2)"), "the unknown expression '=VLOOKUP"),
    ],
)
def test_a_formula_without_a_value_is_named(tmp_path, row, said):
    problems = read_clips(casme2(tmp_path, [row, casme2_row(2, "EP03_02f", 1, 3, 5)])).problems
    assert any("1 formula without a value" in problem for problem in problems)
    assert any(re.search(said, problem) for problem in problems), problems
