"""Kill whoever writes people's records at random moments, and look what is left.

    python tests/soak/kill_records.py [--kills 100] [--seed 0]

A process keeps recordings with pictures, corrects events, undoes, writes notes and deletes, and says of each step that
it is done; then it is killed. The database must open whole, everything that was said to be done must be there, and no
file may be left that no record knows. Exit status 1, and a line for each finding, where that is not so.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE), str(HERE.parent)]

import numpy as np
from sqlalchemy import text

from engine.records import audit, database, kept, keys, people, pictures, sessions
from engine.records.corrections import Name
from tests.records.kept_people import ME, later, recording, session
from tests.records.recorded import analysis, track

FACE = b"\xff\xd8 a face" * 400
STEPS = ("correct", "correct", "correct", "undo", "note", "keep", "picture", "delete")


def work(visit, there, seed, told):
    """Write for as long as nobody kills this process; tell of each step that is done."""
    random = np.random.default_rng(seed)
    extra, shown = [], []
    for number in range(100_000):
        match STEPS[random.integers(len(STEPS))]:
            case "correct":
                word = f"word {seed} {number}"
                kept.correct(ME, there, Name("1-1", word))
                done = {"corrected": word}
            case "undo":
                view = kept.review(ME, there)
                kept.undo(ME, there, view.last)
                done = {"undone": view.last}
            case "note":
                done = {"note": sessions.add_note(ME, visit, f"note {seed} {number}").id}
            case "keep":
                events = track().events[: 1 + number % 3]
                found = analysis(track(events=events), file=f"{seed} {number}.mp4")
                extra.append(kept.keep(ME, session_of(visit, seed, number), "video", found).id)
                done = {"kept": extra[-1]}
            case "picture":
                shown.append(pictures.keep(ME, there, FACE, "image/jpeg", "apex", "1-1", later(9)).id)
                done = {"picture": shown[-1]}
            case _:
                if not shown:
                    continue
                # It may be gone before it can be said.
                say(told, {"going": shown[-1]})
                pictures.delete(ME, shown[-1])
                done = {"gone": shown.pop()}
        say(told, done)


def session_of(visit, seed, number):
    """Make another session with the same person, so that the recording is new there."""
    return sessions.create(ME, sessions.get(ME, visit).person_id, f"visit {seed} {number}").id


def say(told, done):
    """Write a line that is whole or not there."""
    os.write(told, (json.dumps(done) + "\n").encode())


def killed(visit, there, seed, after):
    """Have a process work, kill it once it has said so many things and a moment more, and return what it said."""
    reading, writing = os.pipe()
    database.close()
    sys.stdout.flush()
    if (child := os.fork()) == 0:
        try:
            os.close(reading)
            work(visit, there, seed, writing)
        except BaseException:
            import traceback

            traceback.print_exc()
        os._exit(1)
    os.close(writing)
    said = b""
    steps, later_s = after
    while said.count(b"\n") < steps and (part := os.read(reading, 4096)):
        said += part
    if later_s:
        # The moment falls anywhere in the steps after that.
        signal.sigtimedwait([signal.SIGCHLD], later_s)
    os.kill(child, signal.SIGKILL)
    while part := os.read(reading, 65536):
        said += part
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError("The work went wrong; see above.")
    return [json.loads(line) for line in said.decode().splitlines()]


def look(visit, there, said):
    """Return what is wrong after a process has said what it did and was killed."""
    wrong = []
    with database.reading() as db:
        if database.url().get_backend_name() == "sqlite":
            whole = db.execute(text("PRAGMA integrity_check")).scalar()
            wrong += [f"the database: {whole}"] if whole != "ok" else []
    entries, first = audit.verified(ME)
    wrong += [f"the audit log breaks at {first} of {entries}"] if first is not None else []
    pictures.sweep()
    history = {each.said.get("expression"): each for each in kept.history(ME, there)}
    undone = {each.id for each in history.values() if each.undone_at is not None}
    notes = {each.id for each in sessions.notes(ME, visit)}
    held = {each.id for each in pictures.listed(ME, there)}
    going = {each["going"] for each in said if "going" in each}
    for each in said:
        match each:
            case {"corrected": word} if word not in history:
                wrong.append(f"the correction {word} is lost")
            case {"undone": number} if number is not None and number not in undone:
                wrong.append(f"the undoing of {number} is lost")
            case {"note": name} if name not in notes:
                wrong.append(f"the note {name} is lost")
            case {"kept": name}:
                kept.review(ME, name)
            case {"picture": name} if name not in held and name not in going:
                wrong.append(f"the picture {name} is lost")
            case {"gone": name} if name in held:
                wrong.append(f"the picture {name} is there again")
    wrong += [f"the picture {name} reads otherwise" for name in held if pictures.read(ME, name) != FACE]
    kept.review(ME, there)
    left = {path.name for path in pictures.file_of("x").parent.iterdir()} - {"lock"}
    orphans = left - {pictures.file_of(name).name for name in held}
    return wrong + [f"the file {name} is left" for name in orphans]


def main():
    """Kill, and tell; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    random = np.random.default_rng(chosen.seed)
    wrong, steps = [], 0
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"NEUROMER_DATA": home, keys.VARIABLE: keys.new_key()}
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        visit = session()
        there = recording(visit).id
        for number in range(chosen.kills):
            after = int(random.integers(1, 12)), float(random.uniform(0, 0.05))
            said = killed(visit.id, there, 1000 * chosen.seed + number, after)
            steps += len(said)
            wrong += [f"kill {number + 1}: {each}" for each in look(visit.id, there, said)]
        database.close()
        with database.reading() as db:
            rows = db.execute(text("SELECT count(*) FROM corrections")).scalar()
        assert people.listed(ME)
        database.close()
    print(f"{chosen.kills} kills after {steps} steps that were acknowledged; {rows} corrections are there")
    print("\n".join(wrong) or "nothing acknowledged is lost, the database is whole, no file is left over")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
