"""What a page may not bring into memory: it would take seconds before the first picture."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("tensorflow", "keras", "jax", "torch", "sklearn", "tf2onnx", "plotly.express")

SCRIPT = """
import sys
from streamlit.testing.v1 import AppTest
for page in {pages!r}:
    app = AppTest.from_file(page, default_timeout=60).run()
    if page.endswith("photo.py"):
        app.get_by_key("photo source").set_value("Example").run()
    assert not app.exception and not app.error, (page, app.exception, app.error)
    print("LOADED", page, [name for name in {heavy!r} if name in sys.modules])
"""


def loaded(names, heavy):
    """Open pages one after the other in a new process; return what each has found loaded."""
    script = SCRIPT.format(pages=[str(ROOT / "pages" / name) for name in names], heavy=heavy)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return [line.split(maxsplit=2)[2] for line in done.stdout.splitlines() if line.startswith("LOADED")]


def test_pages_do_without_tensorflow():
    names = sorted(page.name for page in (ROOT / "pages").glob("*.py"))
    assert dict(zip(names, loaded(names, HEAVY), strict=True)) == dict.fromkeys(names, "[]")


def test_opening_a_page_compiles_nothing():
    assert loaded(["models.py"], ("numba", "skimage", "scipy", "tensorflow")) == ["[]"]
