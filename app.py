"""NeuroMER's dashboard: ``streamlit run app.py``. The pages, and what every answer of the server begins with."""

import streamlit as st
from starlette.middleware import Middleware

from pages.views.common.headers import OwnFramesOnly
from pages.views.common.housekeeping import housekeeping
from pages.views.common.navigation import PAGES_FOLDER
from pages.views.common.uploads import BoundedUploadRequests, replace_store

replace_store()
app = st.App(
    PAGES_FOLDER / "views/common/entry.py",
    lifespan=housekeeping,
    middleware=[Middleware(OwnFramesOnly), Middleware(BoundedUploadRequests)],
)
