"""What a clip network can tell beside its answer: where it responds or attends, as outputs to export with it."""

import keras

from engine.models import agmenet, learnet
from engine.models.mirror import one_way, unmirror


def saliency_outputs(model: keras.Model) -> dict[str, keras.KerasTensor]:
    """Return the tensors of a network that show where it looks, by the name of their output.

    Parameters
    ----------
    model
        As one of `engine.models.registry.CLIP_ARCHITECTURES` builds it, or what `engine.models.mirror` makes of it;
        may be trained or loaded.

    Returns
    -------
    dict
        LEARNet: ``response_stem`` to ``response_hybrid``, see `engine.models.learnet.responses`. AGMENet with
        attention: ``attended``, see `engine.models.agmenet.attended`. Empty for every other network; see
        `engine.recognition.importance.occlusion_map` for those.
    """
    if model.name == "learnet":
        return learnet.responses(model)
    if model.name == "agmenet" and any(layer.name == "attention" for layer in model.layers):
        return {"attended": agmenet.attended(model)}
    within = one_way(model)
    maps = {} if within is None else saliency_outputs(within)
    return unmirror(model, maps) if maps else {}
