"""NeuroMER's dashboard: ``streamlit run app.py``. Navigation, nothing else."""

from pages.views.common.navigation import navigation

navigation().run()
