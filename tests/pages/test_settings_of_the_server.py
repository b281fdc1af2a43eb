import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import settings

PAGES = Path(__file__).parents[2] / "pages"
CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())


def test_it_answers_on_loopback_only_and_tells_nobody():
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert set(CONFIG["server"]["allowedHosts"]) == {"127.0.0.1", "localhost"}
    assert CONFIG["server"]["enableXsrfProtection"] is True
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none" and CONFIG["client"]["showErrorLinks"] is False
    assert CONFIG["client"]["disableDataExport"] is True
    assert "enableAgentApi" not in CONFIG["server"]


def test_uploads_end_where_the_engine_ends():
    assert CONFIG["server"]["maxUploadSize"] * 2**20 == settings.UPLOAD_MAX_BYTES


@pytest.mark.parametrize(
    ("page", "limit"), [("photo", settings.IMAGE_MAX_BYTES), ("datasets", settings.UPLOAD_MAX_BYTES)]
)
def test_a_page_takes_no_more_than_it_can_use(page, limit):
    app = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=30).run()
    assert [each.proto.max_upload_size_mb * 2**20 for each in app.get("file_uploader")] == [limit]


def test_a_first_start_asks_nothing():
    assert CONFIG["server"]["showEmailPrompt"] is False


def test_fonts_come_from_nowhere_else():
    assert "http" not in str(CONFIG["theme"])
