"""The page of a patient's measures: what they came to, and numbers that staff type in."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from intake.store import audit, flags, measures, responses
from intake.store.responses import Response

CARE = ("care", "sensitive", "safety")


@pytest.fixture
def visit(clock, make):
    return make.visit()


def numbers(visit, measure, count, value="1", **more):
    items = {f"item_{number}": value for number in range(1, count + 1)}
    plain = {"measure": measure, "on": "2026-09-10", "source": "paper", "visit": str(visit.id), "total": ""}
    return plain | items | more


def send(client, visit, data):
    at = f"/clinic/charts/{visit.patient_id}/measures/new"
    return client.submit(at, data, at=f"{at}?measure={data['measure']}")


def page(client, visit):
    return client.get(f"/clinic/charts/{visit.patient_id}/measures").text


def test_without_a_measurement_the_page_says_how_to_get_one(client, visit, sign_in):
    sign_in(visit.therapist)
    assert "No measure was taken yet" in page(client, visit)
    assert "None taken yet." in client.get(f"/clinic/charts/{visit.patient_id}").text


def test_items_that_are_typed_in_make_a_score_on_the_page_and_the_chart(client, visit, sign_in, session):
    sign_in(visit.therapist)
    kept = send(client, visit, numbers(visit, "odi", 10, "2"))
    assert kept.status_code == 303
    for text in (client.get(kept.location).text, client.get(f"/clinic/charts/{visit.patient_id}").text):
        assert "<strong>40</strong>" in text
        assert "moderate" in text
        assert "10 of 10" in text
    assert audit.has(session, "measure.entered")


def test_what_an_item_cannot_be_is_told_and_nothing_that_was_typed_is_lost(client, visit, sign_in, session):
    sign_in(visit.therapist)
    answer = send(client, visit, numbers(visit, "phq-9", 9, "2", item_3="7", item_4="three"))
    assert answer.status_code == 422
    assert 'value="three"' in answer.text
    answer = send(client, visit, numbers(visit, "phq-9", 9, "2", item_3="7"))
    assert answer.status_code == 422
    assert "This item can be 0–3." in answer.text
    assert 'value="7"' in answer.text
    assert answer.text.count('value="2"') == 8
    assert measures.of_patient(session, visit.patient_id, CARE) == []


def test_a_total_by_hand_is_marked_as_such(client, visit, sign_in):
    sign_in(visit.therapist)
    assert send(client, visit, numbers(visit, "pfdi-20", 0, total="67.5")).status_code == 303
    text = page(client, visit)
    assert "<strong>67.5</strong>" in text
    assert "Total typed in by hand" in text


@pytest.mark.parametrize("total", ["Infinity", "NaN", "1e20000000", "1e-20000000", "0e20000000"])
def test_a_total_that_is_no_number_on_paper_is_told_at_once(client, visit, sign_in, session, total):
    sign_in(visit.therapist)
    answer = send(client, visit, numbers(visit, "odi", 0, total=total))
    assert answer.status_code == 422
    assert "The total is between 0 and 100." in answer.text
    assert measures.of_patient(session, visit.patient_id, CARE) == []


def test_an_incomplete_measure_has_no_number(client, visit, sign_in):
    sign_in(visit.therapist)
    assert send(client, visit, numbers(visit, "epds", 10, item_7="")).status_code == 303
    text = page(client, visit)
    assert "no total" in text
    assert "9 of 10 items are there, and no rule makes up for the rest" in text
    assert "trend" not in text


@pytest.mark.parametrize(("value", "is_raised"), [("0", False), ("1", True)])
def test_the_item_about_self_harm_is_on_the_worklist_at_once(client, visit, sign_in, value, is_raised):
    sign_in(visit.therapist)
    send(client, visit, numbers(visit, "epds", 10, "0", item_10=value))
    assert ("Dark thoughts can be treated" in client.get("/clinic/worklist").text) is is_raised


def test_a_skipped_item_about_self_harm_raises_nothing_and_is_told(client, visit, sign_in):
    sign_in(visit.therapist)
    send(client, visit, numbers(visit, "phq-9", 9, "0", item_9=""))
    assert "Dark thoughts" not in client.get("/clinic/worklist").text
    assert "That is no “no”: ask in person" in client.get(f"/clinic/charts/{visit.patient_id}").text


def test_numbers_move_over_time_with_words_and_a_table(client, visit, sign_in, make):
    make.measure("odi", *[3] * 10, visit=visit, on=make.now.date().replace(month=7))
    make.measure("odi", *[2] * 10, visit=visit)
    sign_in(visit.therapist)
    text = page(client, visit)
    assert 'role="img"' in text
    assert "from 60 on Jul 15, 2026 to 40 on Sep 15, 2026; better, beyond the error of measuring" in text
    assert "Dotted line, 50" in text
    assert text.count("<circle") == 2


def test_of_two_totals_of_one_day_the_one_that_was_typed_in_last_is_the_newest_everywhere(
    client, visit, sign_in, make, clock
):
    make.measure("odi", *[4] * 10, visit=visit, on=make.now.date().replace(month=7))
    values = (3, 1, 4, 2)
    for value in values:
        make.measure("odi", *[value] * 10, visit=visit)
        clock.shift(timedelta(minutes=5))
    sign_in(visit.therapist)
    text = page(client, visit)
    assert "from 80 on Jul 15, 2026 to 40 on Sep 15, 2026" in text
    chart = client.get(f"/clinic/charts/{visit.patient_id}").text
    for newest in (text.partition("The newest of each")[2], chart.partition('id="measures"')[2]):
        assert newest.partition("<strong>")[2].startswith("40<")
    paper = client.get(f"/clinic/charts/{visit.patient_id}/measures/letter")
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages).split())
    assert "to 40 on Sep 15, 2026" in printed
    told = [printed.index(f"September 15, 2026: {20 * value} ") for value in values]
    assert told == sorted(told)


def test_an_assistant_sees_and_types_in_what_the_care_team_may_see_only(client, visit, sign_in, make):
    make.measure("odi", *[2] * 10, visit=visit)
    make.measure("fsds-r", *[1] * 13, visit=visit)
    sign_in(make.member(visit.patient))
    for text in (page(client, visit), client.get(f"/clinic/charts/{visit.patient_id}").text):
        assert "ODI" in text
        assert "FSDS-R" not in text
    assert send(client, visit, numbers(visit, "odi", 10)).status_code == 303
    for measure in ("fsds-r", "hark"):
        at = f"/clinic/charts/{visit.patient_id}/measures/new"
        assert client.get(f"{at}?measure={measure}").status_code == 404
        assert client.submit(at, numbers(visit, measure, 13), at=f"{at}?measure=odi").status_code == 404


def test_what_was_asked_alone_is_in_no_list_and_no_trend(client, visit, sign_in, make, session):
    make.measure("hark", 1, 0, 0, 0, visit=visit)
    sign_in(visit.therapist)
    for text in (page(client, visit), client.get(f"/clinic/charts/{visit.patient_id}").text,
                 client.get("/clinic/worklist").text):  # fmt: skip
        assert "HARK" not in text
        assert "positive" not in text
    assert client.get(f"/clinic/charts/{visit.patient_id}/measures/new?measure=hark").status_code == 404
    assert measures.of_patient(session, visit.patient_id, CARE) == []
    assert [each.measure for each in measures.asked_alone(session, visit.patient_id)] == ["hark"]


def test_numbers_that_are_wrong_are_taken_out_with_a_reason(client, visit, sign_in, make, session):
    made = make.measure("epds", *[1] * 10, visit=visit)
    assert {flag.still_true for flag in flags.of_response(session, made.id)} == {True}
    sign_in(visit.therapist)
    at = f"/clinic/measures/{made.id}"
    assert at in page(client, visit)
    assert client.submit(f"{at}/take-out", {"text": ""}, at=at).status_code == 422
    assert client.submit(f"{at}/take-out", {"text": "Of somebody else."}, at=at).status_code == 303
    assert "EPDS</th>" not in page(client, visit)
    session.expire_all()
    assert session.get_one(Response, made.id).status == responses.IN_ERROR
    assert audit.has(session, "measure.taken-out")
    assert client.get(at).status_code == 404
    assert {flag.still_true for flag in flags.of_response(session, made.id)} == {False}


def test_for_a_visit_that_was_called_off_nothing_can_be_typed_in(client, visit, sign_in, make, session):
    other = make.visit(visit.patient, visit.therapist)
    other.cancelled_at = make.now
    session.commit()
    sign_in(visit.therapist)
    assert send(client, visit, numbers(other, "odi", 10)).status_code == 422


def test_what_is_due_follows_from_the_visits_and_what_was_taken(client, make, sign_in, clock):
    intake = make.intake(answers={"bl_leak_any": {"value": "yes"}}, submitted=True)
    clock.shift(timedelta(days=3))
    sign_in(intake.visit.therapist)
    text = page(client, intake.visit)
    assert "ICIQ-UI SF or PFDI-20" in text
    assert "St Mark" not in text.partition("Due now")[2].partition("</section>")[0]
    make.measure("iciq-ui-sf", 1, 2, 1, visit=intake.visit)
    assert "ICIQ-UI SF or PFDI-20" not in page(client, intake.visit).partition("Due now")[2].partition("</ul>")[0]
    sign_in(make.member(intake.patient))
    due = page(client, intake.visit).partition("Due now")[2].partition("</section>")[0]
    assert "NPRS" in due
    assert "PHQ" not in due


def test_the_pdf_has_the_chart_the_words_and_the_values_and_nothing_that_is_private(client, visit, sign_in, make):
    make.measure("odi", *[3] * 10, visit=visit, on=make.now.date().replace(month=7))
    make.measure("odi", *[2] * 10, visit=visit)
    make.measure("phq-9", *[1] * 9, visit=visit)
    make.measure("hark", 1, 1, 1, 1, visit=visit)
    sign_in(visit.therapist)
    answer = client.get(f"/clinic/charts/{visit.patient_id}/measures/letter")
    assert answer.mimetype == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert "from 60 on Jul 15, 2026 to 40 on Sep 15, 2026" in " ".join(text.split())
    assert "September 15, 2026: 40 (moderate)" in text
    assert "PHQ" not in text
    assert "HARK" not in text
    again = client.get(f"/clinic/charts/{visit.patient_id}/measures/letter")
    assert again.data == answer.data


def test_the_chart_says_what_is_due_since_when_and_to_whom_it_may(clock, client, new_client, make, sign_in, session):
    visit = make.visit(starts_at=make.now - timedelta(days=45))
    make.measure("nprs", 5, visit=visit, on=visit.starts_at.date())
    at = f"/clinic/charts/{visit.patient_id}"
    for who, may_see in ((visit.therapist, True), (make.member(visit.patient), False)):
        found = sign_in(who, new_client()).get(at).text.split('id="measures"')[1].split('id="record"')[0]
        due = " ".join(re.sub(r"<[^>]+>", " ", found).split())
        assert "NPRS since Aug 29, 2026 late" in due
        assert "PSFS not taken yet, since Aug 1, 2026" in due
        assert ("PHQ-2" in due) == may_see


def test_after_another_birth_the_baseline_is_due_again(client, visit, sign_in, make, clock):
    for measure, count in (("phq-2", 2), ("gad-2", 2), ("nprs", 1), ("psfs", 3)):
        make.measure(measure, *[1] * count, visit=visit)
    make.note(visit, signed=True, form="discharge")
    clock.shift(timedelta(days=700))
    sign_in(visit.therapist)
    assert "PHQ-2" not in page(client, visit).partition("Due now")[2].partition("</section>")[0]
    again = make.visit(visit.patient, visit.therapist)
    make.note(again, author=visit.therapist, signed=True)
    make.measure("nprs", 4, visit=again)
    clock.shift(timedelta(hours=30))
    sign_in(visit.therapist)
    due = page(client, visit).partition("Due now")[2].partition("</ul>")[0]
    assert [name for name in ("PHQ-2", "GAD-2", "NPRS", "PSFS") if name in due] == ["PHQ-2", "GAD-2", "PSFS"]
    assert "PHQ-2" in client.get(f"/clinic/charts/{visit.patient_id}").text.partition('id="measures"')[2]


def test_activities_that_were_typed_in_without_their_names_are_not_said_to_be_better(client, visit, sign_in, make):
    make.measure("psfs", 2, 3, 4, visit=visit, on=make.now.date().replace(month=7))
    make.measure("psfs", 9, visit=visit)
    make.measure("fsfi", visit=visit, on=make.now.date().replace(month=7), total=Decimal("4.8"))
    make.measure("fsfi", *[4] * 19, visit=visit)
    sign_in(visit.therapist)
    text = " ".join(page(client, visit).split())
    assert "better" not in text
    assert "PSFS, 0 to 10: 9 on Sep 15, 2026; nothing before it to compare it with." in text
    assert "compared with nothing" in text
    assert "1 of 5" not in text
    assert "1 rated" in text
