"""A report as it is printed: no column may be squeezed so that a table takes a page a row."""

import io

import pytest
from pypdf import PdfReader

from engine.bench.figures.report import made_up
from engine.records.report import report_html


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_report_of_forty_events_prints_on_few_pages_and_asks_for_nothing(chromium, tmp_path, paper):
    file = tmp_path / "report.html"
    file.write_text(report_html(made_up()), encoding="utf-8")
    page = chromium.new_page(viewport={"width": 900, "height": 1200})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    printed = PdfReader(io.BytesIO(page.pdf(format=paper)))
    page.close()
    assert len(printed.pages) <= 7
    assert [address for address in asked if not address.startswith(("data:", "blob:"))] == [file.as_uri()]
