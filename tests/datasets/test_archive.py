import os
import pickle
import stat
import zipfile

import numpy as np
import pytest
from picture_sets import classes, png, write_zip

from engine import datasets, settings
from engine.errors import DataError, ImageError


def test_a_zip_reads_as_its_folder_would(tmp_path):
    faces = datasets.read(write_zip(tmp_path / "set.zip", classes("happy", "sad")))
    assert sorted(faces.labels.tolist()) == ["happy"] * 3 + ["sad"] * 3
    assert faces.files.tolist()[0] == "happy/0.png"
    assert faces.pictures[0].shape == (48, 48, 3)
    again = pickle.loads(pickle.dumps(faces.pictures))
    assert np.array_equal(again[5], faces.pictures[5])


def test_what_systems_leave_behind_is_skipped(tmp_path):
    junk = {
        "__MACOSX/happy/._0.png": b"junk",
        "happy/.DS_Store": b"junk",
        "happy/Thumbs.db": b"junk",
        "happy/._1.png": b"junk",
        ".hidden/sad/1.png": png(),
    }
    faces = datasets.read(write_zip(tmp_path / "set.zip", classes("happy") | junk))
    assert len(faces) == 3


@pytest.mark.parametrize(
    "name",
    [
        "../happy/1.png",
        "happy/../../1.png",
        "/happy/1.png",
        "C:/happy/1.png",
        "c:1.png",
        "..\\1.png",
        "happy\\..\\..\\1.png",
        "..\\/1.png",
        "\\1.png",
        "\\\\server\\share\\1.png",
        "C:\\happy\\1.png",
        "c:1.png",
    ],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path, name):
    path = write_zip(tmp_path / "set.zip", classes("happy") | {name: png()})
    with pytest.raises(DataError, match="could leave its folder"):
        datasets.read(path)


def test_a_name_behind_a_null_byte_is_refused(tmp_path):
    path = write_zip(tmp_path / "set.zip", classes("happy") | {"happy/x.png#/../y": png()})
    path.write_bytes(path.read_bytes().replace(b"x.png#", b"x.png\0"))
    with pytest.raises(DataError, match="could leave its folder"):
        datasets.read(path)


def test_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("happy/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DataError, match="a link"):
        datasets.read(write_zip(tmp_path / "set.zip", classes("happy") | {link: b"/etc/passwd"}))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "ARCHIVE_FREE_EXPANSION_BYTES", 2**20)
    path = write_zip(tmp_path / "set.zip", {"happy/1.bmp": bytes(4 * 2**20)})
    with pytest.raises(DataError, match=r"unpack to [0-9,]+ times its size"):
        datasets.read(path)


def test_pictures_of_one_colour_are_no_bomb(tmp_path):
    assert len(datasets.read(write_zip(tmp_path / "set.zip", {"happy/1.bmp": bytes(4 * 2**20)}))) == 1


def test_count_and_total_size_are_bounded(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "set.zip", classes("happy"), zipfile.ZIP_STORED)
    with monkeypatch.context() as patched, pytest.raises(DataError, match="holds 3 files; at most 2"):
        patched.setattr(settings, "ARCHIVE_MAX_FILES", 2)
        datasets.read(path)
    monkeypatch.setattr(settings, "ARCHIVE_MAX_BYTES", 1000)
    with pytest.raises(DataError, match="at most 0 GB"):
        datasets.read(path)


