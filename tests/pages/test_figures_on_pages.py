import base64

import cv2
import numpy as np
import pytest

from pages.views.common.figures import data_url


@pytest.mark.parametrize("shape", [(6, 9), (6, 9, 3), (6, 9, 4)])
def test_the_picture_is_in_the_page_itself(shape):
    picture = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    head, _, rest = data_url(picture).partition(",")
    assert head == "data:image/png;base64"
    encoded = base64.b64decode(rest)
    decoded = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_UNCHANGED)
    channels = {2: slice(None), 3: [2, 1, 0], 4: [2, 1, 0, 3]}[2 if picture.ndim == 2 else shape[2]]
    np.testing.assert_array_equal(decoded[..., channels], picture)
