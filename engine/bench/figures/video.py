"""A 640×480 recording, 30 frames a second, from file to events, beside ``fer`` on each frame; and the memory for it."""

import tempfile
import time
from pathlib import Path

import av

from engine.bench.figures.photo import PACKAGES
from engine.bench.measurement import Comparison, Measurement
from engine.bench.peer import Alternative, Peer, compare
from engine.bench.timing import stopwatch
from engine.recognition.video.analysing import analyse
from engine.synthetic import synthetic_clip, write_mp4

FPS, DURATION_S, SEED = 30, 20.0, 1
TIMES_AS_FAST_AS_IT_PLAYS = 5
MINUTES = (1, 10)
AT_MOST_MB = 20.0
MEMORY = Alternative("peak memory in MB", "engine.bench.peers.video_memory", patience=600)
ALTERNATIVE = Alternative("fer 25.10.3 on each frame", "engine.bench.peers.fer", PACKAGES)


def measure() -> list[Measurement]:
    """Time the whole way, and compare the peak memory of two lengths."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recording = folder / "recording.mp4"
        write_mp4(synthetic_clip(SEED, duration_s=DURATION_S, fps=FPS, size=(640, 480)), recording)
        return [_speed(recording), _memory(recording, folder)]


def loop(recording: Path, times: int, target: Path) -> None:
    """Write a recording that shows another one so many times, without coding it anew."""
    with av.open(str(recording)) as source, av.open(str(target), "w") as output:
        (stream,) = source.streams.video
        assert stream.duration is not None and stream.time_base is not None  # we wrote it
        copy = output.add_stream_from_template(stream)
        length = stream.duration
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        stamps = [(packet.pts or 0, packet.dts or 0) for packet in packets]
        for turn in range(times):
            for packet, (pts, dts) in zip(packets, stamps, strict=True):
                packet.stream, packet.time_base = copy, stream.time_base
                packet.pts, packet.dts = pts + turn * length, dts + turn * length
                output.mux(packet)


def _speed(recording: Path) -> Measurement:
    found = analyse(recording, recording.name)
    events = sum(len(track.events) for track in found.tracks)
    note = (
        f"{DURATION_S:g} s of a synthetic face, {FPS} frames a second; ours follows {len(found.tracks)} face and spots "
    )
    note += f"{events} expressions, the alternative only names the expression in each frame"

    def a_frame() -> float:
        start = time.perf_counter()
        frames = analyse(recording, recording.name).recording.frames
        return (time.perf_counter() - start) / frames

    timed = compare(stopwatch(a_frame), ALTERNATIVE, ["recording", str(recording)], rounds=5, each=(1, 1))
    note += f"; {1 / (FPS * timed.ours):.1f} times as fast as it plays"
    at_most = round(1e3 / FPS / TIMES_AS_FAST_AS_IT_PLAYS, 2)
    return timed.measurement("recording, 640×480, file to events, a frame", "ms", 1e3, at_most=at_most, note=note)


def _memory(recording: Path, folder: Path) -> Measurement:
    peaks = []
    for minutes in MINUTES:
        looped = folder / f"{minutes}.mp4"
        loop(recording, round(minutes * 60 / DURATION_S), looped)
        with Peer(MEMORY, [str(looped)]) as peer:
            peaks += peer.times(1)
    short, long = MINUTES
    note = f"peaks of a process each, libraries included: {peaks[0]:.0f} and {peaks[1]:.0f} MB; half a minute of "
    note += "faces is always held"
    what = f"recording, memory that {long} minutes take more than {short}"
    return Comparison(peaks[1] - peaks[0], None, (1, 0)).measurement(what, "MB", at_most=AT_MOST_MB, note=note)
