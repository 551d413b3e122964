"""One visit and its invitations."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.actions import outbox as mails
from intake.store import outbox
from intake.store.outbox import Outgoing
from tests.pages import arrive, come_in, place, save


@pytest.fixture
def desk(client, make, sign_in):
    return sign_in(make.front_desk())


@pytest.fixture
def invite(desk, make):
    """Make an invitation on the page of a visit: the answer, and the code it shows."""

    def invited(visit):
        page = desk.submit(f"/clinic/visits/{visit.id}/invitations", at=f"/clinic/visits/{visit.id}")
        return page, re.search(r"#([0-9A-Z-]{14})", page.text)[1]

    return invited


def test_an_invitation_shows_link_code_and_message_once(desk, make, invite):
    visit = make.visit()
    page, code = invite(visit)
    assert page.status_code == 201
    assert f"http://127.0.0.1:8000/f#{code}" in page.text
    assert "give your date of birth" in page.text
    assert code not in desk.get(f"/clinic/visits/{visit.id}").text


def test_the_message_says_neither_who_nor_what_it_is_about(make, invite):
    visit = make.visit(make.patient(legal_name="Rowan Marzipan"))
    page, _code = invite(visit)
    text = re.search(r'<textarea id="message"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)[1]
    assert "Marzipan" not in text
    assert not re.search(
        r"pelvi|birth(?! *\.)|therap|intim|postpartum", text.replace("date of birth", ""), re.IGNORECASE
    )


def test_the_link_of_an_invitation_lets_the_patient_in(new_client, make, invite):
    _page, code = invite(make.visit())
    patient = new_client()
    assert arrive(patient, come_in(patient, code)) == "tasks"


def test_its_state_goes_from_sent_to_submitted(desk, new_client, make, invite, session):
    visit = make.visit()
    url = f"/clinic/visits/{visit.id}"
    states = [tag(desk.get(url).text)]
    _page, code = invite(visit)
    states.append(tag(desk.get(url).text))
    patient = new_client()
    come_in(patient, code)
    states.append(tag(desk.get(url).text))
    save(patient, place("id_name_used"), {"id_name_used": "Ro"}, autosave=True)
    states.append(tag(desk.get(url).text))
    assert states == ["Not invited", "Invited", "Opened", "Started"]


def tag(page):
    return html.unescape(re.search(r'<span class="tag[^>]*>([^<]*)<', page)[1])


def test_a_visit_whose_answers_are_in_is_not_invited_again(desk, make):
    intake = make.intake(submitted=True)
    url = f"/clinic/visits/{intake.visit_id}"
    assert tag(desk.get(url).text) == "Answers are in"
    assert desk.submit(f"{url}/invitations", at="/clinic").status_code == 303
    assert "are in already" in desk.get(url).text


def test_expired_and_withdrawn_invitations_show_as_such(desk, make, session):
    expired, withdrawn = make.invitation(), make.invitation()
    expired.expires_at = make.now - timedelta(days=1)
    session.commit()
    desk.submit(f"/clinic/visits/invitations/{withdrawn.id}/revoke", at=f"/clinic/visits/{withdrawn.visit_id}")
    assert "Expired" in desk.get(f"/clinic/visits/{expired.visit_id}").text
    assert "Withdrawn" in desk.get(f"/clinic/visits/{withdrawn.visit_id}").text


def test_the_slip_is_a_pdf_that_needs_the_code_nobody_kept(desk, make):
    invitation, other = make.invitation(), make.invitation()
    url, at = f"/clinic/visits/invitations/{invitation.id}/slip", f"/clinic/visits/{invitation.visit_id}"
    slip = desk.submit(url, {"code": make.codes[invitation.id]}, at=at)
    assert (slip.status_code, slip.mimetype) == (200, "application/pdf")
    for code in (make.codes[other.id], "", "0" * 12, "\x00" * 14, "x" * 10_000):
        assert desk.submit(url, {"code": code}, at=at).status_code == 404


def test_a_therapist_invites_only_those_she_treats(client, make, sign_in):
    visit = make.visit()
    sign_in(make.therapist())
    assert client.get(f"/clinic/visits/{visit.id}").status_code == 404
    client.get("/clinic")
    assert client.post(f"/clinic/visits/{visit.id}/invitations", data={"csrf_token": client.token}).status_code == 404
    assert visit.invitations == []


# ---------------------------------------------------------------- by e-mail


HER = "rowan@example.org"


def visit_of(make, safe):
    contacts = [{"method": "email", "value": HER, "safe": safe}] if safe else []
    return make.visit(make.patient(contacts=contacts))


@pytest.mark.parametrize(
    ("safe", "reason"),
    [
        ("not-safe", "The patient said that e-mail is not safe."),
        ("appointments-only", "The patient said that e-mail is only for appointment times."),
        ("unknown", "The patient was not asked yet whether e-mail is safe."),
        ("", "There is no e-mail address on file."),
    ],
)
def test_e_mail_is_not_offered_where_it_is_not_safe_and_the_page_says_why(client, make, sign_in, session, safe, reason):
    visit = visit_of(make, safe)
    sign_in(make.front_desk())
    page = client.get(f"/clinic/visits/{visit.id}").text
    assert "Send by e-mail" not in page
    assert reason in page
    client.submit(f"/clinic/visits/{visit.id}/mail", at=f"/clinic/visits/{visit.id}")  # typed by hand
    assert reason in client.get(f"/clinic/visits/{visit.id}").text
    assert session.scalars(select(Outgoing)).all() == []
    session.expire_all()
    assert visit.invitations == []


def test_an_invitation_is_queued_with_the_neutral_text_and_its_code_is_nowhere_in_the_clear(
    app, client, make, sign_in, session, mailbox, mail_server
):
    visit = visit_of(make, "safe")
    sign_in(make.front_desk())
    answer = client.submit(f"/clinic/visits/{visit.id}/mail", at=f"/clinic/visits/{visit.id}")
    assert answer.status_code == 303
    assert "E-mail waits to be sent" in client.get(f"/clinic/visits/{visit.id}").text
    with Session(app.extensions["engine"], expire_on_commit=False) as own:
        assert mails.send_one(own, mails.Post(mail_server, "https://x.example"), clock=lambda: make.now)
    (mail,) = mailbox.mails
    assert mail["To"] == HER
    text = mail.get_content()
    assert "Please answer a few questions before your visit." in text
    code = re.search(r"#([0-9A-Z-]{14})", text)[1]
    assert code not in answer.text
    page = client.get(f"/clinic/visits/{visit.id}").text
    assert "E-mail sent" in page
    assert code not in page


def test_where_the_clinic_wants_a_second_code_the_desk_says_it_and_the_mail_does_not_hold_it(
    client, make, sign_in, session
):
    make.clinic().second_code = True
    session.commit()
    visit = visit_of(make, "safe")
    sign_in(make.front_desk())
    answer = client.submit(f"/clinic/visits/{visit.id}/mail", at=f"/clinic/visits/{visit.id}")
    assert answer.status_code == 201
    spoken = re.search(r'class="code big">([^<]+)<', answer.text)[1]
    row = session.scalar(select(Outgoing))
    text = outbox.words(session, row)
    assert spoken not in text
    assert "second code" in text
