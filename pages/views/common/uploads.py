"""An upload taken over from Streamlit, which would keep its bytes in memory until its visitor leaves."""

from typing import TYPE_CHECKING

from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


def let_go(file: "UploadedFile") -> None:
    """Have Streamlit forget an uploaded file; the widget that brought it must not be drawn again with it."""
    context = get_script_run_ctx()
    # The manager that Streamlit comes with can remove one file; another one may only know of whole visits.
    remove = getattr(getattr(context, "uploaded_file_mgr", None), "remove_file", None)
    if remove is not None:
        remove(session_id=context.session_id, file_id=file.file_id)
