import base64
import io
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest
from pypdf import PdfReader

from engine.models.card import FORBIDDEN_USE
from engine.records.corrections import NONE, Add, Move, Name, Reject
from engine.records.report import LEAD, Report, Reported, of_recording, report_html, report_pdf
from tests.records.recorded import MACRO, MICRO, analysis, empty, track

NAME = "<i>=a & b\"'</i>.mp4"
TWO = analysis(track(), track(2, (MACRO,)), file=NAME, warnings=("Only <15> frames a second.",))


def markup(html):
    return re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)


def html_of(*reported, **more):
    return report_html(of_recording(Reported(*reported), **more))


def pages_of(pdf):
    """The words of each page, line breaks and repeated blanks taken away."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def cells(html):
    table = re.search(r"<table><thead><tr><th>event.*?</table>", html, re.DOTALL)[0]
    return [re.findall(r"<td>(.*?)</td>", row) for row in table.split("<tr>")[2:]]


def many(count=40):
    """A recording of two minutes with so many events, of two models."""
    events = []
    for number in range(count):
        onset, short = 1 + number * 118 / count, number % 3 == 0
        event, model, moved = (MICRO, "neuromer-flow", {12: (2.1, 0.8)}) if short else (MACRO, "neuromer", {1: (1, 1)})
        times = {"onset_s": onset, "apex_s": onset + 0.1, "offset_s": onset + event.duration_s}
        events.append(replace(event, **times, model=model, moved=moved))
    return analysis(track(events=tuple(events), duration_s=120.0), duration_s=120.0)


def test_the_report_is_whole_and_asks_for_nothing_outside():
    html = html_of(TWO)
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
    rows = cells(html_of(TWO))
    assert rows[0] == ["1-1", "1.000", "1.100", "1.300", "300", "micro", "surprise", "70 %", "", "machine", ""]
    assert [row[0] for row in rows] == ["1-1", "1-2", "1-3", "2-1"]
    assert rows[2][6:8] == ["undecided", "40 %"]


def test_corrections_stand_beside_what_the_machine_said():
    log = NONE
    for step in (Name("1-1", "fear & awe"), Move("1-2", 2, 2.6, 3.6), Reject("1-3"), Add(2, 0.1, 0.2, 0.3, "sad")):
        log = log.then(step, TWO)
    html = html_of(TWO, log)
    rows = cells(html)
    assert rows[0][6:] == ["fear &amp; awe", "", "", "corrected (machine: surprise)", ""]
    assert rows[1][6:] == ["happy", "70 %", "", "corrected (times)", ""]
    assert rows[2][0] == "2-a1" and rows[2][6:] == ["sad", "", "", "added", ""]
    assert "2 corrected, 1 added, 1 rejected" in html


def test_pictures_are_there_only_when_they_are_passed():
    rng = np.random.default_rng(5)
    onset, apex = rng.integers(0, 256, (12, 10, 3), np.uint8), rng.integers(0, 256, (12, 10), np.uint8)
    html = html_of(TWO, NONE, {each: (("onset", onset), ("apex", apex)) for each in ("1-2", "9-9")})
    found = re.findall(r'<img alt="([^"]*)" src="data:image/png;base64,([^"]*)"', html)
    assert [alt for alt, _ in found] == ["Event 1-2, happy: onset at 2.000 s", "Event 1-2, happy: apex at 2.600 s"]
    back = [cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_UNCHANGED) for _, data in found]
    assert np.array_equal(back[0][..., ::-1], onset) and np.array_equal(back[1], apex)


def test_what_faces_went_through_before_they_were_named_is_told():
    assert "enhanced by LLEM before they were named" in markup(html_of(replace(TWO, enhanced="llem")))
    assert "LLEM" not in markup(html_of(TWO)) and "Faces in low light" in markup(html_of(TWO))


@pytest.mark.parametrize(("of", "said"), [(empty(), "Nobody was seen."), (analysis(track(events=())), "No event was")])
def test_nobody_and_nothing(of, said):
    html = markup(html_of(of))
    assert said in html and "<h1>" in html


def test_a_name_that_is_no_text_does_not_stop_the_report():
    assert "?.mp4" in html_of(analysis(file="\udcff.mp4"))


def test_what_the_models_reached_and_asked_is_told():
    html = markup(html_of(many(4)))
    assert re.search(r"NeuroMER for micro-expressions</td><td>[0-9a-f]{12}</td><td>\d.* of 68 people", html)
    assert re.search(r"<td>NeuroMER</td><td>[0-9a-f]{12}</td><td>[\d.]+ % \(95 % interval", html)
    assert cells(html)[0][7:9] == ["70 %", "56 %"]
    gone = analysis(track(events=(replace(MACRO, model="a run that was removed"),)))
    assert "its card is no longer here" in html_of(gone)


def test_forty_events_take_two_pages_that_fit_both_papers():
    facts, notes = (("Person", "P-07"),), (("interview.mp4, 12.20 s", "Looked at the door."),)
    pdf = report_pdf(Report("P-07: first visit", (Reported(many()),), facts, notes, ""))
    pages = pages_of(pdf)
    assert len(pages) == 2 and LEAD in pages[0] and LEAD in pages[1]
    words = " ".join(pages)
    assert all(f"1-{number} " in words for number in range(1, 41))
    for said in ("Person: P-07", "Looked at the door.", "In your own words", "lip corners up (AU12 left 0.8)"[:15]):
        assert said in words
    assert all(line.split(":")[0] in words for line in FORBIDDEN_USE)
    for page in PdfReader(io.BytesIO(pdf)).pages:
        wide, high = (float(side) * 25.4 / 72 for side in page.mediabox[2:])
        assert wide <= 210.1 and high <= 279.5, "A4 is 297 mm high, Letter 216 mm wide and 279 mm high"
        assert "/Annots" not in page, "nothing to click on"
    assert b"http" not in pdf.replace(b"http://www.w3.org", b"").replace(b"http://ns.adobe.com", b"").replace(
        b"http://purl.org", b""
    )


def test_both_forms_tell_the_same():
    html, pdf = markup(html_of(TWO, person="P-07", notes="slept badly")), " ".join(pages_of(pdf_of(TWO)))
    for said in (
        "P-07",
        "slept badly",
        "micro-expressions: 2, macro-expressions: 2",
        "640 × 480 pixels",
        "30.00 frames",
    ):
        assert said in html and said in pdf, said


def pdf_of(found, person="P-07", notes="slept badly"):
    return report_pdf(of_recording(Reported(found), person, notes))


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("Zoë Ångström Ωμέγα Жук", "Zoë Ångström Ωμέγα Жук"),
        ("שלום", None),
        ("مرحبا", None),
        ("患者七", "???"),
        ("P\N{GRINNING FACE}7", "P?7"),
        ("a\udcffb\x00cd", "a?bcd"),
        ("x" * 60, "x" * 60),
        ("**bold** <b>&amp; %s {nb} end", "**bold** <b>&amp; %s {\u200bnb} end"),
    ],
)
def test_names_in_any_script_do_not_break_a_pdf(code, shown):
    pages = pages_of(report_pdf(of_recording(Reported(analysis(file=f"{code}.mp4")), code, code)))
    assert LEAD in pages[0]
    if shown is not None:
        assert shown in pages[0]
        assert ("may stand for a character" in " ".join(pages)) == ("?" in shown)


def test_pictures_come_on_pages_of_the_pdf_and_are_in_it_only_when_they_are_passed():
    shown = {f"1-{place}": (("onset", np.full((9, 7, 3), 90, np.uint8)),) * 2 for place in (1, 2, 3)}
    for pictures, count in (({}, 0), (shown, 6)):
        reader = PdfReader(io.BytesIO(report_pdf(of_recording(Reported(TWO, pictures=pictures)))))
        drawn = sum(page.get_contents().get_data().count(b" Do Q") for page in reader.pages)
        assert drawn == count


@pytest.mark.parametrize("found", [empty(), analysis(track(events=())), analysis(*(track(n) for n in range(1, 8)))])
def test_nobody_nothing_and_many_go_onto_paper(found):
    assert all("page" in page for page in pages_of(pdf_of(found)))


def test_a_note_that_is_longer_than_a_page_goes_on():
    report = Report("long", (Reported(TWO),), notes=(("then", "word " * 800), ("later", "last")), words="own " * 2000)
    pages = pages_of(report_pdf(report))
    assert sum(page.count("word") for page in pages) >= 800 and "last" in " ".join(pages)
    assert sum(page.count("own ") for page in pages) >= 1990