def test_an_encrypted_zip_is_refused(tmp_path):
    path = write_zip(tmp_path / "set.zip", classes("happy"))
    data = bytearray(path.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    path.write_bytes(data)
    with pytest.raises(DataError, match="encrypted"):
        datasets.read(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_zip_cut_short_is_refused(tmp_path, share):
    path = write_zip(tmp_path / "set.zip", classes("happy"))
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(DataError, match=r"set\.zip cannot be read as a zip"):
        datasets.read(path)


@pytest.mark.parametrize("content", [b"", b"no zip"])
def test_what_is_no_zip_is_refused(tmp_path, content):
    (tmp_path / "set.zip").write_bytes(content)
    with pytest.raises(DataError, match=r"set\.zip"):
        datasets.read(tmp_path / "set.zip")


def test_a_damaged_member_is_an_image_error(tmp_path):
    path = write_zip(tmp_path / "set.zip", classes("happy"), zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[200] ^= 255
    path.write_bytes(data)
    faces = datasets.read(path)
    with pytest.raises(ImageError, match=r"happy/0\.png is damaged"):
        faces.pictures[0]
    assert faces.pictures[1].shape == (48, 48, 3)


def test_a_member_larger_than_a_picture_may_be_is_an_image_error(tmp_path, monkeypatch):
    faces = datasets.read(write_zip(tmp_path / "set.zip", {"happy/1.png": os.urandom(3000)}))
    monkeypatch.setattr(settings, "IMAGE_MAX_BYTES", 2000)
    with pytest.raises(ImageError, match="MB"):
        faces.pictures[0]


def test_a_zipped_csv_is_read(tmp_path):
    row = f"3,{' '.join(['7'] * 48 * 48)},Training\n"
    faces = datasets.read(write_zip(tmp_path / "set.zip", {"fer2013/fer2013.csv": "emotion,pixels,Usage\n" + row}))
    assert faces.labels.tolist() == ["happy"] and faces.split.tolist() == ["Training"]


def test_a_zipped_npz_is_read(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.zeros((2, 48, 48), np.uint8), y=np.array([0, 0]), classes=np.array(["joy"]))
    faces = datasets.read(write_zip(tmp_path / "set.zip", {"a.npz": (tmp_path / "a.npz").read_bytes()}))
    assert faces.labels.tolist() == ["happy"] * 2


def test_two_tables_are_one_too_many(tmp_path):
    with pytest.raises(DataError, match=r"2 tables \(a\.csv, b\.csv\)"):
        datasets.read(write_zip(tmp_path / "set.zip", {"a.csv": "", "b.csv": ""}))


def test_a_list_of_too_many_files_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "set.zip", classes("happy", each=40))
    monkeypatch.setattr(settings, "ARCHIVE_MAX_FILES", 5)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(DataError, match="lists more files than the 5"):
        datasets.read(path)


@pytest.mark.parametrize("size", [3 * 2**20, 0xFFFFFFFF])
def test_the_list_of_a_large_zip_is_judged_too(tmp_path, size):
    """The end of a zip of more than 65,535 files, with a list of 10 GB."""
    large = b"PK\6\6" + bytes(36) + (10 * 2**30).to_bytes(8, "little") + bytes(8)
    locator = b"PK\6\7" + bytes(4 + 8) + bytes(4)
    (tmp_path / "set.zip").write_bytes(large + locator + b"PK\5\6" + bytes(8) + size.to_bytes(4, "little") + bytes(6))
    with pytest.raises(DataError, match="lists more files than"):
        datasets.read(tmp_path / "set.zip")


def test_a_real_zip_of_many_files_is_read(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "set.zip", {f"happy/{number}.png": b"" for number in range(66_000)}, zipfile.ZIP_STORED)
    assert len(datasets.read(path)) == 66_000
    monkeypatch.setattr(settings, "ARCHIVE_MAX_FILES", 65_000)
    with pytest.raises(DataError, match="holds 66,000 files"):
        datasets.read(path)


def test_a_zip_by_powershell_5_1_reads_as_any_other(tmp_path):
    files = {name.replace("/", "\\"): data for name, data in classes("train/happy", "train/sad").items()}
    faces = datasets.read(write_zip(tmp_path / "set.zip", files | {"train\\empty\\": b""}))
    assert faces.files.tolist()[0] == "train/happy/0.png" and set(faces.split) == {"train"}
    assert faces.pictures[5].shape == (48, 48, 3)
