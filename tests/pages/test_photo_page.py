from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import ImageError
from engine.models import shipped

PAGE = Path(__file__).parents[2] / "pages" / "photo.py"
HAPPY = {"happy": 0.93, "sad": 0.07}
TORN = {"sad": 0.41, "neutral": 0.33, "fear": 0.26}


def opened():
    app = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert not app.exception and not app.error
    return app


def upload(app, *files):
    for name, data in files:
        app.file_uploader[0].upload(name, data)
    app.run()
    assert not app.exception
    return app


def said(app):
    return " ".join(text.value for text in [*app.markdown, *app.header])


def test_it_opens_with_an_uploader_and_nothing_else_to_do(stand_in):
    app = opened()
    assert app.file_uploader[0].label == "Pictures with faces"
    assert stand_in.asked == []


def test_uploading_is_enough_for_an_answer(stand_in, picture_bytes):
    stand_in.faces = [HAPPY]
    app = upload(opened(), ("a.png", picture_bytes))
    assert app.header[0].value == "Face 1: happy, 93 %"
    charts = app.get("plotly_chart")
    assert len(charts) == 2 and all(chart.proto.alt for chart in charts), "bars and reasons, each described"
    assert "happy 93 %" in charts[0].proto.alt
    assert "occlusion" in said(app)
    assert not app.error and not app.warning


def test_a_torn_face_is_undecided_and_told_so(stand_in, picture_bytes):
    stand_in.faces = [TORN]
    app = upload(opened(), ("a.png", picture_bytes))
    assert app.header[0].value == "Face 1: undecided: most probable sad, 41 %"
    assert "for sad it takes" in said(app)


def test_quality_warnings_are_shown_with_their_remedies(stand_in, picture_bytes):
    stand_in.faces, stand_in.warnings = [HAPPY], [("small", "The face is small. Come closer.")]
    app = upload(opened(), ("a.png", picture_bytes))
    assert [box.value.replace("\\", "") for box in app.warning] == ["The face is small. Come closer."]


def test_no_face_says_what_to_try(stand_in, picture_bytes):
    app = upload(opened(), ("a.png", picture_bytes))
    assert "No face found" in app.info[0].value and "40 pixels" in app.info[0].value


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ImageError("Not a picture.", "Choose one."), "Not a picture. Choose one."),
        (RuntimeError("boom"), "try another"),
    ],
)
def test_a_bad_file_does_not_cost_the_others_their_answers(stand_in, picture_bytes, error, sentence):
    stand_in.faces, stand_in.error = [HAPPY], error
    app = upload(opened(), ("bad.png", b"bad"), ("good.png", picture_bytes))
    (box,) = app.error
    assert sentence in box.value.replace("\\", "") and "boom" not in box.value
    assert app.header[0].value == "Face 1: happy, 93 %"
    assert "2 pictures, 1 face" in said(app) and "1 not read" in said(app)
    table = app.dataframe[0].value
    assert list(table["picture"]) == ["bad.png", "good.png"]


def test_names_are_shown_as_they_are(stand_in, picture_bytes):
    app = upload(opened(), ("![x](http://example.org/x.png) :red[a].png", picture_bytes))
    assert "\\!\\[x\\]\\(http\u2060\\:" in said(app) and "![x]" not in said(app)


def test_forty_faces_stay_usable(stand_in, picture_bytes):
    stand_in.faces = [HAPPY if at % 3 else TORN for at in range(40)]
    app = upload(opened(), ("crowd.png", picture_bytes))
    assert len(app.dataframe[0].value) == 40
    assert len(app.get("plotly_chart")) == 2, "one face at a time"
    (choice,) = [box for box in app.selectbox if box.label.startswith("Face")]
    assert len(choice.options) == 40 and choice.options[3] == "4: undecided: most probable sad, 41 %"
    choice.set_value(4).run()
    assert app.header[0].value.startswith("Face 4: undecided")


def test_a_few_faces_are_told_by_buttons(stand_in, picture_bytes):
    stand_in.faces = [HAPPY, TORN]
    app = upload(opened(), ("two.png", picture_bytes))
    app.get_by_key(next(key for key in app.session_state.to_dict() if str(key).endswith("choice"))).set_value(2).run()
    assert app.header[0].value.startswith("Face 2: undecided")


def test_many_pictures_come_in_parts(stand_in):
    stand_in.faces = [HAPPY]
    app = upload(opened(), *((f"{at}.png", b"picture %d" % at) for at in range(10)))
    assert len(stand_in.asked) == 10 and len(app.header) == 4
    assert len(app.dataframe[0].value) == 10
    app.session_state["photo part"] = 3
    app.run()
    assert len(app.header) == 2 and len(stand_in.asked) == 10, "nothing is recognised twice"


def test_a_picture_is_recognised_once_a_model(stand_in, picture_bytes):
    stand_in.faces = [HAPPY]
    app = upload(opened(), ("a.png", picture_bytes))
    app.toggle[0].set_value(True).run()
    assert len(stand_in.asked) == 1
    model = next(box for box in app.selectbox if box.label == "Model")
    assert model.options == ["Tiny default", "Tiny other"]
    model.set_value("another").run()
    model.set_value(shipped.DEFAULT).run()
    assert [name for _, name in stand_in.asked] == [shipped.DEFAULT, "another"]


