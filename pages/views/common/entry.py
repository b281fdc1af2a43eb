"""What the server runs before every page: the navigation, nothing else."""

from pages.views.common.navigation import navigation

navigation().run()
