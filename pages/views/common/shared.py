"""A server that several people open: what they share is said, and which paths they may name."""

from ipaddress import ip_address
from pathlib import Path

import streamlit as st

from engine import settings
from engine.errors import DataError, UserError
from pages.views.common.text import small_print


def is_shared() -> bool:
    """Tell whether others can open this server: its operator says so, people log in, or more than this machine may."""
    if settings.is_shared() or needs_login():  # behind another server it listens on this machine only
        return True
    address = st.get_option("server.address")
    try:
        return address != "localhost" and not ip_address(address or "").is_loopback
    except ValueError:  # all addresses, another name, or a socket behind somebody else's server
        return True


def needs_login() -> bool:
    """Tell whether people log in here: the operator names an OpenID Connect provider, as Streamlit documents it.

    That is the section ``[auth]`` of ``.streamlit/secrets.toml``.

    Raises
    ------
    UserError
        Where that file is there and cannot be read: nobody may come in because of a slip in it.
    """
    if st.secrets.load_if_toml_exists():
        return "auth" in st.secrets
    if any(Path(file).exists() for file in st.get_option("secrets.files")):
        raise UserError(
            "The file secrets.toml of this server cannot be read, so that nobody can be let in.",
            "Tell whoever runs it: its console says where the mistake is.",
        )
    return False


def tell_shared(what: str) -> None:
    """Say on a shared server, where nobody logs in, who sees and removes what is on the page."""
    if is_shared() and not needs_login():
        small_print(
            f":material/group: This server is shared: everybody who opens it sees, cancels and removes {what}, "
            "whoever began them."
        )


def may_name_paths() -> bool:
    """Tell whether visitors may name files and folders of the machine that the server runs on."""
    return bool(settings.path_folders()) or not is_shared()


def allowed_path(named: str) -> Path:
    """Return a path of the server's machine that a visitor named, links in it followed.

    Raises
    ------
    DataError
        Where visitors may not name it; nothing is said of whether it exists.
    """
    folders = settings.path_folders()
    try:
        path = Path(named).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise DataError(f"{named!r} is no path.", "Give a folder or a file.") from error
    if not may_name_paths():
        raise DataError("This server's operator allows no paths.", "Upload the data set.")
    if folders and not any(path.is_relative_to(folder) for folder in folders):
        there = ", ".join(map(str, folders))
        raise DataError(f"{named!r} lies in no folder that is allowed here.", f"Give a path in {there}, or upload it.")
    kept = settings.data_folder().resolve()
    if needs_login() and (path.is_relative_to(kept) or kept.is_relative_to(path)):  # other people's sets lie there
        raise DataError(f"In {named!r} lies what people keep on this server.", "Give another path, or upload it.")
    return path
