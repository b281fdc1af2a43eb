"""The plastic head that a shipped model brings along."""

import copy
from functools import lru_cache

from engine.models import shipped
from engine.models.shipped import ShippedModel
from engine.spiking.plastic_head import FILE, PlasticHead
from engine.spiking.readout import Readout


def plastic_head_of(model: ShippedModel) -> PlasticHead:
    """Return a model's plastic head, which has not met any person yet; what it learns of one stays its own.

    Raises
    ------
    DataError
        For a model without one.
    """
    # Somebody else may be answering with another one at the same time.
    return PlasticHead(copy.deepcopy(_learnt(model.name)), model.labels)


def has_plastic_head(model: ShippedModel) -> bool:
    """Tell whether a model brings a plastic head along."""
    return (shipped.folder(model.name) / FILE).is_file()


@lru_cache(maxsize=4)
def _learnt(name: str) -> Readout:
    return PlasticHead.load(shipped.folder(name) / FILE).readout
