"""What a page may not bring into memory: it would take seconds before the first picture."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("tensorflow", "keras", "jax", "torch", "sklearn", "tf2onnx", "plotly.express")

SCRIPT = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({page!r}, default_timeout=60).run()
if {page!r}.endswith("photo.py"):
    app.get_by_key("photo source").set_value("Example").run()
assert not app.exception and not app.error, (app.exception, app.error)
print("LOADED", [name for name in {heavy!r} if name in sys.modules])
"""


@pytest.mark.parametrize("page", sorted((ROOT / "pages").glob("*.py")), ids=lambda page: page.stem)
def test_pages_do_without_tensorflow(page):
    script = SCRIPT.format(page=str(page), heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().splitlines()[-1] == "LOADED []"


def test_opening_the_photo_page_compiles_nothing():
    script = SCRIPT.format(page=str(ROOT / "pages/models.py"), heavy=("numba", "skimage", "scipy", "tensorflow"))
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip().splitlines()[-1] == "LOADED []", done.stderr[-2000:]
