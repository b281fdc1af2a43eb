"""The last layer learnt anew, once the rest of a network is trained."""

import keras
import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

PENALTY = 0.01
"""How much half the sum of the squared weights counts beside a picture's mean loss."""


def learn_last_layer(model: keras.Model, crops: np.ndarray, targets: np.ndarray, prior: np.ndarray) -> None:
    """Fit a network's last layer to targets, every expression weighing alike, and leave everything before it.

    What a picture's embedding should hold and which expression it is are learnt best from different targets: the first
    from all that is known of a picture, the second from the truth that the answers are judged by (the classifier
    retraining of Kang et al. 2020, "Decoupling representation and classifier", arXiv 1910.09217). It is a logistic
    regression with one minimum, found by L-BFGS from the weights that are there.

    Parameters
    ----------
    model
        Ends in a dense softmax layer called ``probabilities``; changed in place.
    crops
        (n, size, size) uint8.
    targets
        (n, classes) float32, each row sums to 1.
    prior
        (n, classes) float32, how often each expression is wanted in the set that each picture is of, as
        `engine.training.fit.priors` gives it: a target counts by how rare it is there.
    """
    layer = model.get_layer("probabilities")
    before = keras.Model(model.input, model.layers[-2].output)
    embedding = before.predict(crops[..., None].astype(np.float32) / 255, batch_size=256, verbose=0)
    weights = targets / prior
    weights /= weights.sum()
    shape = layer.kernel.shape

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        kernel, bias = parameters[: -shape[1]].reshape(shape), parameters[-shape[1] :]
        log_probabilities = log_softmax(embedding @ kernel.astype(np.float32) + bias.astype(np.float32), axis=1)
        off = np.exp(log_probabilities) * weights.sum(axis=1, keepdims=True) - weights
        gradient = (embedding.T @ off).astype(float) + PENALTY * kernel
        value = -float((weights * log_probabilities).sum()) + PENALTY / 2 * float((kernel**2).sum())
        return value, np.concatenate([gradient.ravel(), off.sum(axis=0)])

    start = np.concatenate([np.ravel(value) for value in layer.get_weights()]).astype(float)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    layer.set_weights([found[: -shape[1]].reshape(shape), found[-shape[1] :]])
