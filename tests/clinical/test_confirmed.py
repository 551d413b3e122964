"""What a patient called right: the words of then, and never more than she was shown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.clinical.confirmed import confirmed, is_unseen
from intake.forms import reader, recall
from intake.forms.recall import Layer

INTAKE, FORM = reader.latest("intake"), reader.latest("follow-up")
MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
APRIL = {"birth_date": {"value": "2026-04-01"}, "birth_feeling": {"value": "I felt alone"}}
SAID = {
    "bl_leak_any": {"value": "yes"},
    "bl_bother": {"value": 6},
    "mh_conditions": {"value": ["none"]},
    "bl_freq_day": {"status": "skipped"},
    "ob_births": {"value": [APRIL, {"birth_date": {"value": "2021"}}]},
    "bl_leak_when": {"value": ["penetration"]},
    "id_do_not_tell": {"value": "The landlord"},
    "ob_g": {"value": {"number": "3"}},
}
STOOD = recall.standing([Layer(INTAKE, SAID, MAY, is_whole=True)])


def named(still, answer, stood=STOOD):
    return confirmed(FORM, FORM.by_id[still], answer, stood)


def test_still_right_names_what_was_said_and_when():
    found = {each.question: (each.lines, each.said_at) for each in named("st_bladder", {"value": "right"})}
    assert found[INTAKE.by_id["bl_bother"].text] == (("6/10",), MAY)
    assert len(found) == 2, "a question that was passed over is no answer"


def test_none_of_these_says_what_was_denied_then():
    (conditions,) = (each for each in named("st_conditions", {"value": "right"}) if each.denied)
    assert conditions.lines == ("None of these",)


def test_a_group_is_a_line_an_entry():
    (births,) = (each for each in named("st_births", {"value": "right"}) if len(each.lines) == 2)
    assert "April 1, 2026" in births.lines[0]


@pytest.mark.parametrize("answer", [{"value": "changed"}, {"status": "skipped"}, {}])
def test_what_changed_or_was_not_answered_confirms_nothing(answer):
    assert named("st_bladder", answer) == ()


def test_what_she_was_not_shown_is_not_named():
    every = [each for q in FORM.questions() if q.recall for each in named(q.id, {"value": "right"})]
    told = {each.question for each in every}
    assert INTAKE.by_id["bl_bother"].text in told
    for hidden in ("bl_leak_when", "id_do_not_tell", "ob_g"):
        assert INTAKE.by_id[hidden].text not in told
    assert not any("I felt alone" in line for each in every for line in each.lines), "a private line of an entry"


def test_an_answer_that_recalls_nothing_confirms_nothing():
    assert confirmed(INTAKE, INTAKE.by_id["alg_any"], {"value": "no"}, STOOD) == ()


@pytest.mark.parametrize(
    ("answer", "unseen"),
    [
        ({"value": "right", "unread": True}, True),
        ({"value": "right"}, False),
        ({"value": "changed", "unread": True}, False),
        ({"status": "skipped", "unread": True}, False),
    ],
)
def test_what_was_called_right_without_seeing_it_is_known_as_such(answer, unseen):
    assert is_unseen(FORM.by_id["st_bladder"], answer) is unseen
