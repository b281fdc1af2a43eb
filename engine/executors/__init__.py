"""Many independent jobs: in this process, in several processes of this machine, or on a Dask cluster.

All three are a ``concurrent.futures.Executor``, so what is worked on need not know where. A worker that dies, by a
crash or for want of memory, costs the job that it worked on a second try and nothing else.
"""

from engine.executors.jobs import in_order, run_all
from engine.executors.pools import Workers, pool

__all__ = ["Workers", "in_order", "pool", "run_all"]
