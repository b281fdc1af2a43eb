"""The command line starts quickly: what one verb needs does not hold up the others."""

import subprocess
import sys
from pathlib import Path

HEAVY = ("numba", "scipy", "sklearn", "skimage", "tensorflow", "keras", "openpyxl", "plotly", "streamlit")


def test_reading_a_verb_loads_nothing_heavy():
    script = f"import sys, engine.__main__; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
