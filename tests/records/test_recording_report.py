import base64
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.models.card import FORBIDDEN_USE
from engine.records.corrections import NONE, Add, Move, Name, Reject
from engine.records.report import report_html
from tests.records.recorded import MACRO, analysis, empty, track

NAME = "<i>=a & b\"'</i>.mp4"
TWO = analysis(track(), track(2, (MACRO,)), file=NAME, warnings=("Only <15> frames a second.",))


def markup(html):
    return re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)


def cells(html):
    table = re.search(r"<table><thead><tr><th>event.*?</table>", html, re.DOTALL)[0]
    return [re.findall(r"<td>(.*?)</td>", row) for row in table.split("<tr>")[2:]]


def test_the_report_is_whole_and_asks_for_nothing_outside():
    html = report_html(TWO)
    own = re.sub(r"<script>.*?</script>", "", html, count=1, flags=re.DOTALL)
    assert not re.search(r"""(src|href)\s*=|url\(|@import""", own), "nothing is loaded, and no picture is in it"
    assert "default-src 'none'" in own
    shown = markup(html)
    assert "&lt;i&gt;=a &amp; b" in shown and "<i>" not in shown and "Only &lt;15&gt; frames" in shown
    assert all(line.split(":")[0] in shown for line in FORBIDDEN_USE)
    assert len(re.findall(r'<figure role="img" aria-label="[^"]{40,}', shown)) == 3
    assert "640 × 480 pixels" in shown and "none; the charts hold numbers only" in shown
    assert "numpy" in shown and "what a person feels" in shown


def test_the_events_stand_as_they_were_spotted():
    rows = cells(report_html(TWO))
    assert rows[0] == ["1-1", "1.000", "1.100", "1.300", "300", "micro", "surprise", "70 %", "machine", ""]
    assert [row[0] for row in rows] == ["1-1", "1-2", "1-3", "2-1"]
    assert rows[2][6:8] == ["undecided", "40 %"]


def test_corrections_stand_beside_what_the_machine_said():
    log = NONE
    for step in (Name("1-1", "fear & awe"), Move("1-2", 2, 2.6, 3.6), Reject("1-3"), Add(2, 0.1, 0.2, 0.3, "sad")):
        log = log.then(step, TWO)
    html = report_html(TWO, log)
    rows = cells(html)
    assert rows[0][6:] == ["fear &amp; awe", "", "corrected (machine: surprise)", ""]
    assert rows[1][6:] == ["happy", "70 %", "corrected (times)", ""]
    assert rows[2][0] == "2-a1" and rows[2][6:] == ["sad", "", "added", ""]
    assert "2 corrected, 1 added, 1 rejected" in html


def test_pictures_are_there_only_when_they_are_passed():
    rng = np.random.default_rng(5)
    onset, apex = rng.integers(0, 256, (12, 10, 3), np.uint8), rng.integers(0, 256, (12, 10), np.uint8)
    html = report_html(TWO, pictures={"1-2": (onset, apex), "9-9": (onset, apex)})
    found = re.findall(r'<img alt="([^"]*)" src="data:image/png;base64,([^"]*)"', html)
    assert [alt for alt, _ in found] == ["Event 1-2, happy: onset at 2.000 s", "Event 1-2, happy: apex at 2.600 s"]
    back = [cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_UNCHANGED) for _, data in found]
    assert np.array_equal(back[0][..., ::-1], onset) and np.array_equal(back[1], apex)


def test_what_faces_went_through_before_they_were_named_is_told():
    assert "enhanced by LLEM before they were named" in markup(report_html(replace(TWO, enhanced="llem")))
    assert "LLEM" not in markup(report_html(TWO)) and "Faces in low light" in markup(report_html(TWO))


@pytest.mark.parametrize(("of", "said"), [(empty(), "Nobody was seen."), (analysis(track(events=())), "No event was")])
def test_nobody_and_nothing(of, said):
    html = markup(report_html(of))
    assert said in html and "<h1>" in html


def test_a_name_that_is_no_text_does_not_stop_the_report():
    assert "?.mp4" in report_html(analysis(file="\udcff.mp4"))
