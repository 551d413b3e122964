"""Whoever makes a document is told what it cannot print, with the field, before they hand it out."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest
from pypdf import PdfReader

from intake.forms import reader
from intake.store import audit
from intake.web.clinic.unprintable import Lost, lost

FORM = reader.latest("intake")
GOAL, PRIVATE = "fn_goal_top", "ti_triggers"
TOLD = "It comes out as [?]"


def told(page):
    """{field: letters} of the first such banner of a page; nothing where there is none."""
    banners = re.findall(r'<div class="banner">\s*<p>Some of what was typed.*?</div>', page.text, re.DOTALL)
    banner = banners[0] if banners else ""
    found = re.findall(r"<li>(.*?) <strong>(.*?)</strong></li>", banner)
    return {unescape(field): letters for field, letters in found}


@pytest.fixture
def response(make):
    patient = make.patient(legal_name="हेमा Fern", name_used="")
    answers = {GOAL: {"value": "दौड़ run"}, PRIVATE: {"value": "ไ velcro"}, "pre_private": {"value": "yes"}}
    return make.intake(make.visit(patient), answers | {"pre_who": {"value": "me"}}, submitted=True)


def path(response, more=""):
    return f"/clinic/charts/intakes/{response.id}{more}"


def test_the_page_that_offers_the_pdf_names_letters_and_fields_and_nothing_that_it_leaves_out(sign_in, response):
    page = sign_in(response.visit.therapist).get(path(response))
    assert told(page) == {"Name": "ह े म ा", FORM.by_id[GOAL].text: "द ौ ड ़"}
    answer = sign_in(response.visit.therapist).get(path(response, "/answers/letter"))
    words = " ".join(" ".join(each.extract_text() for each in PdfReader(BytesIO(answer.data)).pages).split())
    assert "[?] stands for a letter that could not be printed." in words


def test_the_page_of_the_sensitive_print_names_the_private_field_too_and_that_is_a_look_at_it(
    sign_in, response, session
):
    page = sign_in(response.visit.therapist).get(path(response, "/sensitive"))
    assert told(page)[FORM.by_id[PRIVATE].text] == "ไ"
    session.rollback()
    assert "sensitive" in audit.of_patient(session, response.patient_id)[-1].categories


def test_names_that_print_are_not_mentioned(make, sign_in):
    patient = make.patient(legal_name="شرين שרה Zoë 🌿", name_used="")
    response = make.intake(make.visit(patient), {GOAL: {"value": "“Run”, then sleep – 38 °C"}}, submitted=True)
    page = sign_in(response.visit.therapist).get(path(response))
    assert TOLD not in page.text


def test_who_may_not_print_is_told_nothing(make, sign_in, response):
    make.emergency(response.patient, stranger := make.therapist())
    page = sign_in(stranger).get(path(response))
    assert ("Answers as a PDF" in page.text) == (TOLD in page.text)


def test_slips_and_blank_forms_print_the_name_of_the_clinic(make, sign_in):
    make.clinic(name="ไ Fern Hollow")
    visit = make.visit()
    desk, at = sign_in(make.front_desk()), f"/clinic/visits/{visit.id}"
    assert told(desk.get(at)) == {"Name of the clinic": "ไ"}
    made = desk.submit(f"{at}/invitations", at=at)
    beside_the_slip, _beside_blank_forms = made.text.split("Print a slip")
    assert TOLD in beside_the_slip


def test_the_author_of_a_plan_is_told_where_it_stands(make, sign_in):
    plan = make.plan()
    make.answer(plan.response, {"cp_findings": {"value": "Well healed हि"}})
    page = sign_in(plan.author).get(f"/clinic/plans/{plan.id}")
    assert told(page) == {reader.latest("care-plan").by_id["cp_findings"].text: "ह ि"}


def test_plain_words_need_no_look_at_the_faces():
    assert lost([("Name", "Zoe Fern"), ("Goal", "")]) == []
    assert lost([("Name", "Zoë ไ")]) == [Lost("Name", ("ไ",))]
