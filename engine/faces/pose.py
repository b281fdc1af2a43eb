"""How a head is turned, from the mesh's points in three dimensions."""

import numpy as np

# Pairs of points whose difference shows the head's own axes: across it, from the person's right to their left (eyes'
# outer corners, cheeks), and down it (forehead to chin).
_ACROSS = ((33, 263), (234, 454))
_DOWN = (10, 152)

# A level face's chin lies a little further away than the top of its forehead: the median angle of 2,902 pictures of
# FER2013's training part.
LEVEL_DEG = -10.0


def head_pose(points: np.ndarray) -> tuple[float, float, float]:
    """Return yaw, pitch and roll in degrees.

    Read directly from the mesh, which already is three-dimensional, so no camera has to be assumed. The rotation is
    taken apart as: first pitch, then yaw, then roll in the picture.

    Parameters
    ----------
    points
        ``(468, 3)``: x right, y down, z away from the camera, all in one unit.

    Returns
    -------
    tuple of float
        Yaw, positive when the face turns to the picture's right; pitch, positive when it looks up; roll, positive
        when it tilts clockwise as seen, -180 to 180. All near 0 for a face that looks into the camera.
    """
    points = np.asarray(points, float)
    across = sum(points[end] - points[start] for start, end in _ACROSS)
    across /= np.linalg.norm(across)
    down = points[_DOWN[1]] - points[_DOWN[0]]
    down -= (down @ across) * across
    down /= np.linalg.norm(down)
    away = np.cross(across, down)
    yaw = np.arcsin(np.clip(across[2], -1, 1))
    pitch = -np.arctan2(down[2], away[2])
    roll = np.arctan2(across[1], across[0])
    return float(np.degrees(yaw)), float(np.degrees(pitch) - LEVEL_DEG), float(np.degrees(roll))
