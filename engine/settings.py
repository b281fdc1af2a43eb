"""Where things lie, and the limits, in one place."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address
from pathlib import Path

import platformdirs

from engine.errors import UserError

WEIGHTS_FOLDER = Path(__file__).parent / "weights"

CROP_SIZE = 48
"""Side of the square gray face crop, in pixels, where no model says another: the paper's, and FER2013's."""


LOCAL_OWNER = "local"
"""Whose everything is while nobody logs in."""
OWNERS = "owners"


def data_folder() -> Path:
    """Return the one folder that keeps what users ask to keep.

    ``NEUROMER_DATA`` names it; without that it lies where the system keeps an application's data. It may not exist yet.
    """
    named = os.environ.get("NEUROMER_DATA")
    return Path(named).expanduser() if named else platformdirs.user_data_path("neuromer", appauthor=False)


def library_folder() -> Path:
    """Return the folder of the data sets, runs and jobs of whoever asks; it may not exist yet.

    It is the data folder itself for the one local user, and a folder of their own below it for everybody who logs in.
    """
    whose = owner()
    return data_folder() if whose == LOCAL_OWNER else data_folder() / OWNERS / whose


def library_folders() -> list[Path]:
    """Return `library_folder` of everybody who has one."""
    return [data_folder(), *sorted(each for each in (data_folder() / OWNERS).glob("[!.]*") if each.is_dir())]


def owner() -> str:
    """Return who asks: a name that a folder can have, `LOCAL_OWNER` where nobody logs in."""
    return _on_behalf.get() or _owner()


@contextmanager
def on_behalf_of(whose: str) -> Iterator[None]:
    """Answer `owner` with somebody while this thread works for them where nobody can be asked who they are."""
    before = _on_behalf.set(whose)
    try:
        yield
    finally:
        _on_behalf.reset(before)


def ask_for_owner(whose: Callable[[], str]) -> None:
    """Have `owner` answered by a function, which knows whom this process is at work for at the moment."""
    global _owner
    _owner = whose


def _own_process() -> str:
    # What a server starts for somebody is told for whom.
    return os.environ.get("NEUROMER_OWNER") or LOCAL_OWNER


_owner: Callable[[], str] = _own_process
_on_behalf: ContextVar[str] = ContextVar("on behalf of", default="")


def is_shared() -> bool:
    """Tell whether the operator says that several people open this server: ``NEUROMER_SHARED`` is set, and not 0.

    A server that listens on other addresses than this machine's own counts as shared anyway; behind another server that
    passes requests on it cannot know.
    """
    return os.environ.get("NEUROMER_SHARED", "").strip().lower() not in ("", "0", "no", "false")


def path_folders() -> list[Path]:
    """Return the folders below which visitors of the pages may name paths of this machine, links in them followed.

    ``NEUROMER_PATHS`` names them, separated as in ``PATH``. Without it there are none: then a server that only this
    machine can open takes any path, and a shared one takes none.
    """
    named = os.environ.get("NEUROMER_PATHS", "").split(os.pathsep)
    return [Path(each.strip()).expanduser().resolve() for each in named if each.strip()]


def threads(most: int) -> int:
    """Return how many threads a library may start: at most ``most``, and this process's share of the cores.

    ``NEUROMER_THREADS`` names the share, where several processes work side by side; without it it is all cores.
    """
    named = os.environ.get("NEUROMER_THREADS", "")
    return max(1, min(most, int(named) if named.isdecimal() else os.cpu_count() or 1))


# Limits of a picture that may be decoded (engine.images). With them every file that was tried, honest or hostile, is
# answered in about 1.5 s and 470 MB on a machine of two cores; the fine limits of one format stand in its module.
IMAGE_MAX_BYTES = 32 * 2**20  # a 50-megapixel phone writes JPEG files of 15 to 25 MB
IMAGE_MAX_PIXELS = 52_000_000  # 8,160 x 6,144 and 8,256 x 6,192 are what 50-megapixel phones write
IMAGE_MAX_SIDE = 20_000  # pixels; the widest phone panoramas are about 16,000
IMAGE_MAX_WORKING_BYTES = 470_000_000  # held at the peak of decoding, by the count of each format's module
IMAGE_MAX_EXPANSION = 500  # bytes of pixels for one byte of file; photos have 5 to 100
IMAGE_FREE_EXPANSION_BYTES = 12_000_000  # up to here (4 megapixels of RGB) any expansion is harmless

# Limits of a zip or .npz with a data set (engine.datasets). The largest public sets of still faces have about 450,000
# pictures; photos do not shrink in a zip, a fer2013.csv to a third, plain bitmaps to a tenth.
ARCHIVE_MAX_FILES = 500_000
ARCHIVE_MAX_BYTES = 20 * 2**30  # unpacked, all files together
ARCHIVE_MAX_EXPANSION = 100  # bytes unpacked for one byte packed
ARCHIVE_FREE_EXPANSION_BYTES = 64 * 2**20  # up to here any expansion is harmless
UPLOAD_MAX_BYTES = 2**30  # of a data set through the browser; the server holds it in memory. A path has no such limit

# Uploads that no page has taken away yet, which are held in the server's memory (pages.views.common.uploads).
UPLOADS_MAX_FILES = 500  # of one visitor
UPLOADS_MAX_BYTES_EACH = 1280 * 2**20  # of one visitor: the largest data set, and some photos
UPLOADS_MAX_BYTES = 2 * UPLOADS_MAX_BYTES_EACH  # of all visitors together

# Recordings of the page Video, which are held in the server's memory (engine.recognition.video.recordings).
RECORDING_MAX_BYTES = 2**30  # of one; phones write 60 to 180 MB a minute. A path on the command line has no such limit
RECORDINGS_MAX_EACH = 6  # of one visitor
RECORDINGS_MAX_BYTES_EACH = 1280 * 2**20
RECORDINGS_MAX = 12
RECORDINGS_MAX_BYTES = 2 * RECORDINGS_MAX_BYTES_EACH  # all together
RECORDINGS_IDLE_S = 2 * 3600.0  # after so long without anybody asking one is forgotten

TASKS_MAX = 4  # of data sets at work at a time, each in a process of its own (engine.tasks.task)

# Streams of the page Live, and what is held of each (engine.recognition.live).
LIVE_RECENT_BYTES = 32 * 2**20  # faces of the last seconds, from which a replay is taken once an event is known
LIVE_EVENT_BYTES = 16 * 2**20  # faces of events that nobody has asked to keep: the latest 5 to 10 events
LIVE_KEPT_BYTES = 96 * 2**20  # faces of events that a user keeps
LIVE_EVENTS_MAX = 500
LIVE_UNREACHED_S = 3.0  # a camera that has brought no first frame for so long may have no way to bring one
LIVE_SILENT_S = 3.0  # a camera that brings no frame for so long is silent: unplugged, perhaps
LIVE_IDLE_S = 10.0  # a stream without a frame for so long, whose page asks for nothing either, is over: a closed tab


def live_streams() -> int:
    """Return how many cameras this server watches at a time: ``NEUROMER_LIVE``, or one a core."""
    named = os.environ.get("NEUROMER_LIVE", "")
    return int(named) if named.isdecimal() and int(named) else os.cpu_count() or 1


def ice_servers() -> list[dict[str, str | list[str]]]:
    """Return the STUN and TURN servers through which a browser on another machine finds this one; none by default.

    ``NEUROMER_ICE_SERVERS`` names them as browsers do (``RTCIceServer``), in JSON:
    ``[{"urls": "turn:turn.example.org:3478", "username": "me", "credential": "secret"}]``.

    Raises
    ------
    UserError
        Where it is no such list.
    """
    named = os.environ.get("NEUROMER_ICE_SERVERS", "").strip()
    try:
        servers = json.loads(named or "[]")
    except (ValueError, RecursionError):
        servers = None
    if not isinstance(servers, list) or not all(map(_is_ice_server, servers)):
        # Not what it says: there may be a password in it.
        raise UserError(
            "The setting NEUROMER_ICE_SERVERS is no list of STUN and TURN servers.",
            'Write it as JSON: [{"urls": "turn:turn.example.org:3478", "username": "me", "credential": "secret"}].',
        )
    return servers


def live_addresses() -> list[str]:
    """Return the addresses of this machine on which a camera's stream is answered: 127.0.0.1 by default.

    ``NEUROMER_LIVE_ADDRESSES`` names others, separated by commas, for browsers on other machines:
    ``127.0.0.1,192.168.1.20``.

    Raises
    ------
    UserError
        Where it is no such list.
    """
    named = [each.strip() for each in os.environ.get("NEUROMER_LIVE_ADDRESSES", "").split(",") if each.strip()]
    try:
        return [str(ip_address(each)) for each in named] or ["127.0.0.1"]
    except ValueError as error:
        raise UserError(
            f"The setting NEUROMER_LIVE_ADDRESSES is no list of addresses: {error}.",
            "Write them separated by commas, such as 127.0.0.1,192.168.1.20.",
        ) from error


def _is_ice_server(server: object) -> bool:
    if not isinstance(server, dict) or not {"urls"} <= server.keys() <= {"urls", "username", "credential"}:
        return False
    urls = server["urls"] if isinstance(server["urls"], list) else [server["urls"]]
    words = [server[key] for key in server if key != "urls"]
    known = all(isinstance(url, str) and url.split(":")[0] in ("stun", "stuns", "turn", "turns") for url in urls)
    return bool(urls) and known and all(isinstance(word, str) for word in words)


# Limits of a recording (engine.videos). It is read a frame at a time, so its length needs none.
VIDEO_MAX_BYTES = 64 * 2**30  # an hour of 4K at 100 megabits a second has 45 GB
VIDEO_MAX_PIXELS = 36_000_000  # of a frame; 8K has 33 million
VIDEO_MAX_SIDE = 16_384  # pixels of a frame
