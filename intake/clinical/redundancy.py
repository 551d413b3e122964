"""How long a note is, and how much of it its author has copied from their last note of the patient.

Counted is what was written in words: free text, not what was ticked or measured. A word is copied when it stands in a
run of at least five words that the last note holds in the same order, whatever its capitals and punctuation. Shown to
the author alone: notes that repeat themselves are longer to read and to write (Rule et al., JAMA Netw Open
2021;4:e2115334).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from intake.clinical.free_text import written
from intake.forms.conditions import Answer
from intake.forms.model import Form

RUN: Final = 5  # words in a row
_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")


@dataclass(frozen=True, slots=True)
class Length:
    """The words of a note, those of its author's last one (None: there is none), and how many are copied from it."""

    words: int
    before: int | None
    copied: int

    @property
    def share(self) -> int | None:
        """The copied words in percent of all; None where there is nothing to compare."""
        return None if self.before is None or not self.words else round(100 * self.copied / self.words)


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return [found[0].casefold() for found in _WORD.finditer(text)]


def copied(text: Sequence[str], before: Sequence[str], run: int = RUN) -> int:
    """How many words of a text lie in a run of at least `run` words that stands in the text before."""
    known = {tuple(before[start : start + run]) for start in range(len(before) - run + 1)}
    marked: set[int] = set()
    for start in range(len(text) - run + 1):
        if tuple(text[start : start + run]) in known:
            marked.update(range(start, start + run))
    return len(marked)


def of_note(
    form: Form, answers: Mapping[str, Answer], before: tuple[Form, Mapping[str, Answer]] | None = None
) -> Length:
    """The length of a note, and what of it stands in the one before. No run goes from one answer to the next."""
    texts = [words(text) for _name, text in written(form, answers)]
    if before is None:
        return Length(sum(map(len, texts)), None, 0)
    old = [words(text) for _name, text in written(*before)]
    joined = [word for text in old for word in (*text, "\n")]  # which is no word, so that no run crosses it
    return Length(sum(map(len, texts)), sum(map(len, old)), sum(copied(text, joined) for text in texts))
