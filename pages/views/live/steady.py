"""What may change many times a second, shown only once it has held for a while."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

WARNING_S = 3.0
"""A warning is shown once it has held for so long, and goes when it has not come back for so long."""
ANSWER_S = 1.0
"""The calm view changes its answer once another one has held for so long."""
_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass
class _Seen:
    sentence: str
    first_s: float
    last_s: float


class LastingWarnings:
    """Tells warnings that come and go from those that stay; a warning whose numbers change is the same one."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def after(self, sentences: Iterable[str], now_s: float) -> list[str]:
        """Return the warnings to be shown, those that came first first.

        Parameters
        ----------
        sentences
            That hold now.
        now_s
            In seconds, never less than before.
        """
        self._seen = {kind: seen for kind, seen in self._seen.items() if now_s - seen.last_s < WARNING_S}
        for sentence in sentences:
            kind = _NUMBER.sub("0", sentence)
            seen = self._seen.setdefault(kind, _Seen(sentence, now_s, now_s))
            seen.sentence, seen.last_s = sentence, now_s
        return [seen.sentence for seen in self._seen.values() if seen.last_s - seen.first_s >= WARNING_S]


class SteadyAnswer:
    """Keeps to an answer until another one has held."""

    def __init__(self) -> None:
        self._shown: str | None = None
        self._other: tuple[str, float] | None = None

    def after(self, answer: str, now_s: float) -> str:
        """Return the answer to be shown; the first one is shown at once."""
        if self._shown is None or answer == self._shown:
            self._shown, self._other = answer, None
        elif self._other is None or self._other[0] != answer:
            self._other = answer, now_s
        elif now_s - self._other[1] >= ANSWER_S:
            self._shown, self._other = answer, None
        return self._shown
