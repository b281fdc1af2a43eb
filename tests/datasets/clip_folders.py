"""Small sets of clips in the layouts in which the real ones are handed out; nothing in them is real."""

from pathlib import Path

import cv2
import numpy as np
import openpyxl

CASME2_HEADING = (
    "Subject",
    "Filename",
    None,
    "OnsetFrame",
    "ApexFrame",
    "OffsetFrame",
    None,
    "Action Units",
    "Estimated Emotion",
)
CASME_HEADING = ("Subject", "Filename", None, "OnsetF", "ApexF1", "ApexF2", "OffsetF", None, "AUs", "Emotion")
SAMM_HEADING = (
    "Subject",
    "Filename",
    "Inducement Code",
    "Onset Frame",
    "Apex Frame",
    "Offset Frame",
    "Duration",
    "Micro",
    "Action Units",
    "Estimated Emotion",
    "Objective Classes",
    "Notes",
)


def jpeg(shade: int = 128) -> bytes:
    return cv2.imencode(".jpg", np.full((6, 8, 3), shade, np.uint8))[1].tobytes()


def frames(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for at, name in enumerate(names):
        (folder / name).write_bytes(jpeg(100 + at))


def numbered(pattern: str, first: int, last: int) -> list[str]:
    return [pattern.format(number) for number in range(first, last + 1)]


def xlsx(path: Path, *sheets: list[tuple], titles: tuple[str, ...] = ()) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, rows in enumerate(sheets):
        sheet = book.create_sheet(titles[at] if titles else f"Sheet{at + 1}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def casme2_row(subject, name, onset, apex, offset, units="4+7", emotion="disgust"):
    return (subject, name, None, onset, apex, offset, None, units, emotion)


def casme2(root: Path, rows: list[tuple] | None = None) -> Path:
    frames(root / "CASME2_RAW_selected/sub01/EP02_01f", numbered("img{}.jpg", 46, 56))
    frames(root / "CASME2_RAW_selected/sub02/EP01_11f", numbered("img{}.jpg", 8, 20))
    frames(root / "CASME2_RAW_selected/sub02/EP03_02f", numbered("img{}.jpg", 1, 5))
    if rows is None:
        rows = [
            casme2_row("01", "EP02_01f", 46, 50, 56, "12", "happiness"),
            casme2_row("02", "EP01_11f", 8, 14, 20, "4+L10", "repression"),
            casme2_row("02", "EP03_02f", 1, "/", 5, "1+2", "others"),
        ]
    xlsx(root / "CASME2-coding-20190701.xlsx", [CASME2_HEADING, *rows])
    return root


def casme(root: Path) -> Path:
    frames(root / "CASME_A/Section A/sub01/EP01_5", numbered("EP01_5-{}.jpg", 113, 120))
    frames(root / "CASME_B/Section B/sub08/EP10", numbered("EP10-{:03d}.jpg", 9, 14))
    rows = [
        ("1", "EP01_5", None, 113, 116, None, 120, None, "4", "tense"),
        ("8", "EP10", None, 9, 11, 13, 14, None, "1+2", "repress"),
    ]
    xlsx(root / "casme.xlsx", [CASME_HEADING, *rows])
    return root


def samm(root: Path) -> Path:
    frames(root / "SAMM/006/006_1_2", numbered("006_{:05d}.jpg", 5562, 5572))
    frames(root / "SAMM/010/010_2_1", numbered("010_{:04d}.jpg", 301, 309))
    top = [("SAMM Dataset - FACS Codes",)] + [()] * 5 + [("Contact the authors",)] + [()] * 6
    rows = [
        ("006", "006_1_2", 1, 5562, 5567, 5572, 11, "Micro - 1/2", "AU12A or AU14", "Anger", 1, None),
        ("010", "010_2_1", 2, 301, 305, 309, 9, "Micro - 1/2", "1+2", "Other", 7, "note"),
    ]
    xlsx(root / "SAMM_Micro_FACS_Codes_v2.xlsx", [*top, SAMM_HEADING, *rows], titles=("MICRO_ONLY",))
    return root


def smic(root: Path, camera: str = "HS") -> Path:
    folder = root / "SMIC_all_raw" / camera
    frames(folder / "s1/micro/negative/s1_ne_01", numbered("image{:06d}.jpg", 129000, 129006))
    frames(folder / "s1/micro/surprise/s1_sur_01", numbered("image{:06d}.jpg", 130000, 130004))
    frames(folder / "s12/micro/positive/s12_po_03", numbered("image{:06d}.jpg", 7, 12))
    frames(folder / "s12/non_micro/s12_nm_01", numbered("image{:06d}.jpg", 50, 53))
    return root


def casme_squared(root: Path) -> Path:
    frames(root / "rawpic/s15/15_0101disgustingteeth", numbered("img{:03d}.jpg", 1, 40))
    frames(root / "rawpic/s16/16_0507climbingthewall", numbered("img{:03d}.jpg", 1, 30))
    codes = [
        (1, "disgust1_1", 5, 8, 12, "4+10", "negative", "micro-expression", "disgust"),
        (1, "disgust1_2", 20, 25, 0, "12", "positive", "macro-expression", "happiness"),
        (2, "happy4_1", 3, 0, 9, "1+2", "surprise", "micro-expression", "surprise"),
    ]
    people = [(15, "s15", 1), (16, "s16", 2)]
    recordings = [("0101", "disgust1"), ("0507", "happy4")]
    titles = ("CASFEcode_final", "naming rule1", "naming rule2")
    xlsx(root / "CAS(ME)^2code_final.xlsx", codes, people, recordings, titles=titles)
    return root
