"""A Questionnaire of FHIR R4 as a pack. All words are invented."""

from __future__ import annotations

import json
from datetime import date

import pytest

from intake.clinical.measures.pack import Said, form_text
from intake.forms import checking
from tests.forms.made import PACK

WEIGHT = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def option(value, words, place="coding", url=WEIGHT):
    weight = {"url": url, "valueDecimal": value}
    coding = {"code": f"la{value}", "display": words}
    if place == "coding":
        return {"valueCoding": {**coding, "extension": [weight]}}
    return {"valueCoding": coding, "extension": [weight]}


def questionnaire(**more):
    options = [
        option(value, words) for value, words in enumerate(("No cloud", "One cloud", "Two clouds", "Only clouds"))
    ]
    asked = [
        {"linkId": "1", "type": "choice", "text": "How did the invented sky look?", "answerOption": options},
        {"linkId": "2", "type": "choice", "text": "And the invented sea?", "answerOption": options},
    ]
    group = [{"linkId": "g", "type": "group", "text": "Look up.", "item": asked}]
    hint = {"linkId": "h", "type": "display", "text": "Nothing to answer."}
    plain = {"resourceType": "Questionnaire", "status": "active", "copyright": "Invented for tests."}
    return {**plain, "effectivePeriod": {"end": "2026-12-31"}, "item": [hint, *group], **more}


SAID = Said("phq-2", "Fernbank Clinic (fictional), letter 12")


def test_it_makes_the_same_form_as_the_small_file():
    assert form_text(json.dumps(questionnaire()), SAID) == form_text(PACK, Said())


@pytest.mark.parametrize(
    "url",
    [WEIGHT, "http://hl7.org/fhir/StructureDefinition/itemWeight", "http://example.org/questionnaire-ordinalValue"],
)
@pytest.mark.parametrize("place", ["coding", "option"])
def test_the_value_of_an_answer_stands_at_its_coding_or_at_the_option(url, place):
    items = questionnaire()["item"]
    for item in items[1]["item"]:
        item["answerOption"] = [option(value, f"Cloud {value}", place, url) for value in range(4)]
    form = checking.of_text(form_text(json.dumps(questionnaire(item=items)), SAID)).form
    assert form.by_id["clinic_phq_2_1"].codes == {"0", "1", "2", "3"}
    assert form.until == date(2026, 12, 31)


def test_an_item_none_of_whose_answers_has_a_value_is_asked_and_not_scored():
    words = [{"valueCoding": {"code": "a", "display": "Not at all"}}, {"valueCoding": {"code": "b", "display": "Much"}}]
    extra = {"linkId": "3", "type": "choice", "text": "How much did the weather matter?", "answerOption": words}
    form = checking.of_text(form_text(json.dumps(questionnaire(item=[*questionnaire()["item"], extra])), SAID)).form
    assert [option.text for option in form.by_id["clinic_phq_2_extra_1"].options] == ["Not at all", "Much"]


def test_whole_numbers_are_answers_too():
    asked = [
        {
            "linkId": str(n),
            "type": "integer",
            "text": f"Cloud {n}",
            "answerOption": [{"valueInteger": v} for v in range(4)],
        }
        for n in (1, 2)
    ]
    assert isinstance(form_text(json.dumps(questionnaire(item=asked)), SAID), str)


@pytest.mark.parametrize(
    ("end", "until"),
    [
        ("2027", date(2027, 12, 31)),
        ("2027-06", date(2027, 6, 30)),
        ("2028-02", date(2028, 2, 29)),
        ("2027-06-15", date(2027, 6, 15)),
        ("2027-06-15T10:00:00Z", date(2027, 6, 15)),
    ],
)
def test_a_permission_until_a_month_or_a_year_lasts_until_its_last_day(end, until):
    form = checking.of_text(form_text(json.dumps(questionnaire(effectivePeriod={"end": end})), SAID)).form
    assert form.until == until


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "neither TOML nor JSON"),
        ("{" * 5000, "neither TOML nor JSON"),
        ('{"resourceType": "Patient"}', "no Questionnaire"),
        (json.dumps(questionnaire(item="x")), "not as FHIR R4 has it"),
        (json.dumps(questionnaire(item=[3])), "not as FHIR R4 has it"),
        *(
            (json.dumps(questionnaire(effectivePeriod={"end": end})), "not as FHIR R4 has it")
            for end in ("soon", "2027-13", "20270", "2027-6", "0000", 2027)
        ),
        (json.dumps(questionnaire(item=[])), "the pack has 0 items with values, and PHQ-2 has 2"),
        (json.dumps(questionnaire(item=questionnaire()["item"][1]["item"] * 2)), "the pack has 4 items"),
        (json.dumps(questionnaire()).replace('"valueDecimal": 3', '"valueDecimal": 3.5'), "not as FHIR R4 has it"),
        (json.dumps(questionnaire()).replace('"valueDecimal": 3', '"valueDecimal": 1e400'), "not as FHIR R4 has it"),
        (
            json.dumps(questionnaire()).replace("ordinalValue", "somethingElse"),
            "the pack has 0 items with values, and PHQ-2 has 2",
        ),
    ],
)
def test_what_is_wrong_with_it_is_told(text, told):
    assert told in " ".join(map(str, form_text(text, SAID)))
