"""Small flow sets that can be learnt."""

import numpy as np

from engine.datasets.flow_set import FlowSet


def moving(subjects: int = 6, clips: int = 6, seed: int = 0) -> FlowSet:
    """Brows down, corners of the mouth up, or brows up, on noise; two data sets."""
    random = np.random.default_rng(seed)
    y = np.tile(np.arange(3), subjects * clips // 3 + 1)[: subjects * clips]
    flow = random.normal(128, 12, (len(y), 28, 28, 3))
    rows, columns = np.mgrid[:28, :28]
    for at, label in enumerate(y):
        place, way = ((4, 40), (20, -40), (4, -40))[label]
        flow[at, ..., 1] += way * np.exp(-((rows - place) ** 2 + (columns - 14) ** 2 / 9) / 8)
    subject = np.repeat([f"{'ab'[at % 2]}/{at}" for at in range(subjects)], clips)
    dataset = np.array([each[0] for each in subject])
    return FlowSet(np.clip(flow, 0, 255).astype(np.uint8), y, ("negative", "positive", "surprise"), dataset, subject)
