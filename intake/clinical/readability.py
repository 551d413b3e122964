"""How hard a text is to read: the Flesch-Kincaid grade, so that patient texts can be held to a limit.

grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59
(Kincaid, Fishburne, Rogers, Chissom: Naval Technical Training Command, Research Branch Report 8-75, 1975.)

What counts, chosen so that a text never looks easier than it is to read:

* A sentence ends at `.`, `!` or `?` before a space or the end, at an empty line, and before a list item. A
  single line break, a colon or a semicolon ends nothing, nor do the dots of "Dr.", "e.g.", "a.m." or "38.5".
* A word is a run of letters with its apostrophes and hyphens ("check-up" is one word), a number with its
  marks ("1-833-852-6262" is one), or a `{placeholder}`.
* Syllables are groups of vowels, less silent letters, plus vowels that are spoken apart; a list holds words
  that follow no rule. Capitals are spelled out ("ER" has two). A number or a placeholder counts as one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WORDS_PER_SENTENCE: Final = 0.39
SYLLABLES_PER_WORD: Final = 11.8
OFFSET: Final = 15.59
LONGEST_INITIALISM: Final = 5

_BY_COUNT = {
    1: "ache aches eye eyes shoe shoes aisle league tongue clothes tired",
    2: "people sometimes evening every business maybe acne bowel bowels towel towels vowel power powers "
    "shower showers flower tower headache headaches region regions surgeon surgeons equal beyond buyer "
    "mayor react chaos poem poet ruin fluid fluids duet create rhythm something someone somewhere surface "
    "surfaces spasm spasms prism science giant doesn't isn't didn't wasn't couldn't wouldn't hadn't "
    "hasn't haven't aren't",
    3: "area areas idea ideas ideal everyone everything everybody anyone family several recipe reaction "
    "reactions creation created museum poetry hyena video videos episode exercise urinate unable",
    4: "diarrhea cesarean caesarean anybody continuous diabetes perineum perineal comfortable experience "
    "exercises uncomfortable",
    5: "association associations",
    6: "episiotomy",
}
IRREGULAR: Final = {word: count for count, words in _BY_COUNT.items() for word in words.split()}
ABBREVIATIONS: Final = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Mx|St|vs|etc|approx|min|hr|hrs|wk|wks|lb|lbs|oz|ft|e\.g|i\.e|a\.m|p\.m|U\.S)\.(?=\s+[a-z0-9(])"
    r"|\b(?:Dr|Mr|Mrs|Ms|Mx|St)\.(?=\s)|\b(?:e\.g|i\.e)\.(?=[\s,])",
)
LIST_ITEM: Final = re.compile(r"\n[ \t]*(?:[-*•\u2013☐☑]|\d{1,2}[.)])[ \t]+")
SENTENCE_END: Final = re.compile(r"[.!?]+[\"'\u201d\u2019)\]]*(?=\s|$)|\n[ \t]*\n|\v")
WORD: Final = re.compile(r"\{\w+\}|\d[\d.,:/-]*|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
VOWELS: Final = re.compile(r"[aeiouy]+")
APART: Final = re.compile(
    r"""
      (?<![cstxg]) i [ao] (?!u)     # med-i-al, per-i-od; not spe-cial, mo-tion
    | (?<=[dnrlv]) iou              # ser-i-ous; not cau-tious
    | ie [tr] (?![aeiou])           # qui-et, eas-i-er
    | (?<=[lr]) ien [ct]            # cli-ent
    | eo (?!u)                      # ster-e-o
    | u a [lt] | u e [nl] | iu      # u-su-al, flu-ent, po-di-um
    | [aeouy] ing \b | yi           # do-ing, try-ing
    | (?<=o) w e [rl] \b           # low-er
    | [oa] y e [rl] \b             # play-er
    """,
    re.VERBOSE,
)
SUFFIX: Final = re.compile(r"(?<=[a-z]{2}e)(ly|ful|fully|ment|ments|less|ness|body|times|work|guard)$")
SILENT: Final = re.compile(
    r"""
      (?<![aeiouy]) (?<![sxzcg]) (?<![cs]h) (?<![^aeiouylr]l) es $      # takes; not boxes, stitches, tables
    | (?<![aeiouytd]) (?<![^aeiouylr]l) ed $                            # called; not needed, handled
    | (?<![aeiouy]) (?<![^aeiouy]l) e $                                 # take; not table
    | (?<=[gq]u) es? $                                                  # fatigue, antique
    """,
    re.VERBOSE,
)


def grade(text: str) -> float:
    """Flesch-Kincaid grade of a plain text, in US school years: 0.0 without words, below 0 if very easy."""
    words = WORD.findall(text)
    if not words:
        return 0.0
    heard = sum(syllables(word) for word in words)
    length = len(words) / len(sentences(text))
    return WORDS_PER_SENTENCE * length + SYLLABLES_PER_WORD * heard / len(words) - OFFSET


def sentences(text: str) -> list[str]:
    """The sentences of a text, list items among them, as they stand; parts without a word are left out."""
    marked = LIST_ITEM.sub("\v", "\n" + text)
    marked = ABBREVIATIONS.sub(lambda found: found[0].replace(".", ""), marked)
    return [part.strip() for part in SENTENCE_END.split(marked) if WORD.search(part)]


def syllables(word: str) -> int:
    """How many syllables one word (as defined above) is heard to have; at least 1."""
    if not word[0].isalpha():
        return 1
    return sum(_part(part) for part in re.split(r"-", word))


def _part(word: str) -> int:
    """Syllables of a word without hyphens."""
    if word.isupper() and 1 < len(word) <= LONGEST_INITIALISM:
        return len(word) + 2 * word.count("W")
    plain = _plain(word)
    if plain in IRREGULAR:
        return IRREGULAR[plain]
    return _regular(re.sub(r"'(s|t|re|ve|ll|d|m)$", "", plain))


def _plain(word: str) -> str:
    """Small letters without accents, with straight apostrophes."""
    spread = unicodedata.normalize("NFKD", word.lower().replace("\u2019", "'"))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def _regular(word: str) -> int:
    """Vowel groups, less silent endings, plus vowels spoken apart."""
    if ending := SUFFIX.search(word):
        return _regular(word[: ending.start()]) + _regular(ending[0])
    groups = len(VOWELS.findall(word)) + len(APART.findall(word)) - bool(SILENT.search(word))
    return max(1, groups)
