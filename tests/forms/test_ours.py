"""A clinic may ask a question of ours exactly as we do, so that no warning is silenced or faked by accident."""

from __future__ import annotations

import tomllib

import pytest

from intake.clinical.triage import reads, safety
from intake.forms import checking, ours, reader
from intake.forms.model import Tier
from tests.forms.made import FEET, HEAD, PAGE, SECTION, SORE


def written(value):
    """A value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return (
        repr(value) if isinstance(value, (int, float)) else '"' + value.replace('"', '\\"').replace("\n", "\\n") + '"'
    )


def tables():
    """{id: the table of a question of ours, without its conditions}."""
    form, found = reader.latest("intake"), {}
    for section in form.sections:
        for page in reader.lent(section.id, f"intake/{form.version}")["pages"]:
            for question in page["questions"]:
                plain = {key: value for key, value in question.items() if key not in {"when", "behavior"}}
                found[question["id"]] = {"tier": str(section.tier), **plain}
    return found


TABLES = tables()


def raw(name):
    return TABLES[name]


def asking(table):
    lines = "\n".join(f"{key} = {written(value)}" for key, value in table.items())
    return f"{HEAD}{SECTION}{PAGE}[[section.feet.pages.questions]]\n{lines}\n"


def said(table):
    text = asking(table)
    tomllib.loads(text)
    return "\n".join(str(fault) for fault in checking.of_text(text).faults)


READ = sorted(name for name in reads() if name in reader.latest("intake").by_id)


@pytest.mark.parametrize("name", READ)
def test_every_question_the_warning_rules_read_can_be_asked_as_it_is(name):
    assert "asked differently" not in said(raw(name))
    assert "may be an id of ours" not in said(raw(name))


@pytest.mark.parametrize("name", READ)
def test_and_in_no_other_way(name):
    table = raw(name)
    other = {
        "id": name,
        "kind": "string" if table["kind"] != "string" else "text",
        "text": "Well?",
        "tier": table["tier"],
    }
    assert "asked differently here (kind" in said(other)


def test_the_words_may_be_the_clinics_own():
    assert said({**raw("rf_bleed"), "text": "Do you bleed?", "hint": "Any amount."}) == ""


@pytest.mark.parametrize(
    ("name", "change", "different"),
    [
        ("rf_bleed", lambda t: {**t, "options": t["options"][1:]}, "options"),
        ("rf_bleed", lambda t: {**t, "options": [*t["options"], {"code": "more", "text": "More"}]}, "options"),
        ("rf_bleed", lambda t: {**t, "kind": "choices"}, "kind"),
        ("rf_bleed", lambda t: {**t, "other": True}, "other"),
        ("ob_births", lambda t: {**t, "questions": t["questions"][1:]}, "questions"),
    ],
)
def test_a_code_more_or_less_is_named(name, change, different):
    assert f"asked differently here ({different}" in said(change(raw(name)))


def test_a_question_of_ours_is_never_kept_less_private():
    name = next(name for name in READ if reader.latest("intake").by_id[name].tier is Tier.SENSITIVE)
    assert "Here it would be less private" in said({**raw(name), "tier": "care"})
    assert "less private" not in said(raw(name))


@pytest.mark.parametrize("name", sorted(safety.reads()))
def test_what_is_asked_alone_in_the_room_is_asked_by_no_form_of_a_clinic(name):
    asked = ours.known().get(name)
    assert asked is None or asked.tier is not Tier.SAFETY
    if asked is None:
        assert "may be an id of ours" in said({"id": name, "kind": "yes-no", "text": "Well?"})


def test_a_rule_can_only_read_what_a_clinic_asks_as_ours():
    """An id no rule knows today may be read by one tomorrow: ids of a clinic's own never can."""
    assert not any(name.startswith(ours.OWN) for name in (*reads(), *safety.reads()))


def test_sections_can_be_borrowed_from_what_patients_are_asked_before_a_visit():
    assert {"intake", "check-in"} <= set(ours.lenders())
    assert not {"safety", "evaluation", "care-plan"} & set(ours.lenders())


def test_a_private_section_that_everybody_would_be_asked_is_refused():
    checked = checking.of_text((FEET).replace('tier = "care"', 'tier = "care"\nprivate = true'))
    assert checked.form is None
    assert "lacks private_when" in str(checked.faults[0])


GATE = """
private_when = [
  { question = "pre_private", operator = "!=", answer = "not-now" },
  { question = "pre_who", operator = "=", answer = "me" },
]
"""
BORROWED = (
    HEAD.replace('["feet"]', '["before", "closeness"]') + 'borrows = { before = "intake/3", closeness = "intake/3" }'
)


@pytest.mark.parametrize(
    ("opens", "fault"),
    [
        ("", "lacks private_when"),
        (
            '\nprivate_when = [{ question = "pre_who", operator = "=", answer = "me" }]\n',
            "what opens our private parts",
        ),
        (GATE, None),
    ],
    ids=["no gate", "half a gate", "the gate"],
)
def test_our_private_parts_are_borrowed_with_the_gate_before_them(opens, fault):
    checked = checking.of_text(BORROWED + opens)
    assert (checked.form is None) is (fault is not None)
    assert fault is None or fault in str(checked.faults[0])


def test_a_private_question_of_ours_is_not_asked_in_a_plain_section():
    assert "asked only of somebody who is alone" in said(raw("sx_clearance"))


def test_a_private_section_comes_after_what_opens_it():
    opens = '\nprivate_when = [{ question = "clinic_sore", operator = "=", answer = "yes" }]\n'
    text = HEAD.replace('["feet"]', '["toes", "feet"]') + opens + SECTION + PAGE + SORE
    toes = (SECTION + PAGE + SORE).replace("feet", "toes").replace("clinic_sore", "clinic_cold")
    checked = checking.of_text(text + toes.replace('tier = "care"', 'tier = "care"\nprivate = true'))
    assert "comes before clinic_sore" in str(checked.faults[0])
