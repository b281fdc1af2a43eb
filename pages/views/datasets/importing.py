"""The form that brings a data set in."""

from pathlib import PurePath

import streamlit as st

from engine import settings
from engine.datasets import store
from engine.errors import DataError
from engine.tasks import task
from engine.words import counted
from pages.views.common.guard import error_boundary
from pages.views.common.shared import allowed_path, may_name_paths
from pages.views.common.text import escape_markdown, one_line
from pages.views.datasets.tasks import start_task

_ROUND = "datasets import round"
_UPLOAD, _PATH = "Upload", "Path on this machine"
_NO_PATHS = "For a larger set ask whoever runs this server: NEUROMER_PATHS allows folders of its machine."
_WHAT = (
    "What can be imported, recognised by looking:\n\n"
    "- **class folders**, one folder an expression (`happy`, `sad`, …), also inside `train` and `test` or in folders "
    "of people (`P001`, `anna`), or a **zip** of them, such as the Kaggle set *micro-expressions* as it is "
    "downloaded;\n"
    "- **pictures with a table** beside them, a `labels.csv` with a file's name and an expression in each row; "
    "numbers count where a `classes.txt` says what they mean;\n"
    "- **fer2013.csv**, also zipped, and FERPlus' **fer2013new.csv** beside it, which brings votes in;\n"
    "- **CK+48**, whose file names tell subject and clip (`anger/S010_004_00000017.png`);\n"
    "- an **.npz** with `x` (pictures), `y` (class numbers), `classes` (names), and if known `split`, `group`, "
    "`subject`, `ferplus`.\n\n"
    "The pictures are copied into this machine's data folder; nothing leaves it. Import only what its owners allow."
)


def show_import() -> None:
    """Take a file or a path, a name, and start the import."""
    with error_boundary():
        turn = st.session_state.setdefault(_ROUND, 0)
        source = _UPLOAD
        if may_name_paths():
            source = st.segmented_control(
                "Import from", [_UPLOAD, _PATH], default=_UPLOAD, required=True, key="datasets source"
            )
        upload, path = None, ""
        if source == _UPLOAD:
            upload = st.file_uploader(
                "A zip of class folders, a fer2013.csv, or an .npz",
                type=["zip", "csv", "npz"],
                max_upload_size=settings.UPLOAD_MAX_BYTES // 2**20,
                key=f"datasets upload {turn}",
                help=f"For a larger set, or a folder, choose “{_PATH}”." if may_name_paths() else _NO_PATHS,
            )
        else:
            path = st.text_input(
                "Folder or file",
                key=f"datasets path {turn}",
                placeholder="/home/me/Downloads/micro_expressions.zip",
                help=_where(),
            )
            path = path.strip().strip("'\"")
        given = upload.name if upload is not None else PurePath(path).name
        name = st.text_input(
            "Name",
            key=f"datasets name {turn}",
            placeholder=store.suggested_name(given) if given else "the file's name",
            help="What the set is called here.",
        ).strip()
        check = st.checkbox(
            "Check it too",
            value=True,
            key="datasets check too",
            help="Looks for copies, bad pictures and wrong labels, in the background: minutes for 36,000 pictures.",
        )
        final = name or store.suggested_name(given)
        if given and final in store.names():
            changed = (
                f", and {counted(made, 'change')} made there by hand" if (made := store.changes_to_lose(final)) else ""
            )
            st.warning(f"A set named {escape_markdown(final)} is replaced once the new one is whole{changed}.")
        if st.button("Import", type="primary", icon=":material/upload:", disabled=not given, key="datasets import"):
            _start(upload, path, store.checked_name(final), check)
        with st.expander("What can be imported?", expanded=not store.names()):
            st.markdown(_WHAT)


def _where() -> str:
    folders = ", ".join(map(str, settings.path_folders()))
    return "On the machine that NeuroMER runs on" + (f", in {escape_markdown(folders)}." if folders else ".")


def _start(upload: "st.runtime.uploaded_file_manager.UploadedFile | None", path: str, name: str, check: bool) -> None:
    folder = None
    if upload is None:
        source = allowed_path(path)
    else:
        folder = task.new_folder()
        source = folder / (one_line(PurePath(upload.name).name).replace("/", "-") or "upload.zip")
        try:
            source.write_bytes(upload.getbuffer())
        except OSError as error:
            task.remove(folder)
            raise DataError(
                f"The upload cannot be kept ({error.strerror}).", "Make room on the disk, or give a path instead."
            ) from error
    st.session_state[_ROUND] += 1
    arguments = ["import", str(source), "--name", name, *(["--check"] if check else [])]
    start_task(arguments, f"Importing {name}", name, folder)
