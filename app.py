"""NeuroMER's dashboard: ``streamlit run app.py``. Navigation, nothing else."""

from pages.parts.navigation import navigation

navigation().run()