def test_a_low_light_enhancement_is_chosen_beside_the_model(stand_in, picture_bytes):
    stand_in.faces = [HAPPY]
    app = upload(opened(), ("a.png", picture_bytes))
    light = next(box for box in app.selectbox if box.label == "Brighten dark faces")
    assert light.options == ["off", "LLEM", "Gamma", "CLAHE"] and light.value == "none"
    light.set_value("llem").run()
    light.set_value("none").run()
    assert stand_in.enhanced == ["none", "llem"], "asked once a choice, as it is at first"
    assert not app.exception and not app.error


def test_what_leaves_the_page_is_forgotten(stand_in, picture_bytes):
    stand_in.faces = [HAPPY]
    app = upload(opened(), ("a.png", picture_bytes))
    held = "held by Photo: answers"
    assert len(app.session_state[held]) == 1
    app.get_by_key("photo source").set_value("Camera").run()
    assert not app.session_state[held] and not app.header


def test_another_page_holds_nothing_of_this_one(stand_in, picture_bytes):
    stand_in.faces = [HAPPY]
    app = AppTest.from_file(str(PAGE.parent / "views/common/entry.py"), default_timeout=30).run()
    app.switch_page("../../photo.py").run()
    upload(app, ("a.png", picture_bytes))
    assert app.session_state["held by Photo: answers"]
    app.switch_page("../../models.py").run()
    assert app.title[0].value == "Models" and not app.exception
    assert "held by Photo: answers" not in app.session_state


@pytest.mark.parametrize("damage", ["card.json", "model.onnx"])
def test_a_damaged_model_is_a_sentence_and_the_other_one_answers(stand_in, tiny_models, picture_bytes, damage):
    stand_in.faces = [HAPPY]
    (tiny_models / shipped.DEFAULT / damage).write_bytes(b"{")
    app = upload(AppTest.from_file(str(PAGE), default_timeout=30).run(), ("a.png", picture_bytes))
    assert "Put the shipped" in app.error[0].value.replace("\\", "") and stand_in.asked == []
    next(box for box in app.selectbox if box.label == "Model").set_value("another").run()
    assert not app.error and app.header[0].value == "Face 1: happy, 93 %"


def test_without_any_model_the_page_says_so(stand_in, tiny_models):
    for card in tiny_models.glob("*/card.json"):
        card.unlink()
    app = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert not app.exception and "no model" in app.error[0].value


def test_the_example_is_answered_by_the_shipped_model():
    app = opened()
    app.get_by_key("photo source").set_value("Example").run()
    assert not app.exception and not app.error
    assert app.header[0].value.startswith("Face 1: happy")
    assert len(app.image) == 1
    assert {button.label for button in app.get("download_button")} == {"Download CSV", "Download JSON"}


@pytest.mark.parametrize("tab", ["Why", "Patterns", "Quality", "Numbers"])
def test_every_tab_of_the_example_has_its_content(tab):
    app = opened()
    app.get_by_key("photo source").set_value("Example").run()
    key = next(key for key in app.session_state.to_dict() if str(key).endswith("tabs"))
    app.session_state[key] = tab
    app.run()
    assert not app.exception and not app.error
    assert len(app.get("plotly_chart")) == {"Why": 2, "Patterns": 3, "Quality": 1, "Numbers": 1}[tab]
    assert len(app.table) == {"Why": 0, "Patterns": 0, "Quality": 1, "Numbers": 1}[tab]


def test_numbers_are_never_rounded_to_certain_or_impossible(stand_in):
    stand_in.faces = [{"happy": 0.999999, "sad": 0.000001}]
    app = opened()
    app.get_by_key("photo source").set_value("Example").run()
    key = next(key for key in app.session_state.to_dict() if str(key).endswith("tabs"))
    app.session_state[key] = "Numbers"
    app.run()
    # Escaped: a cell that begins with ">" would be a quotation.
    assert app.table[0].value["probability"].tolist()[:3] == [r"\> 99\.99 %", r"\< 0\.01 %", r"0\.00 %"]


def test_bytes_that_are_no_picture_get_the_engines_sentence():
    app = upload(opened(), ("a.png", b"not a picture at all"))
    assert len(app.error) == 1 and not app.header
    assert "inside NeuroMER" not in app.error[0].value


def test_a_face_that_is_named_as_rest_is_taken_out_of_the_same_person_s_other_faces_alone(stand_in, picture_bytes):
    stand_in.faces = [{"sad": 0.4, "neutral": 0.3, "happy": 0.3}, {"sad": 0.5, "neutral": 0.48, "happy": 0.02}]
    app = upload(opened(), ("a.png", picture_bytes))
    assert app.header[0].value == "Face 1: undecided: most probable sad, 40 %"
    (choice,) = [box for box in app.selectbox if box.label == "Resting face"]
    choice.select("a.png, face 2").run()
    assert "most probable sad, 40 %" in app.header[0].value, "nobody has said that it is the same person"
    (same,) = [toggle for toggle in app.toggle if toggle.label == "The same person as the resting face"]
    same.set_value(True).run()
    assert app.header[0].value.startswith("Face 1: happy") and not app.exception and not app.error
    assert "As it is: sad, 40" in said(app).replace("\\", "")


def test_a_surely_smiling_face_is_no_rest(stand_in, picture_bytes):
    stand_in.faces = [TORN, HAPPY]
    app = upload(opened(), ("a.png", picture_bytes))
    next(box for box in app.selectbox if box.label == "Resting face").select("a.png, face 2").run()
    next(toggle for toggle in app.toggle if toggle.label.startswith("The same person")).set_value(True).run()
    assert "happy" in app.error[0].value and "no rest" in app.error[0].value
    assert app.header[0].value == "Face 1: undecided: most probable sad, 41 %"
