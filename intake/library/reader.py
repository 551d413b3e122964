"""Reads the exercise and topic files, and says which file and key is wrong when one is."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from intake.library.errors import LibraryError
from intake.library.keys import build
from intake.library.model import CAUTIONS, Column, Exercise, Topic, dose_problems

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MINUTES = range(1, 31)


@cache
def exercises() -> Mapping[str, Exercise]:
    """Every exercise by its id, in the order of the files."""
    return read_exercises(HERE / "exercises")


@cache
def topics() -> Mapping[str, Topic]:
    """Every handout topic by its id."""
    return read_topics(HERE / "topics")


def read_exercises(folder: Path) -> Mapping[str, Exercise]:
    """The exercises of a folder. Top-level keys of a file hold for each exercise without its own."""
    found: dict[str, Exercise] = {}
    for path in sorted(folder.glob("*.toml")):
        for exercise in _family(path):
            if exercise.id in found:
                msg = f"{path.name}: id: {exercise.id!r} is used twice"
                raise LibraryError(msg)
            found[exercise.id] = exercise
    return MappingProxyType(found)


def read_topics(folder: Path) -> Mapping[str, Topic]:
    """The topics of a folder, one to a file of the same name."""
    return MappingProxyType({path.stem: _topic(path) for path in sorted(folder.glob("*.toml"))})


def _family(path: Path) -> list[Exercise]:
    shared = _load(path)
    entries = shared.pop("exercise", [])
    if not isinstance(entries, list) or not entries:
        msg = f"{path.name}: exercise: at least one [[exercise]] is needed"
        raise LibraryError(msg)
    numbered = enumerate(entries, 1)
    return [_exercise(f"{path.name}: exercise {number}", shared, entry) for number, entry in numbered]


def _exercise(where: str, shared: dict[str, object], entry: object) -> Exercise:
    if not isinstance(entry, dict):
        msg = f"{where}: write [[exercise]]"
        raise LibraryError(msg)
    raw = shared | entry
    where = f"{where} ({raw.get('id', 'no id')})"
    exercise = build(Exercise, raw, where)
    if problems := _exercise_problems(exercise):
        msg = f"{where}: {problems[0]}"
        raise LibraryError(msg)
    return exercise


def _exercise_problems(exercise: Exercise) -> list[str]:
    """What the types cannot catch: the form of the id, the dose, the minutes, the caution codes."""
    problems = [] if KEBAB.fullmatch(exercise.id) else ["id: use small letters, digits and hyphens"]
    problems += [f"dose: {problem}" for problem in dose_problems(exercise.dose)]
    unknown = (code for code in exercise.not_if if code not in CAUTIONS)
    problems += [f"not_if: {code!r} is not a known caution" for code in unknown]
    if exercise.minutes not in MINUTES:
        problems.append(f"minutes: choose {MINUTES.start} to {MINUTES.stop - 1}")
    return problems


def _topic(path: Path) -> Topic:
    raw = _load(path)
    columns = raw.pop("columns", [])
    topic = build(Topic, raw | {"columns": _columns(columns, path.name)}, path.name)
    if topic.id != path.stem:
        msg = f"{path.name}: id: {topic.id!r} differs from the file name"
        raise LibraryError(msg)
    return topic


def _columns(raw: object, where: str) -> tuple[Column, ...]:
    if not isinstance(raw, list):
        msg = f"{where}: columns: write [[columns]]"
        raise LibraryError(msg)
    return tuple(build(Column, entry, f"{where}: columns") for entry in raw)


def _load(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path.name}: not valid TOML: {error}"
        raise LibraryError(msg) from error
