"""What is printed goes through any console's code page, and steers no terminal."""

import io
import sys

import pytest

from engine.commands.progress_line import ProgressLine
from engine.console import print_anywhere, printable, visible_output

SAID = "Анна/写真/Ünal/\udcff.jpg: face 1 (100×100): “happy” – 97 % …"


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "cp437", "cp1252", "cp932", "koi8-r", "utf-8", "utf-16"])
def test_everything_can_be_printed(monkeypatch, encoding):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding, errors="strict", newline="") for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    print_anywhere()
    print(SAID)
    line = ProgressLine()
    line.step(0, 0, SAID)
    for stream in (out, err):
        stream.flush()
        said = stream.buffer.getvalue().decode(encoding)
        assert "face 1" in said and "\\udcff" in said
        assert "100x100" in said or "100×100" in said
        assert ("Анна" in said) == (encoding in ("cp1251", "cp932", "koi8-r", "utf-8", "utf-16"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plain é 写真.jpg", "plain é 写真.jpg"),
        ("red\x1b[31m.jpg", "red\\x1b[31m.jpg"),
        ("two\nlines.jpg", "two\\nlines.jpg"),
        ("gpj.\u202eevil", "gpj.\\u202eevil"),
        ("\udcff.jpg", "\\udcff.jpg"),
    ],
)
def test_names_steer_no_terminal(name, said):
    assert printable(name) == said


def test_what_is_printed_steers_no_terminal(capsys):
    with visible_output():
        print("happy\x1b[2J\tand\n", "sad\u202e", sep="", end="")
        print("\x9b31m", file=sys.stderr)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("happy\\x1b[2J\tand\nsad\\u202e", "\\x9b31m\n")
