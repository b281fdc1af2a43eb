import ast
import logging
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"
FILES = sorted(PAGES.glob("*.py"))


def test_there_are_pages():
    assert {file.stem for file in FILES} >= {"photo", "models"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_first_statement_of_every_page_is_the_guard(file):
    statements = [
        node
        for node in ast.parse(file.read_text()).body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not (isinstance(node, ast.Assign) and not any(isinstance(part, ast.Call) for part in ast.walk(node)))
    ]
    assert len(statements) == 1, "everything stands inside the guard"
    assert isinstance(statements[0], ast.With)
    assert statements[0].items[0].context_expr.func.id == "page"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_page_is_thin(file):
    assert len(file.read_text().splitlines()) <= 100


def guarded(body):
    script = "import streamlit as st\nfrom engine.errors import UserError\nfrom pages.views.common.guard import page\n"
    script += "with page('Try', 'Lead.'):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    return AppTest.from_string(script, default_timeout=20).run()


def test_it_says_what_neuromer_is_for():
    app = guarded("st.write('body')")
    assert not app.exception and not app.error
    assert app.title[0].value == "Try"
    said = " ".join(text.value for text in app.markdown)
    for word in ("never what a person feels", "diagnosis", "lie detection", "hiring", "pupils", "Lead.", "body"):
        assert word in said


def test_a_users_error_ends_in_its_own_sentence_and_remedy():
    app = guarded("st.write('before')\nraise UserError('It broke.', 'Mend it.')")
    assert not app.exception
    assert [box.value for box in app.error] == ["It broke\\. Mend it\\."]
    assert "before" in [text.value for text in app.markdown]


def test_an_unexpected_error_ends_in_a_sentence_and_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        app = guarded("{}['secret path']")
    assert not app.exception
    assert "Reload the page" in app.error[0].value and "secret" not in app.error[0].value
    assert "secret path" in caplog.text


def test_stopping_and_rerunning_pass_through():
    app = guarded("st.write('one')\nst.stop()\nst.write('two')")
    assert not app.error and "two" not in [text.value for text in app.markdown]
    app = guarded(
        "if 'again' not in st.session_state:\n    st.session_state.again = 1\n    st.rerun()\nst.write('done')"
    )
    assert not app.error and "done" in [text.value for text in app.markdown]


def test_words_from_files_are_not_markdown():
    app = guarded("raise UserError('![x](http://example.org/x.png)', 'Use **less**.')")
    assert app.error[0].value.startswith("\\!\\[x\\]\\(http\u2060\\:\\/\\/example\\.org")
