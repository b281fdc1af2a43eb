import csv
import io

import pytest

from engine.sheets import csv_file


def read(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n"])
def test_what_would_begin_a_formula_becomes_text(start):
    rows = read(csv_file((f"{start}x3", "y"), [[f"{start}1+1", f"1{start}1"], {f"{start}x3": f"{start}cmd", "y": ""}]))
    assert rows == [[f"'{start}x3", "y"], [f"'{start}1+1", f"1{start}1"], [f"'{start}cmd", ""]]


@pytest.mark.parametrize("between", [";", "; ", "\t", "\r", "\n", "\r\n", ";;"])
def test_no_formula_begins_inside_where_semicolons_or_lines_part_cells(between):
    assert read(csv_file(("x",), [[f"a{between}=1+1{between}b{between}-1"]]))[1] == [
        f"a{between}'=1+1{between}b{between}'-1"
    ]


def test_numbers_stay_numbers():
    assert read(csv_file(("x",), [[-1.5], ["-1.5"], ["+2e-3"], [-3]])) == [["x"], ["-1.5"], ["-1.5"], ["+2e-3"], ["-3"]]


def test_rows_come_back_as_they_went_in_whatever_they_hold():
    rows = [["a,b", 'c"d', "e\nf"], ["é", "", "1.5"]]
    assert read(csv_file(("x", "y", "z"), rows)) == [["x", "y", "z"], *rows]


def test_a_mapping_is_put_in_the_columns_order_and_what_it_lacks_is_empty():
    assert read(csv_file(("x", "y"), [{"y": 2, "other": 3}])) == [["x", "y"], ["", "2"]]


def test_a_name_that_is_no_text_does_not_stop_a_file():
    assert read(csv_file(("x",), [["\udcff"]]))[1] == ["?"]
