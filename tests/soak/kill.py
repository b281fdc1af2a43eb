"""Kill imports, replacements, removals, trainings and analyses of recordings at random moments, and look what is left.

    python tests/soak/kill.py [--sets 100] [--trainings 100] [--recordings 50] [--seed 0]

Nothing may be lost, nothing half there, no lock left; a training that goes on must end as one that nobody killed.
Exit status 1, and a line for each finding, where that is not so.
"""

import argparse
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE), str(HERE.parent), str(HERE.parent / "training")]

import numpy as np
from killing import in_fork

from engine.tasks.lock import is_held


def moment(random, touches, later_s):
    """Draw when to kill: before one of so many touches of files; half of the time up to ``later_s`` after that."""
    return int(random.integers(1, touches + 1)), float(random.uniform(0, later_s) * random.integers(2))


def locks_held(home):
    """Return the locks under a folder that somebody still holds."""
    return [
        str(path) for path in Path(home).rglob("*") if path.name in ("lock", ".lock", ".training") and is_held(path)
    ]


def kill_sets(kills, home, random):
    """Kill imports, replacements and removals; return what was found wrong."""
    from engine.datasets import store

    def source(number):
        path = home / f"source{number}.npz"
        pictures = np.random.default_rng(number).integers(0, 256, (40, 16, 16)).astype(np.uint8)
        np.savez(path, x=pictures, y=np.arange(40) % 2, classes=np.array(["happy", "sad"]))
        return path

    sources = [source(number) for number in range(3)]
    wrong, library, expected = [], home / "data" / "datasets", {}
    prints = []
    for number, path in enumerate(sources):
        store.import_set(path, f"kept{number}")
        prints.append(store.fingerprint(f"kept{number}"))
        expected[f"kept{number}"] = {prints[number]}
    done, tried, touches = dict.fromkeys(("import", "replacement", "removal"), 0), 0, {}
    while sum(done.values()) < kills:
        tried += 1
        number = int(random.integers(3))
        kind = min(done, key=done.get)
        present = "there" in expected
        # What is to be replaced or removed must be there, what is imported must not.
        if present and kind == "import":
            store.remove("there")
            del expected["there"]
        elif not present and kind != "import":
            store.import_set(sources[0], "there")
            expected["there"] = {prints[0]}
        work = partial(store.remove, "there")
        if kind != "removal":
            work = partial(store.import_set, sources[number], "there")
        killed, touched = in_fork(work, *(moment(random, touches[kind], 0.004) if kind in touches else ()))
        touches.setdefault(kind, touched)
        done[kind] += killed
        after = None if kind == "removal" else prints[number]
        may_be = {after, *expected.get("there", {None})} if killed else {after}
        now = store.fingerprint("there") if "there" in store.names() else None
        if now not in may_be:
            wrong.append(f"{kind} {tried}: the set is {now}, not one of {may_be}")
        expected.pop("there", None)
        if now is not None:
            expected["there"] = {now}
        wrong += [f"{kind} {tried}: {name} has gone" for name in set(expected) - set(store.names())]
        for name in store.names():
            faces = store.load(name)
            if len(faces) != 40 or store.fingerprint(name) not in expected.get(name, ()):
                wrong.append(f"{kind} {tried}: {name} is half there")
            if (np.asarray(faces.pictures) != np.load(sources[prints.index(store.fingerprint(name))])["x"]).any():
                wrong.append(f"{kind} {tried}: {name} holds other pictures")
        wrong += [f"{kind} {tried}: {path} is still held" for path in locks_held(library)]
        store.sweep()
        wrong += [
            f"{kind} {tried}: {each.name} is left"
            for each in library.iterdir()
            if each.name not in (*store.names(), ".lock", ".lock.asked")
        ]
    print(f"{sum(done.values())} of sets killed ({', '.join(f'{count} {kind}s' for kind, count in done.items())})")
    return wrong


