"""The page of text packs: the words of measures, and until when the clinic may use them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from intake.actions import shortforms
from intake.actions.refusals import RefusedError
from intake.clinical.measures.pack import Said, form_text
from intake.store import clinicforms, measures, responses
from tests.forms.made import PACK

NAME = "clinic-measure-phq-2"


@pytest.fixture
def admin(clock, client, make, sign_in):
    return sign_in(make.admin())


def add(browser, **fields):
    return browser.submit("/admin/packs", {"text": PACK, "measure": "", "holder": "", "until": "", **fields})


def published(make, until=date(2026, 12, 31)):
    return make.clinic_form(form_text(PACK, Said(until=until)))


def test_without_a_pack_the_page_says_so_and_names_what_lacks_its_words(admin):
    page = admin.get("/admin/packs").text
    assert "No measure has its words here yet" in page
    assert "PHQ-9" in page


def test_a_pack_is_kept_as_a_draft_with_who_holds_the_permission(admin, session):
    kept = add(admin)
    assert kept.status_code == 303
    assert [(row.form, row.status) for row in clinicforms.everything(session)] == [(NAME, "draft")]
    page = admin.get("/admin/packs").text
    assert "Fernbank Clinic (fictional), letter 12" in page
    assert "Dec 31, 2026" in page


def test_what_is_wrong_is_listed_and_nothing_that_was_typed_is_lost(admin, session):
    page = add(admin, measure="phq-9", holder="Somebody")
    assert page.status_code == 422
    assert "the pack has 2 items with values, and PHQ-9 has 9" in page.text
    assert "How did the invented sky look?" in page.text
    assert 'value="Somebody"' in page.text
    assert clinicforms.everything(session) == []


def test_an_ended_permission_says_so(admin, make):
    published(make, until=date(2026, 9, 14))
    assert "ended: not asked any more" in admin.get("/admin/packs").text


def test_on_the_last_day_it_is_asked_and_on_the_next_it_is_not(clock, make, session):
    visit, today = make.visit(), make.now.date()
    published(make, until=today)
    assert NAME in shortforms.askable(session, make.now)
    tomorrow = make.now + timedelta(days=1)
    assert NAME not in shortforms.askable(session, tomorrow)
    with pytest.raises(RefusedError, match="permission"):
        shortforms.ask(session, visit, NAME, by=visit.therapist, now=tomorrow)
    assert shortforms.ask(session, visit, NAME, by=visit.therapist, now=make.now).form == NAME


def test_what_waits_is_not_asked_any_more_after_the_end_and_what_was_answered_stays(
    clock, make, session, enter, new_client, client, sign_in
):
    invitation = make.invitation()
    visit = invitation.visit
    published(make, until=make.now.date() + timedelta(days=3))
    waiting = shortforms.ask(session, visit, NAME, by=visit.therapist, now=make.now)
    other = make.visit(visit.patient, visit.therapist)
    answered = shortforms.ask(session, other, NAME, by=visit.therapist, now=make.now)
    values = {"pre_private": "yes", "pre_who": "me", "clinic_phq_2_1": "3", "clinic_phq_2_2": "2"}
    make.answer(answered, {name: {"value": value} for name, value in values.items()})
    answered.status, answered.completed_at = responses.COMPLETED, make.now
    session.commit()
    clock.shift(timedelta(days=5))
    enter(invitation, new_client())
    session.expire_all()
    assert session.get(responses.Response, waiting.id).status == responses.WITHDRAWN
    sign_in(visit.therapist)
    page = client.get(f"/clinic/charts/{visit.patient_id}/measures").text
    assert "<strong>5</strong>" in page
    assert "positive" in page
    assert "How did the invented sky look?" in client.get(f"/clinic/charts/intakes/{answered.id}").text


def test_a_patient_answers_in_the_owner_s_words_and_the_item_about_self_harm_acts_on_the_page(
    clock, make, session, enter, new_client
):
    items = "".join(f'[[items]]\ntext = "Invented {number}?"\n' for number in range(1, 10))
    answers = ", ".join(f'{{ value = {value}, text = "Cloud {value}" }}' for value in range(4))
    make.clinic_form(form_text(f'measure = "phq-9"\nholder = "X"\nanswers = [{answers}]\n{items}', Said()))
    invitation = make.invitation()
    browser = enter(invitation, new_client())
    asked = shortforms.ask(
        session, invitation.visit, "clinic-measure-phq-9", by=invitation.visit.therapist, now=make.now
    )  # fmt: skip
    session.refresh(asked)
    number = str(asked.number)

    def send(at, fields):
        page = browser.get("/f").text
        version = re.search(r'name="_version" value="([^"]+)"', page)
        more = {"_version": version[1]} if version else {}
        answer = browser.post("/f", data={"csrf_token": browser.token, "_at": at, "_form": number, **more, **fields})
        assert answer.status_code == 303, answer.text
        return browser.get("/f").text

    send("tasks", {"_go": "page 1.1"})
    send("page 1.1", {"pre_private": "yes", "pre_who": "me"})
    page = send("page 2.1", {f"clinic_phq_9_{item}": "0" for item in range(1, 6)})
    assert "Invented 9?" in page
    told = send("page 2.2", {**{f"clinic_phq_9_{item}": "0" for item in range(6, 9)}, "clinic_phq_9_9": "1"})
    assert "988" in told
    clock.shift(timedelta(hours=3))
    again = enter(make.invitation(invitation.visit), new_client())
    again.post("/f", data={"csrf_token": again.token, "_at": "tasks", "_form": number, "_go": "page 2.2"})
    assert "988" not in again.get("/f").text  # what is private is shown in the sitting that raised it alone
    assert measures.of_patient(session, invitation.visit.patient_id, ("care", "sensitive")) == []
