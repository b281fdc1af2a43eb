"""Long work, one way: how far it is, how it is cancelled, where it runs.

`engine.tasks.task` keeps a task in a folder, so that a reload, a second tab or a new start of the server finds it.
`engine.tasks.memory` keeps one in memory only: it ends with whoever asked for it. `engine.tasks.pools` does many small
jobs side by side.
"""

from engine.tasks.progress import SILENT, Cancelled, Progress
from engine.tasks.status import Status

__all__ = ["SILENT", "Cancelled", "Progress", "Status"]
