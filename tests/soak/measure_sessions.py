"""Ten users at once among 10,000 sessions: nobody's change is lost, the second of two is told, and how long lists take.

    python tests/soak/measure_sessions.py [--users 10] [--turns 20] [--sessions 10000] [--database SQLite]

Each user is a process of its own, as workers of a server are: looks at everybody, at a person's sessions, at their
figures over time, reviews a recording that all others review too, and names one of its events by a word of their own.
Exit status 1 where a change is lost, or where somebody overwrites what they have not seen.
"""

import argparse
import multiprocessing
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from engine.bench.figures.records import OWNER, opened
from engine.bench.many_sessions import fill
from engine.errors import ChangedError
from engine.records import audit, comparison, database, kept, people, sessions
from engine.records.corrections import Name

AT_MOST_S = 2.0


def use(number, turns, person, recording, told, together):
    """Be one user; tell what each thing took, what was done and how often it was refused."""
    took, done, refused = {}, [], 0

    def timed(name, work):
        began = time.perf_counter()
        found = work()
        took.setdefault(name, []).append(time.perf_counter() - began)
        return found

    # A server has its libraries and its database open.
    people.listed(OWNER)
    together.wait(300)
    for turn in range(turns):
        timed("everybody", lambda: people.listed(OWNER))
        timed("sessions", lambda: sessions.listed(OWNER, person))
        timed("over time", lambda: comparison.compare(OWNER, person))
        while True:
            view = timed("review", lambda: kept.review(OWNER, recording))
            word = f"user {number}, turn {turn}"
            try:
                timed("change", lambda: kept.correct(OWNER, recording, Name("1-1", word), seen=view.versions))  # noqa: B023
            except ChangedError:
                refused += 1
            else:
                done.append((view.versions["1-1"], word))
                break
    told.put((took, done, refused))
    database.close()


def main():
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--database", choices=["SQLite", "PostgreSQL"], default="SQLite")
    chosen = parser.parse_args()
    with opened(chosen.database):
        person, recording = fill(OWNER, chosen.sessions, min(100, chosen.sessions))
        database.close()
        start = multiprocessing.get_context("spawn")
        told, together = start.Queue(), start.Barrier(chosen.users)
        users = [
            start.Process(target=use, args=(number, chosen.turns, person, recording, told, together))
            for number in range(chosen.users)
        ]
        for each in users:
            each.start()
        answers = [told.get(timeout=600) for _ in users]
        for each in users:
            each.join()
        words = {each.expression for each in kept.review(OWNER, recording).corrections.log}
        wrong = [f"{word} is lost" for _, done, _ in answers for _, word in done if word not in words]
        seen = [version for _, done, _ in answers for version, _ in done]
        wrong += ["two changed what both had been shown, and neither was told"] if len(set(seen)) < len(seen) else []
        wrong += [] if audit.verified(OWNER)[1] is None else ["the audit log is broken"]
    refused = sum(number for _, _, number in answers)
    print(f"{chosen.database}: {len(words)} changes by {chosen.users} users, {refused} times somebody was told")
    for name in answers[0][0]:
        times = sorted(each for took, _, _ in answers for each in took[name])
        print(f"  {name}: {times[len(times) // 2]:.3f} s in the middle, {times[-1]:.3f} s at most")
        if name != "change" and times[-1] > AT_MOST_S:
            print(f"    more than {AT_MOST_S:g} s")
    print("\n".join(wrong) or "nothing was lost")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
