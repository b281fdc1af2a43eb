"""The key by which pictures are encrypted: from the environment, or from the system's key ring."""

import base64
import binascii
import os
from contextlib import suppress

from engine.errors import RecordsError

VARIABLE = "NEUROMER_KEY"
_SERVICE, _USER = "neuromer", "pictures"
_BYTES = 32
_ADVICE = f"Set {VARIABLE} to the output of: python -m engine records key"


def new_key() -> str:
    """Return a key that nobody has: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(_BYTES)).decode()


def key(*, make: bool = False) -> bytes:
    """Return the 32 bytes by which pictures are encrypted with AES-256.

    Parameters
    ----------
    make
        Whether one is put into the system's key ring where there is none yet.

    Raises
    ------
    RecordsError
        Where there is none, or what is there is no key. Without one no picture is kept.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return _read(named, f"The setting {VARIABLE}")
    # Not above: looking for key rings takes a while, and few keep pictures.
    import keyring
    from keyring.errors import KeyringError

    try:
        known = keyring.get_password(_SERVICE, _USER)
        if known is None and make:
            known = new_key()
            keyring.set_password(_SERVICE, _USER, known)
    except (KeyringError, RuntimeError, OSError) as error:
        raise RecordsError("There is no key to encrypt pictures with, so that none is kept.", f"{_ADVICE}.") from error
    if known is None:
        raise RecordsError("There is no key to encrypt pictures with, so that none is kept.", f"{_ADVICE}.")
    return _read(known, "What the system’s key ring has")


def why_none(*, make: bool = False) -> str | None:
    """Say why pictures cannot be kept; None where there is a key."""
    try:
        key(make=make)
    except RecordsError as error:
        return str(error)
    return None


def _read(text: str, what: str) -> bytes:
    found = b""
    with suppress(binascii.Error, ValueError):
        found = base64.urlsafe_b64decode(text.encode("ascii"))
    if len(found) != _BYTES:
        # Not what it says: it may be a key for something else.
        raise RecordsError(f"{what} is no key of {_BYTES} bytes in URL-safe base64.", f"{_ADVICE}.")
    return found
