from pages.views.common.answer_words import face_certainty, face_headline


def test_a_decided_answer(make_face):
    face = make_face({"happy": 0.93, "neutral": 0.07})
    assert face_headline(face) == "happy, 93 %"
    words = face_certainty(face)
    assert "50 %" in words and "Next is neutral with 7 %" in words and "right 75 times in 100" in words


def test_an_undecided_answer_says_what_that_means(make_face):
    face = make_face({"sad": 0.41, "neutral": 0.33, "fear": 0.26})
    assert face_headline(face) == "undecided: most probable sad, 41 %"
    words = face_certainty(face)
    assert words.startswith("Not sure enough to say: for sad") and "50 %" in words and "neutral with 33 %" in words


def test_the_threshold_itself_is_decided_and_a_tie_names_both(make_face):
    face = make_face({"sad": 0.5, "fear": 0.5})
    assert face_headline(face) == "fear, 50 %" and "Next is sad with 50 %" in face_certainty(face)
