"""A form of the clinic from its file to the chart: answers keep the words they were given under, for ever."""

from __future__ import annotations

import re

import pytest

from intake.actions import clinicforms as acts
from intake.forms import reader, shelf
from intake.store import clinicforms, flags, responses
from intake.store.consents import Consent
from tests.forms.made import FEET, question
from tests.pages import arrive, send

LONG = "word " * 1900 + "end"
CONSENT = question(
    'need = "required"\nbody = "You let us look at your feet."\noptions = [{ code = "agree", text = "I agree" }]',
    name="clinic_agree", kind="consent", text="Agreement to look",
)  # fmt: skip
SECRET = question(
    'tier = "sensitive"\nwhy = "It helps."', name="clinic_secret", kind="string", text="What do you keep to yourself?"
)
FIRST = FEET.replace("Are your feet sore?", "Are your <b>feet</b> sore? \u200fשלום") + CONSENT + SECRET
SECOND = FEET.replace("Are your feet sore?", "Do your toes hurt?")


@pytest.fixture
def ask(make, session):
    """Publish a form and let first visits ask for it besides the intake, as their second form."""

    def asked(text):
        make.clinic_form(text)
        acts.ask(session, "initial-evaluation", "clinic-feet", by=make.admin(), now=make.now)

    return asked


def handed_in(make, enter, new_client, fields):
    """A patient fills in the form her visit asks for, and hands it in; her visit."""
    invitation = make.invitation()
    browser = enter(invitation, new_client())
    where = {"_at": "tasks", "_form": "2"}
    arrive(browser, send(browser, "tasks", {**where, "_go": "page 1.1"}))
    page = browser.get("/f").text
    version = re.search(r'name="_version" value="([^"]+)"', page)[1]
    arrive(browser, send(browser, "page 1.1", {"_form": "2", "_version": version, **fields}))
    arrive(browser, send(browser, "check", {"signer": "Rowan Invented", "_form": "2"}))
    return invitation.visit, browser


def its_own(session, visit_id):
    (response,) = (each for each in responses.asked(session, visit_id) if each.form == "clinic-feet")
    return response


def chart_of(session, visit, browser, sign_in):
    response = its_own(session, visit.id)
    assert response.status == responses.COMPLETED
    sign_in(visit.therapist, browser)
    return response, browser.get(f"/clinic/charts/intakes/{response.id}").text


def test_answers_keep_the_words_of_their_version_after_a_new_one_and_after_both_are_retired(
    ask, make, session, enter, new_client, sign_in
):
    ask(FIRST)
    visit, _browser = handed_in(
        make, enter, new_client, {"clinic_sore": "yes", "clinic_agree": "agree", "clinic_secret": "Nothing much"}
    )
    newer = make.clinic_form(SECOND)
    other, _browser = handed_in(make, enter, new_client, {"clinic_sore": "no"})
    for _before_and_after in range(2):
        shelf.forget()  # as a process that was just started
        first, page = chart_of(session, visit, new_client(), sign_in)
        assert (first.form, first.form_version) == ("clinic-feet", 1)
        assert "Are your &lt;b&gt;feet&lt;/b&gt; sore? \u200fשלום" in page
        assert "Do your toes hurt?" not in page
        assert "Nothing much" in page
        second, page = chart_of(session, other, new_client(), sign_in)
        assert (second.form, second.form_version) == ("clinic-feet", 2)
        assert "Do your toes hurt?" in page
        assert "feet sore" not in page
        if newer.status == "published":
            acts.retire(session, newer, by=make.admin(), now=make.now)
    assert (
        reader.load("clinic-feet", 1).by_id["clinic_sore"].text
        != reader.load("clinic-feet", 2).by_id["clinic_sore"].text
    )


def test_what_was_agreed_to_is_kept_as_it_was_worded(ask, make, session, enter, new_client):
    ask(FIRST)
    handed_in(make, enter, new_client, {"clinic_sore": "yes", "clinic_agree": "agree"})
    (consent,) = session.query(Consent).all()
    assert (consent.question, consent.form_version, consent.decision) == ("clinic_agree", 1, "agree")
    assert consent.text == "Agreement to look\n\nYou let us look at your feet."


def test_a_sensitive_answer_of_a_clinics_form_is_not_shown_back_to_her(ask, make, enter, new_client):
    ask(FIRST)
    browser = enter(make.invitation(), new_client())
    fields = {
        "clinic_sore": "yes",
        "clinic_agree": "agree",
        "clinic_secret": "Planted",
        "_version": "feet:1",
        "_form": "2",
    }
    arrive(browser, send(browser, "page 1.1", fields))
    for place in ("page 1.1", "check"):
        arrive(browser, send(browser, "tasks", {"_go": place, "_form": "2"}))
        page = browser.get("/f").text
        assert "Planted" not in page
        assert "nswered" in page


def test_a_section_of_ours_in_a_clinics_form_raises_its_warnings(ask, make, session, enter, new_client):
    ask('borrows = { warning-signs = "intake/2" }\n' + FEET.replace('["feet"]', '["warning-signs", "feet"]'))
    invitation = make.invitation()
    browser = enter(invitation, new_client())
    form = reader.load("clinic-feet", 1)
    pages = form.sections[0].pages
    number = next(n for n, page in enumerate(pages, 1) if any(q.id == "rf_bleed" for q in page.questions))
    fields = {"rf_bleed": "heavy", "_version": "warning-signs:1", "_form": "2"}
    answer = send(browser, f"page 1.{number}", fields)
    assert answer.status_code == 303
    assert next(flag.rule for flag in flags.of_patient(session, invitation.patient.id)) == "E1"


def test_the_chart_of_somebody_who_only_filled_in_a_form_of_the_clinic_can_be_opened(
    ask, make, session, enter, new_client, sign_in
):
    ask(FEET + question(f'body = "{LONG}"', name="clinic_read", kind="display", text="Read this"))
    visit, _browser = handed_in(make, enter, new_client, {"clinic_sore": "yes"})
    therapist = sign_in(visit.therapist, new_client())
    for path in (
        f"/clinic/charts/{visit.patient_id}",
        "/clinic",
        f"/clinic/patients/{visit.patient_id}",
        f"/clinic/visits/{visit.id}",
    ):
        assert therapist.get(path).status_code == 200
    note = therapist.submit(f"/clinic/notes/visits/{visit.id}", at=f"/clinic/charts/{visit.patient_id}")
    assert note.status_code in {303, 404}


def test_who_has_begun_a_form_that_is_retired_can_finish_it(ask, make, session, enter, new_client):
    ask(FEET)
    invitation = make.invitation()
    browser = enter(invitation, new_client())
    row = clinicforms.in_use(session, "clinic-feet")
    acts.retire(session, row, by=make.admin(), now=make.now)
    shelf.forget()
    arrive(browser, send(browser, "page 1.1", {"clinic_sore": "yes", "_version": "feet:1", "_form": "2"}))
    arrive(browser, send(browser, "check", {"signer": "Rowan Invented", "_form": "2"}))
    assert its_own(session, invitation.visit_id).status == responses.COMPLETED
    later = make.invitation()
    enter(later, new_client())
    assert [each.form for each in responses.asked(session, later.visit_id)] == ["intake"]
