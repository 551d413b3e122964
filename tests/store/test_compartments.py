"""Where an answer is kept: with the highest of its parts, and as long as any other where its length would tell."""

from __future__ import annotations

import pytest

from intake.forms import reader
from intake.store import compartments
from intake.store.sealing import unseal_value

KEYS = ("care", "sensitive", "safety")


@pytest.mark.parametrize(("name", "version"), reader.published())
def test_every_answer_is_kept_under_the_key_of_its_tier_or_a_higher_one(name, version):
    form = reader.load(name, version)
    kept = {question: place for found in compartments.places(form).values() for question, place in found.items()}
    assert kept.keys() == form.by_id.keys()
    for question in form.questions():
        parts = (question, *question.questions, *question.columns)
        assert KEYS.index(kept[question.id]) == max(
            KEYS.index(str(part.tier).replace("desk", "care")) for part in parts
        )


def test_what_was_said_of_safety_takes_as_much_room_whether_it_is_much_or_nothing(session, make):
    response, form = make.alone({}).response, reader.latest("safety")
    about = (response.id, response.patient_id)
    (section,) = [each.id for each in form.sections if "safety" in compartments.places(form)[each.id].values()]
    asked = [name for name, place in compartments.places(form)[section].items() if place == "safety"]
    said = [{}, {name: {"value": "yes"} for name in asked}]
    found = [compartments.sealed(session, form, about, section, each, 1)["safety"] for each in said]
    assert len({len(each) for each in found}) == 1
    spot = compartments.spot(*about, section, "safety", 1)
    assert unseal_value(session, spot, found[0]).strip() == b"{}"