def kill_trainings(kills, home, random):
    """Kill trainings of a tiny network, let them go on, and compare; return what was found wrong."""
    import dataclasses

    from easy import STATEFUL, tiny_network, write_easy

    from engine.evaluation.predictions import Predictions
    from engine.models import registry, shipped
    from engine.training import runs
    from engine.training.checkpoint import Checkpoint
    from engine.training.request import Request
    from engine.training.work import work

    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras  # noqa: F401  before the forks

    registry.build = tiny_network
    data = str(write_easy(home / "easy.npz"))
    request = Request("paper", data, dataclasses.replace(STATEFUL, epochs=3))

    def begin():
        return runs.create(request)

    straight = begin()
    _, touches = in_fork(lambda: work(straight.folder, echo=False))
    expected = Predictions.load(straight.predictions_path).probabilities
    history = straight.history()
    wrong, done, ended, states = [], 0, 0, {}
    run = begin()
    while done < kills or run is not None:
        run = run or begin()
        # From where it stands, a process touches fewer files than one from the beginning.
        when = moment(random, touches, 0.5) if done < kills else ()
        killed, _ = in_fork(lambda folder=run.folder: work(folder, echo=False), *when)
        done += killed
        now = runs.find(run.id)
        if killed:
            step = now.status.words or now.state
            states[step] = states.get(step, 0) + 1
            if now.alive or (now.state == "finished" and len(now.history().get("loss", ())) != 3):
                wrong.append(f"training {done}: a killed run is {now.state}")
        wrong += [f"training {done}: {path} is still held" for path in locks_held(home / "data" / "runs")]
        if (run.folder / "checkpoint.npz").exists():
            Checkpoint.load(run.folder / "checkpoint.npz")
        if now.has_model:
            shipped.load(f"run:{run.id}")
        if now.state == "finished":
            ended += 1
            if not np.array_equal(Predictions.load(now.predictions_path).probabilities, expected):
                wrong.append(f"training {done}: it ended with other answers than one that nobody killed")
            if now.history() != history:
                wrong.append(f"training {done}: it ended with another history than one that nobody killed")
            left = [path.name for path in now.folder.iterdir() if path.suffix == ".part" or path.name == ".reserve"]
            if left:
                wrong.append(f"training {done}: {left} are left")
            run = None
    places = ", ".join(f"{count} at {step!r}" for step, count in states.items())
    print(f"{done} of trainings killed ({places}); {ended} went on to the same end")
    return wrong


def kill_recordings(kills, home, random):
    """Kill the process that analyses a recording; return what was found wrong."""
    from engine.recognition.video.recordings import RecordingStore
    from engine.synthetic import mp4_bytes, synthetic_clip
    from engine.tasks.slots import CORES

    data = mp4_bytes(synthetic_clip(3, duration_s=0.4, fps=30, size=(160, 120), events=[]))
    wrong, files = [], {path for path in home.rglob("*")}
    store = RecordingStore()
    began = time.monotonic()
    whole = store.keep("whole.mp4", data)
    whole.task.wait(600)
    length = time.monotonic() - began
    if whole.analysis is None:
        return ["a recording that nobody killed was not analysed"]
    done, states = 0, {}
    while done < kills:
        kept = store.keep("killed.mp4", data)
        time.sleep(random.uniform(0, 1.1 * length))
        process = kept.task._process
        if process is None or process.poll() is not None:
            store.discard(kept.token)
            continue
        step = kept.status.words
        process.kill()
        status = kept.task.wait(60)
        if status.state == "finished":
            store.discard(kept.token)
            continue
        done += 1
        states[step] = states.get(step, 0) + 1
        if status.state != "failed" or not status.what or not status.remedy:
            wrong.append(f"recording {done}: {status}")
        store.sweep()
        if kept.data is not None:
            wrong.append(f"recording {done}: its bytes are still held")
        if CORES.taken:
            wrong.append(f"recording {done}: its place is still taken")
        if whole.analysis is None or whole.data != data:
            wrong.append(f"recording {done}: the other one is lost")
        store.discard(kept.token)
    wrong += [f"{path} is left" for path in set(home.rglob("*")) - files]
    places = ", ".join(f"{count} at {step!r}" for step, count in states.items())
    print(f"{done} of recordings killed ({places})")
    return wrong


def main():
    """Kill, and tell; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=100)
    parser.add_argument("--trainings", type=int, default=100)
    parser.add_argument("--recordings", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    wrong = []
    kinds = ((kill_sets, chosen.sets), (kill_recordings, chosen.recordings), (kill_trainings, chosen.trainings))
    for kill, kills in kinds:
        with tempfile.TemporaryDirectory() as name:
            os.environ["NEUROMER_DATA"] = f"{name}/data"
            wrong += kill(kills, Path(name), np.random.default_rng(chosen.seed)) if kills else []
    print("\n".join(wrong) or "nothing lost, nothing half there, no lock left")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
