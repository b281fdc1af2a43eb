"""What a page may not bring into memory: it would take seconds before the first picture."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from serving import accept_intended_use

ROOT = Path(__file__).parents[2]
HEAVY = {"tensorflow", "keras", "jax", "torch", "sklearn", "tf2onnx", "plotly.express"}
COMPILING = {"numba", "skimage", "scipy"}

SCRIPT = """
import functools, sys
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
for page in {pages!r}:
    app = AppTest.from_file(page, default_timeout=60).run()
    if page.endswith("photo.py"):
        app.get_by_key("photo source").set_value("Example").run()
    assert not app.exception and not app.error, (page, app.exception, app.error)
    print("LOADED", *[name for name in {heavy!r} if name in sys.modules])
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """What each page has found loaded, opened one after the other in a new process; the page Models comes first."""
    names = sorted((page.name for page in (ROOT / "pages").glob("*.py")), key=lambda name: name != "models.py")
    script = SCRIPT.format(pages=[str(ROOT / "pages" / name) for name in names], heavy=HEAVY | COMPILING)
    folder = tmp_path_factory.mktemp("data")
    accept_intended_use(folder)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"NEUROMER_DATA": str(folder)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = [set(line.split()[1:]) for line in done.stdout.splitlines() if line.startswith("LOADED")]
    return dict(zip(names, found, strict=True))


def test_pages_do_without_tensorflow(loaded):
    assert {name: found & HEAVY for name, found in loaded.items()} == {name: set() for name in loaded}


def test_opening_a_page_compiles_nothing(loaded):
    assert loaded["models.py"] == set()
