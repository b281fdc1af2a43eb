"""Parts of the face whose motion is followed, as points of the mesh."""

REGION_POINTS: dict[str, tuple[int, ...]] = {
    "right brow": (70, 63, 105, 66, 107, 46, 53, 52, 65, 55),
    "left brow": (300, 293, 334, 296, 336, 276, 283, 282, 295, 285),
    "between the brows": (9, 8, 107, 336, 55, 285),
    "right eye": (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    "left eye": (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    "nose": (4, 45, 275, 48, 278, 64, 294, 98, 327, 129, 358),
    "right cheek": (50, 101, 205, 36, 118, 117, 123, 147, 187),
    "left cheek": (280, 330, 425, 266, 347, 346, 352, 376, 411),
    "right mouth corner": (61, 76, 62, 57, 186, 92, 43, 106),
    "left mouth corner": (291, 306, 292, 287, 410, 322, 273, 335),
    "upper lip": (0, 37, 267, 39, 269, 11, 12, 72, 302, 164),
    "lower lip": (17, 84, 314, 181, 405, 16, 15, 85, 315),
    "chin": (18, 200, 199, 201, 421, 83, 313, 194, 418, 175),
}
"""Right and left are the person's."""

REGIONS = tuple(REGION_POINTS)
"""Their names, in the order of every array that has a column a region."""

UPPER = ("right brow", "left brow", "between the brows")
EYES = ("right eye", "left eye")
MOUTH = ("right mouth corner", "left mouth corner", "upper lip", "lower lip", "chin")
"""What speaking and chewing move."""

RIGHT_EYE_OUTER, LEFT_EYE_OUTER = 33, 263

# Corners, and upper and lower lid above one another: (outer, inner, ((upper, lower), ...)).
EYELIDS = (
    (33, 133, ((160, 144), (159, 145), (158, 153))),
    (263, 362, ((387, 373), (386, 374), (385, 380))),
)
