"""What a photo's reader takes home: its report, and a card."""

from streamlit.testing.v1 import AppTest


def photo():
    """Show the offer for a photo of one face, made by hand."""
    from types import SimpleNamespace

    import numpy as np

    from engine.recognition.analysis import Analysis, Event, Recording
    from engine.records.track_file import track_from
    from pages.views.photo.report import show_report

    shares = {"happy": 0.9, "sad": 0.1}
    event = Event(0.0, 0.0, 0.0, "photo", "happy", True, shares, model="neuromer")
    track = track_from(1, ("happy", "sad"), None).with_events((event,))
    found = Analysis(Recording("me & you.jpg", 640, 480, 0.0, 0.0, 1), (track,))
    named = SimpleNamespace(title="NeuroMER")
    face = SimpleNamespace(expression="happy", certainty=0.9, decided=True, probabilities=shares, model=named)
    show_report(found, face, np.zeros((60, 80, 3), np.uint8), "photo 0")


def test_a_report_and_a_card_are_made_when_they_are_asked_for(monkeypatch):
    from pages.views.common import report as common
    from pages.views.photo import report

    offered = {}
    for module in (report, common):
        monkeypatch.setattr(module, "download_button", lambda label, make, *_, **__: offered.update({label: make}))
    app = AppTest.from_function(photo, default_timeout=30).run()
    next(each for each in app.text_input if each.label == "Person’s code").set_value("P-07").run()
    assert not app.exception and not app.error
    html = offered["Report, HTML"]()
    assert "P-07" in html and "<td>happy</td><td>90 %</td><td>50 %</td>" in html and '<img alt="' not in html
    assert "onset" not in html.split("</script>")[-1], "a photo has no time"
    next(each for each in app.toggle if each.label == "The picture in the report").set_value(True).run()
    assert '<img alt="the photo"' in offered["Report, HTML"]()
    assert offered["Report, PDF"]().startswith(b"%PDF")
    assert offered["Result card, PNG"]().startswith(b"\x89PNG")
