"""How many cores one process may use when several work side by side."""

import os


def limit(count: int) -> None:
    """Keep this process's libraries to so many threads, those loaded already and those still to be loaded.

    What answers for faces (LiteRT, ONNX Runtime) asks `engine.settings.threads`. TensorFlow keeps its own number, on
    which its sums depend in the last digits: a fold gives the same figures alone and beside others.

    Parameters
    ----------
    count
        1 or more.
    """
    os.environ.update(dict.fromkeys(("NEUROMER_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(count)))
    import cv2
    from threadpoolctl import threadpool_limits

    cv2.setNumThreads(count)
    threadpool_limits(count)
