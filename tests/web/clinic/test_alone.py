"""What was answered alone: read behind a button by few, and told of by one line that is the same for every answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.store import amendments, audit, responses, safety_entries
from intake.store.audit import AuditEvent
from intake.store.responses import Response
from tests.alone import every_no, every_yes, questions
from tests.browsing import alike

LINE = "Asked alone: please read before they leave."


@pytest.fixture
def visit(clock, make):
    return make.visit()


def chart(visit):
    return f"/clinic/charts/{visit.patient_id}"


def given(codes):
    return {name: {"value": code} for name, code in codes.items()}


def read(browser, visit, at=""):
    return browser.submit(f"{chart(visit)}/alone", at=at or chart(visit))


def newest(session):
    session.rollback()
    return session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()


def test_the_therapist_reads_the_signs_gravest_first_and_each_answer_as_it_was_given(client, make, sign_in, visit):
    make.alone(given(every_yes()), visit)
    sign_in(visit.therapist)
    page = read(client, visit).text
    assert re.findall(r"<h3><span[^>]*>([^<]+)</span> (\w+)</h3>", page) == [
        ("Emergency", "E9"), ("Same day", "S11"), ("Same day", "S12"),
    ]  # fmt: skip
    assert "Not safe to go home today." in page
    assert "Only give me numbers I can call" in page
    assert "Keep it off" in page
    assert "Confirm it again in person" in page
    assert all(question.text.replace("'", "&#39;") in page for question in questions())


def test_what_was_not_answered_stands_there_as_such_and_never_as_no_concern(client, make, sign_in, visit):
    ways = {
        "ipv_afraid": {"status": "declined"},
        "ipv_hurt": {"status": "in-person"},
        "ipv_forced": {"status": "skipped"},
    }
    make.alone(ways, visit)
    sign_in(visit.therapist)
    page = read(client, visit).text
    for words in ("Prefers not to say", "Would rather say it in person", "Not answered", "Not reached"):
        assert words in page
    assert "That is not the same as being safe" in page
    assert "This is no “no”" in page
    assert "Keep it off" in page, "nobody said that she is always free to say no"
    assert "no concern" not in page.lower()


def test_the_entry_is_on_every_chart_whether_or_not_anybody_was_asked(client, make, sign_in, visit):
    sign_in(visit.therapist)
    assert f'action="{chart(visit)}/alone"' in client.get(chart(visit)).text
    page = read(client, visit)
    assert "Not asked yet." in page.text
    assert LINE not in client.get(chart(visit)).text


def test_the_line_is_the_same_whatever_was_answered_and_goes_once_it_was_read(client, make, sign_in, visit):
    sign_in(visit.therapist)
    seen = {}
    for name, answers in (("no", given(every_no())), ("yes", given(every_yes())), ("nothing", {})):
        make.alone(answers, visit)
        where = [client.get(address) for address in (chart(visit), "/clinic")]
        assert all(LINE in page.text for page in where), name
        seen[name] = [re.sub(r"\d+:\d\d", "", alike(page)) for page in where]
        read(client, visit)
        assert all(LINE not in client.get(address).text for address in (chart(visit), "/clinic"))
    assert seen["no"] == seen["yes"] == seen["nothing"]


def test_unread_it_stays_on_the_page_of_the_day_after_the_visit(client, make, sign_in, visit, clock):
    make.alone({}, visit)
    clock.shift(timedelta(days=3))
    sign_in(visit.therapist)
    page = client.get("/clinic").text
    assert LINE in page
    assert f'action="{chart(visit)}/alone"' in page
    read(client, visit, at="/clinic")
    assert LINE not in client.get("/clinic").text


def test_what_a_colleague_reads_is_not_read_by_the_therapist(client, new_client, make, sign_in, visit):
    make.alone({}, visit)
    colleague = sign_in(make.member(visit.patient, make.therapist(), "therapist"), new_client())
    assert LINE in colleague.get(chart(visit)).text
    read(colleague, visit)
    assert LINE not in colleague.get(chart(visit)).text
    assert LINE in sign_in(visit.therapist).get(chart(visit)).text


def test_read_while_the_device_is_out_it_says_so_and_the_line_stays(client, make, sign_in, visit):
    make.handover(visit)
    sign_in(visit.therapist)
    assert "there may be more to come" in read(client, visit).text
    assert LINE in client.get(chart(visit)).text


def test_a_look_is_told_to_the_trail_as_one_at_safety(client, make, sign_in, visit, session):
    make.alone({}, visit)
    sign_in(visit.therapist)
    read(client, visit)
    line = newest(session)
    assert (line.action, line.categories, line.patient_id) == ("read.read-safety", "safety", visit.patient_id)


def test_only_the_therapists_of_the_patient_and_the_safety_lead_read_it(client, make, sign_in, visit):
    make.alone(given(every_yes()), visit)
    wide = make.emergency(visit.patient, sensitive=True).user
    others = (
        make.front_desk(), make.admin(), make.privacy_lead(), make.member(visit.patient), make.therapist(), wide,
        make.user("admin", "privacy-lead", "front-desk", "assistant"),
    )  # fmt: skip
    for user in others:
        sign_in(user)
        client.get("/account")
        for address in (f"{chart(visit)}/alone", f"{chart(visit)}/alone/entries"):
            answer = client.post(address, data={"csrf_token": client.token, "text": "x", "version": "0"})
            assert answer.status_code == 404, user.roles
        assert "Asked alone" not in client.get(chart(visit)).text
        assert LINE not in client.get("/clinic").text
    for user in (visit.therapist, make.safety_lead()):
        sign_in(user)
        client.get("/account")
        answer = client.post(f"{chart(visit)}/alone", data={"csrf_token": client.token})
        assert "Not safe to go home today." in answer.text


def test_nothing_of_it_has_an_address_to_look_at(client, make, sign_in, visit):
    handover = make.alone(given(every_yes()), visit)
    sign_in(visit.therapist)
    assert client.get(f"{chart(visit)}/alone").status_code == 405
    assert client.get(f"/clinic/charts/intakes/{handover.response_id}").status_code == 404


def test_who_looks_after_safety_finds_one_patient_by_two_identifiers_and_no_list(client, make, sign_in, session):
    visit = make.visit(make.patient(legal_name="Rowan Sought"))
    make.alone(given(every_yes()), visit)
    sign_in(make.safety_lead())
    assert "Rowan" not in client.get("/clinic/alone").text
    assert "Asked alone" in client.get("/clinic").text
    fields = {"name": "Rowan Sought", "birth_date": visit.patient.birth_date.isoformat()}
    found = client.submit("/clinic/alone", fields)
    assert f'action="{chart(visit)}/alone"' in found.text
    assert "Not safe to go home today." not in found.text
    assert "Not safe to go home today." in client.post(f"{chart(visit)}/alone", data={"csrf_token": client.token}).text
    assert "No chart fits" in client.submit("/clinic/alone", {**fields, "name": "Rowan Nobody"}).text
    assert client.submit("/clinic/alone", {**fields, "birth_date": ""}).status_code == 422
    assert client.get(chart(visit)).status_code == 404, "the chart itself stays closed"


def test_what_was_done_is_written_down_with_author_and_date(client, make, sign_in, visit, session):
    sign_in(visit.therapist)
    read(client, visit)
    fields = {"csrf_token": client.token, "text": "Seen alone; advocate called.", "version": "0"}
    page = client.post(f"{chart(visit)}/alone/entries", data=fields)
    assert page.status_code == 200
    assert "Seen alone; advocate called." in page.text
    assert visit.therapist.name in page.text
    again = client.post(f"{chart(visit)}/alone/entries", data={**fields, "text": "Another."})
    assert again.status_code == 409, "somebody else wrote meanwhile"
    assert [entry.text for entry in safety_entries.of_patient(session, visit.patient_id)] == [
        "Seen alone; advocate called."
    ]
    empty = client.post(f"{chart(visit)}/alone/entries", data={**fields, "text": "", "version": "1"})
    assert empty.status_code == 422
    assert "Please write what was done." in empty.text


def test_the_title_says_nothing_of_it(client, make, sign_in, visit):
    make.alone(given(every_yes()), visit)
    sign_in(visit.therapist)
    assert "<title>Chart – Fernleaf</title>" in read(client, visit).text


def test_what_was_answered_at_home_says_so_and_once_a_device_was_handed_over_the_line_is_the_usual_one(
    client, make, sign_in, visit
):
    home = make.at_home(visit)
    make.answer(home.response, given(every_yes()))
    sign_in(visit.therapist)
    assert "Asked alone, at home: please read before you see them." in client.get(chart(visit)).text
    page = read(client, visit).text
    assert "Asked at home Sep 15, 2026" in page
    assert "It is still open at home, so there may be more to come." in page
    assert "Not safe to go home today." in page
    make.alone({}, visit)
    assert LINE in client.get(chart(visit)).text


def test_numbers_of_the_measure_that_is_asked_alone_stand_on_this_page_and_raise_no_sign(client, make, sign_in, clock):
    visit = make.visit()
    sign_in(visit.therapist)
    at = f"/clinic/charts/{visit.patient_id}/alone"
    client.get("/clinic/patients")
    sent = {"measure": "hark", "on": "2026-09-10", "source": "read-aloud", "visit": str(visit.id), "total": ""}
    wrong = client.post(f"{at}/measure", data={**sent, "item_1": "2", "csrf_token": client.token})
    assert wrong.status_code == 422
    assert "This item can be 0, 1." in wrong.text
    items = {f"item_{number}": "0" for number in range(2, 5)}
    page = client.post(f"{at}/measure", data={**sent, **items, "item_1": "1", "csrf_token": client.token})
    assert page.status_code == 200
    assert "positive" in page.text
    assert "positive" not in client.get(f"/clinic/charts/{visit.patient_id}").text
    assert "HARK" not in client.get("/clinic/worklist").text


@pytest.fixture
def measured(clock, client, make, sign_in):
    """A positive HARK that was typed in, and its therapist at the page it stands on."""
    visit = make.visit()
    sign_in(visit.therapist)
    client.get("/clinic/patients")
    sent = {"measure": "hark", "on": "2026-09-10", "source": "read-aloud", "visit": str(visit.id), "total": ""}
    items = {f"item_{number}": "1" for number in range(1, 5)}
    client.post(f"{chart(visit)}/alone/measure", data={**sent, **items, "csrf_token": client.token})
    return visit


def taken_out(client, visit, response, **more):
    sent = {"measurement": str(response.id), "why": "canary-why", "version": "0", "csrf_token": client.token, **more}
    return client.post(f"{chart(visit)}/alone/measure/take-out", data=sent)


def test_numbers_that_were_typed_in_wrongly_are_taken_out_with_a_reason_that_only_this_page_shows(
    client, measured, session
):
    response = session.scalars(select(Response)).one()
    assert "Please" in taken_out(client, measured, response, why="").text
    page = taken_out(client, measured, response)
    assert page.status_code == 200
    assert "No numbers yet." in page.text
    assert "HARK of Sep 10, 2026 was typed in wrongly, and taken out: canary-why" in page.text
    assert "canary-why" not in client.get(chart(measured)).text
    session.expire_all()
    assert response.status == responses.IN_ERROR
    line = next(each for each in audit.of_patient(session, measured.patient_id) if each.action == "measure.taken-out")
    assert line.categories == "safety"
    assert amendments.of_response(session, response.id).text == "", "the reason is sealed with what is asked alone"
    again = taken_out(client, measured, response, version="1")
    assert again.status_code == 409
    assert "These numbers do not count any more." in again.text


def test_who_has_not_read_the_last_entry_takes_nothing_out(client, measured, session):
    response = session.scalars(select(Response)).one()
    taken_out(client, measured, response, version="7")
    session.expire_all()
    assert response.status == responses.COMPLETED


def test_it_is_not_taken_out_by_the_way_of_other_measures(client, measured, session):
    response = session.scalars(select(Response)).one()
    answer = client.submit(f"/clinic/measures/{response.id}/take-out", {"text": "No."}, at="/clinic/patients")
    assert answer.status_code == 404
    session.expire_all()
    assert response.status == responses.COMPLETED


def test_numbers_of_another_patient_are_not_taken_out(client, measured, make, session):
    other = make.visit(therapist=measured.therapist)
    response = session.scalars(select(Response)).one()
    assert taken_out(client, other, response).status_code == 409
    session.expire_all()
    assert response.status == responses.COMPLETED
