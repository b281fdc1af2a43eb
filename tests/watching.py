"""Processes watched by strace: whom they speak to, whose names they look up, and what they write."""

import functools
import ipaddress
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_TO_OTHERS = ("connect", "sendto", "sendmsg", "sendmmsg")
_TO_FILES = ("open", "openat", "openat2", "creat", "truncate", "mkdir", "mkdirat", "rename", "renameat", "renameat2")
_TO_FILES += ("unlink", "unlinkat", "link", "linkat", "symlink", "symlinkat")
_CALL = re.compile(r"(?P<call>\w+)\((?P<given>.*?)(?:\) += (?P<result>-?\w+).*)?$")
_ADDRESS = re.compile(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"')
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_LOOK_UP_PORTS = {"53", "853", "5353"}
# Services of the system that look names up for a process.
_LOOK_UP_SOCKETS = ("nscd/socket", "io.systemd.Resolve", "avahi-daemon/socket")
# A path, behind the folder that it is relative to where the call names one.
_PATH = re.compile(r'(?:\w+<(?P<folder>[^>]*)>, )?"(?P<path>(?:[^"\\]|\\.)*)"')
_WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")


@functools.cache
def why_not():
    """Why nothing can be watched here, or None."""
    if not sys.platform.startswith("linux") or shutil.which("strace") is None:
        return "there is no strace"
    tried = subprocess.run(["strace", "-f", "-qq", "-o", os.devnull, "true"], capture_output=True, text=True)
    return None if tried.returncode == 0 else f"strace may not watch: {tried.stderr.strip()}"


class Watched:
    """Processes with a home, a data folder and a folder for temporary files of their own, in an empty ``folder``."""

    def __init__(self, folder):
        self._seen = folder / "seen"
        self.home, self.data, self.temporary = (folder / name for name in ("home", "data", "temporary"))
        for each in (self._seen, self.home, self.data, self.temporary):
            each.mkdir()

    @property
    def under(self):
        """The command that runs another and watches it with all that it starts."""
        calls = ",".join(f"?{call}" for call in (*_TO_OTHERS, *_TO_FILES))
        # A file a thread, so that no call is torn by another's. With seccomp only these calls stop: it costs little.
        how = ["-ff", "-qq", "-y", "-s", "400", "--seccomp-bpf", "-e", "signal=none"]
        return ["strace", *how, "-e", f"trace={calls}", "-o", str(self._seen / "by")]

    @property
    def environment(self):
        """What the command's environment must hold; no setting of the system leads past these folders."""
        folders = {"HOME": self.home, "NEUROMER_DATA": self.data, "TMPDIR": self.temporary}
        elsewhere = dict.fromkeys((name for name in os.environ if name.startswith("XDG_")), "")
        return elsewhere | {name: str(folder) for name, folder in folders.items()}

    def run(self, *arguments):
        """Run Python with these arguments until it ends; it has to end well. Return what it printed."""
        command = [*self.under, sys.executable, *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def calls(self):
        """Every call seen, as (its name, what it was given, what it returned)."""
        for file in self._seen.iterdir():
            for line in file.read_text(errors="replace").splitlines():
                if found := _CALL.match(line):
                    yield found.group("call", "given", "result")

    def strayed(self):
        """What spoke to another machine, looked a name up, or wrote where it may not: a line each, sorted."""
        seen = {self._judged(*call) for call in self.calls()}
        assert seen, "nothing was watched"
        return sorted(seen - {None})

    def _judged(self, call, given, result):
        if call in _TO_OTHERS:
            return _spoke(given)
        if (result or "").startswith("-") or (call.startswith("open") and not _WRITING.search(given)):
            return None  # nothing was written
        paths = list(_PATH.finditer(given))
        for found in paths[-1:] if call.startswith("symlink") else paths:  # where a link leads to is not written
            path = Path(os.path.normpath(ROOT / (found["folder"] or "") / found["path"]))
            if not self._may_write(path):
                return f"{call}: wrote {path}"
        return None

    def _may_write(self, path):
        # Where whoever runs the tests wants what is compiled.
        elsewhere = filter(None, [sys.pycache_prefix, os.environ.get("NUMBA_CACHE_DIR")])
        kept = [self.data, self.temporary, Path("/dev"), Path("/proc"), *elsewhere]
        compiled = [ROOT, sys.prefix, sys.base_prefix] if "__pycache__" in path.parts else []
        return any(path.is_relative_to(folder) for folder in [*kept, *compiled])


def _spoke(given):
    if any(name in given for name in _LOOK_UP_SOCKETS) or _LOOK_UP_PORTS.intersection(_PORT.findall(given)):
        return f"looked a name up: {given}"
    others = [address for address in _ADDRESS.findall(given) if not _is_here(address)]
    return f"spoke to {', '.join(others)}" if others else None


@functools.cache
def _is_here(address):
    """Whether an address is this machine's: one that can be bound. A browser's camera may be at one beside loopback."""
    read = ipaddress.ip_address(address)
    if read.is_multicast or address == "255.255.255.255":
        return False
    with socket.socket(socket.AF_INET if read.version == 4 else socket.AF_INET6, socket.SOCK_DGRAM) as tried:
        try:
            tried.bind((address, 0))
        except OSError:
            return False
    return True
