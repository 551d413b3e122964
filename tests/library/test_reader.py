"""The library as shipped: complete, safe in its doses and easy to read; and clear about a file at fault."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from intake.clinical.readability import grade
from intake.library.errors import LibraryError
from intake.library.model import CAUTIONS, Tier, dose_problems
from intake.library.reader import HERE, exercises, read_exercises, read_topics, topics

EXERCISES = list(exercises().values())
TOPICS = list(topics().values())
TOPIC_IDS = {
    "release",
    "strength",
    "caesarean-scar",
    "perineal-scar",
    "return-to-sex",
    "dilators",
    "running",
    "bladder",
    "bowel",
    "belly",
    "downshift",
    "couple-talk",
    "accelerators-brakes",
    "partner-bonding",
    "body-confidence",
    "sleep-load",
}
DRAWN = {
    "belly-breathing",
    "childs-pose",
    "happy-baby",
    "supported-squat",
    "legs-on-chair",
    "floor-lift-lying",
    "floor-lift-sitting",
    "floor-lift-standing",
    "heel-slide",
    "bridge",
    "side-leg-lift",
    "clamshell",
    "cat-cow",
    "sit-to-stand",
    "wall-squat",
    "calf-raise",
    "log-roll",
    "toilet-posture",
}
FOR_TWO = ("return-to-sex", "couple-talk", "accelerators-brakes")
AVOIDED = re.compile(r"\b(should|shouldn't|normal\w*|abnormal\w*|complian\w+)\b", re.IGNORECASE)
NOT_ASKED_HERE = re.compile(r"\b(afraid|fear\w*|pressur\w+|coerc\w+|violen\w+|abus\w+|unsafe)\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?…][')]?(?=\s|$)")


def spoken(exercise):
    """What a patient reads of an exercise, without its labels."""
    return (
        exercise.cue,
        *exercise.steps,
        exercise.breath,
        exercise.progress_rule,
        exercise.regress_rule,
        exercise.stop_rule,
        exercise.why,
    )


def written(topic):
    """What a patient reads of a handout, without its title."""
    return (topic.card, *topic.points, *topic.limits)


TEXTS = {e.id: spoken(e) for e in EXERCISES} | {f"topic-{t.id}": written(t) for t in TOPICS}
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
each_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
each_text = pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS.keys())


def longest_sentence(text):
    return max(len(re.findall(r"[\w'/.,-]*\w", part)) for part in SENTENCE_END.split(text))


def test_the_library_is_large_enough_to_build_a_plan_from():
    assert len(EXERCISES) >= 26


def test_all_sixteen_handouts_are_there():
    assert topics().keys() == TOPIC_IDS


def test_no_id_is_used_twice():
    files = sorted((HERE / "exercises").glob("*.toml"))
    whole = "\n".join(file.read_text("utf-8") for file in files)
    ids = Counter(re.findall(r'^id = "(.+)"$', whole, re.MULTILINE))
    assert set(ids.values()) == {1}
    assert ids.keys() == exercises().keys()


def test_the_exercises_that_are_drawn_name_their_own_figure():
    assert {e.figure for e in EXERCISES if e.figure} == DRAWN
    assert all(e.figure in {"", e.id} for e in EXERCISES)


def test_the_library_is_read_once_and_cannot_be_changed():
    assert exercises() is exercises()
    with pytest.raises(TypeError):
        exercises()["bridge"] = None


@each_exercise
def test_a_dose_is_within_bounds_and_rests_as_long_as_it_holds(exercise):
    assert dose_problems(exercise.dose) == ()
    assert exercise.rest_s >= exercise.hold_s


@each_exercise
def test_the_minutes_leave_room_for_the_dose(exercise):
    seconds = exercise.sets * exercise.reps * (exercise.hold_s + exercise.rest_s)
    assert seconds <= exercise.minutes * 60 + 30


@each_exercise
def test_an_exercise_says_how_to_do_it_and_when_to_stop(exercise):
    assert 3 <= len(exercise.steps) <= 5
    assert exercise.stop_rule.startswith("Stop")


@each_exercise
def test_an_exercise_names_its_cautions_and_its_source(exercise):
    assert set(exercise.not_if) <= CAUTIONS.keys()
    assert re.search(r"20\d\d", exercise.source)
    assert exercise.checked.year >= 2026


@each_topic
def test_a_handout_has_points_limits_and_sources(topic):
    assert len(topic.points) >= 5
    assert topic.limits
    assert all(re.search(r"(19|20)\d\d", source) for source in topic.sources)


@each_text
def test_texts_read_at_grade_8_or_below(texts):
    assert grade(" ".join(texts)) <= 8
    assert {text: grade(text) for text in texts if grade(text) > 8} == {}


@each_text
def test_sentences_have_15_words_at_most(texts):
    assert [text for text in texts if longest_sentence(text) > 15] == []


@each_text
def test_a_line_is_one_or_two_whole_sentences(texts):
    assert [text for text in texts if not 1 <= len(SENTENCE_END.findall(text)) <= 2] == []
    assert [text for text in texts if not SENTENCE_END.search(text[-2:])] == []


@each_text
def test_nobody_is_told_what_is_normal_or_what_they_should_do(texts):
    assert [text for text in texts if AVOIDED.search(text)] == []


@pytest.mark.parametrize("topic_id", FOR_TWO)
def test_handouts_for_two_carry_only_the_neutral_line(topic_id):
    topic = topics()[topic_id]
    assert any(limit.startswith("This is for two people who both want it.") for limit in topic.limits)
    assert [text for text in written(topic) if NOT_ASKED_HERE.search(text)] == []


def test_handouts_on_sex_and_the_couple_are_sensitive_and_no_others():
    assert {t.id for t in TOPICS if t.tier is Tier.SENSITIVE} == {*FOR_TWO, "dilators"}


def test_pain_with_sex_is_told_with_the_checked_numbers():
    words = " ".join(written(topics()["return-to-sex"]))
    assert "about 4 in 10 people" in words
    assert "about 1 in 5" in words
    assert "50" not in words


@pytest.mark.parametrize("exercise_id", ["dilator-practice", "perineal-scar-massage"])
def test_internal_work_is_not_given_early_on_a_wound_or_unwanted(exercise_id):
    cautions = set(exercises()[exercise_id].not_if)
    assert {"under-6-weeks", "open-wound", "infection", "heavy-bleeding", "internal-declined"} <= cautions


def test_squeezing_is_not_given_for_a_floor_that_does_not_let_go():
    squeezes = [e for e in EXERCISES if e.id.startswith("floor-lift") or e.id in {"quick-flicks", "the-knack"}]
    assert len(squeezes) == 5
    assert all("overactive-floor" in e.not_if for e in squeezes)


def test_running_is_not_given_before_12_weeks():
    assert "under-12-weeks" in exercises()["walk-run-starter"].not_if


GOOD = (HERE / "exercises" / "calm.toml").read_text("utf-8")
TOPIC = (HERE / "topics" / "sleep-load.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reps = 1", "reps = 31", "dose: Repeats: choose 1 to 30."),
        ("hold_s = 0", "hold_s = 9", "dose: Rest (seconds): rest at least as long as the hold (9)."),
        ("sets = 1", "sets = true", "sets: a whole number is needed"),
        ("sets = 1", "sets = 1.5", "sets: a whole number is needed"),
        ('position = "sit"', 'position = "hammock"', "position: choose one of lying, side, sit, all-fours,"),
        ("minutes = 2", "minutes = 0", "minutes: choose 1 to 30"),
        ("minutes = 2", "minute = 2", "minute: no such key"),
        ("stop_rule = ", "# ", "stop_rule: missing"),
        ("minutes = 2", 'minutes = 2\nnot_if = ["rain"]', "not_if: 'rain' is not a known caution"),
        ("checked = 2026-11-22", 'checked = "today"', "checked: a date (YYYY-MM-DD) is needed"),
    ],
)
def test_a_wrong_exercise_is_refused_with_its_file_id_and_key(tmp_path, old, new, message):
    (tmp_path / "calm.toml").write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(LibraryError, match=re.escape(f"calm.toml: exercise 1 (five-things): {message}")):
        read_exercises(tmp_path)


def test_an_id_that_would_not_fit_an_address_is_refused(tmp_path):
    (tmp_path / "calm.toml").write_text(GOOD.replace('"five-things"', '"Five things"'), "utf-8")
    with pytest.raises(LibraryError, match="id: use small letters, digits and hyphens"):
        read_exercises(tmp_path)


def test_the_same_id_in_two_files_is_refused(tmp_path):
    for name in ("calm.toml", "more.toml"):
        (tmp_path / name).write_text(GOOD, "utf-8")
    with pytest.raises(LibraryError, match=r"more\.toml: id: 'five-things' is used twice"):
        read_exercises(tmp_path)


@pytest.mark.parametrize("content", ['source = "x"', "exercise = []", "exercise = 3"])
def test_a_file_without_exercises_is_refused(tmp_path, content):
    (tmp_path / "empty.toml").write_text(content, "utf-8")
    with pytest.raises(LibraryError, match=r"empty\.toml: exercise: at least one"):
        read_exercises(tmp_path)


@pytest.mark.parametrize("read", [read_exercises, read_topics])
def test_a_file_that_is_not_toml_is_refused_by_name(tmp_path, read):
    (tmp_path / "torn.toml").write_text("id = ", "utf-8")
    with pytest.raises(LibraryError, match=r"torn\.toml: not valid TOML"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "sleep-load"', 'id = "sleep"', "id: 'sleep' differs from the file name"),
        ('tier = "care"', 'tier = "desk"', "tier: choose one of care, sensitive"),
        ('title = "', 'heading = "', "heading: no such key"),
        ("checked = 2026-11-22", "checked = 2026-11-22\ncolumns = 3", "columns: write [[columns]]"),
        ("checked = 2026-11-22", "checked = 2026-11-22\n[[columns]]", "columns: prompts: missing"),
    ],
)
def test_a_wrong_topic_is_refused_with_its_file_and_key(tmp_path, old, new, message):
    (tmp_path / "sleep-load.toml").write_text(TOPIC.replace(old, new), "utf-8")
    with pytest.raises(LibraryError, match=re.escape(f"sleep-load.toml: {message}")):
        read_topics(tmp_path)
