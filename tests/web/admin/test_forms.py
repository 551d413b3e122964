"""The forms page of an administrator."""

from __future__ import annotations

import io
import re

import pytest

from intake.actions import clinicforms as acts
from intake.store import audit, clinicforms, visitforms
from tests.forms.made import FEET, with_question

MARKUP = '<b>Sore</b> & \\"worn\\" %(x)s %s'


@pytest.fixture
def admin(client, make, sign_in):
    return sign_in(make.admin())


def rows(session):
    return [(row.form, row.version, row.status) for row in clinicforms.everything(session)]


def test_without_forms_of_its_own_the_clinic_reads_that_it_has_none_and_that_the_intake_is_asked(admin):
    page = admin.get("/admin/forms").text
    assert "no form of its own yet" in page
    assert page.count("the intake is what is asked first") == 3
    assert "Before your visit" in page
    assert "A few questions for you alone" not in page


def test_a_pasted_form_becomes_a_draft_that_can_be_published(admin, session):
    kept = admin.submit("/admin/forms/new", {"text": FEET})
    assert kept.status_code == 303
    page = admin.get(kept.location).text
    assert "can never be changed" in page
    assert rows(session) == [("clinic-feet", 1, "draft")]
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    unseen = admin.submit(f"{kept.location}/publish", {"seen": "0" * 64}, at=kept.location)
    assert "was replaced meanwhile" in admin.get(unseen.location).text
    published = admin.submit(f"{kept.location}/publish", {"seen": seen}, at=kept.location)
    assert published.status_code == 303
    assert rows(session) == [("clinic-feet", 1, "published")]
    assert audit.has(session, "form.published")
    assert "Your feet" in admin.get("/admin/forms").text


def test_a_file_can_be_uploaded(admin, session):
    admin.get("/admin/forms/new")
    data = {"csrf_token": admin.token, "text": "", "file": (io.BytesIO(FEET.encode()), "feet.toml")}
    assert admin.post("/admin/forms/new", data=data, content_type="multipart/form-data").status_code == 303
    assert rows(session) == [("clinic-feet", 1, "draft")]


def test_everything_wrong_is_listed_and_what_was_typed_is_still_there(admin, session):
    text = with_question("colour = 1", text=MARKUP).replace("en-US", "?")
    page = admin.submit("/admin/forms/new", {"text": text})
    assert page.status_code == 422
    assert "2 things to mend" in page.text
    assert "<strong>feet, page 1, clinic_more:</strong> unknown key colour" in page.text
    assert "&lt;b&gt;Sore&lt;/b&gt; &amp; " in page.text
    assert rows(session) == []


def test_the_text_of_an_uploaded_file_is_there_to_be_mended(admin):
    admin.get("/admin/forms/new")
    broken = (io.BytesIO(FEET.replace("clinic-feet", "feet").encode()), "feet.toml")
    page = admin.post(
        "/admin/forms/new",
        data={"csrf_token": admin.token, "text": "", "file": broken},
        content_type="multipart/form-data",
    )
    assert page.status_code == 422
    assert "Are your feet sore?" in page.text
    assert "may be one of ours" in page.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfea", "saved as UTF-16"),
        (b"a\n\xfc", "not saved as UTF-8: line 2"),
        (b"x" * 200_001, "larger than 200000 bytes"),
        (b"\x89PNG\r\n\x1a\n\x00", "not saved as UTF-8: line 1"),
    ],
)
def test_a_file_that_is_no_form_is_refused_and_what_was_pasted_stays(admin, content, said):
    admin.get("/admin/forms/new")
    data = {"csrf_token": admin.token, "text": "my words", "file": (io.BytesIO(content), "x.toml")}
    page = admin.post("/admin/forms/new", data=data, content_type="multipart/form-data")
    assert page.status_code == 422
    assert said in page.text
    assert "my words" in page.text


@pytest.mark.parametrize("text", ["", "   ", "title = [", "\x00", "x" * 200_001, "id = '" + "x" * 10_000])
def test_a_text_that_is_no_form_is_refused_with_a_sentence(admin, session, text):
    page = admin.submit("/admin/forms/new", {"text": text})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert rows(session) == []


def test_markup_and_marks_of_other_scripts_show_as_they_were_written(admin, make):
    title = 'title = "<script>\u200fשלום</script>"'
    row = make.clinic_form(FEET.replace('title = "Your feet"', title).replace('title = "Feet"', title))
    for path in ("", f"/{row.id}", f"/{row.id}/preview"):
        page = admin.get(f"/admin/forms{path}").text
        assert "&lt;script&gt;\u200fשלום&lt;/script&gt;" in page
        assert "<script>\u200f" not in page


def test_publishing_asks_for_a_factor_given_lately(clock, admin, make, session):
    row = make.clinic_form(FEET, publish=False)
    admin.get("/admin/forms")
    clock.shift(360)
    for act in ("publish", "retire"):
        answer = admin.post(f"/admin/forms/{row.id}/{act}", data={"csrf_token": admin.token})
        assert answer.location.startswith("/step-up")
    assert rows(session) == [("clinic-feet", 1, "draft")]


def test_a_published_form_cannot_be_published_or_thrown_away_again(admin, make, session):
    row = make.clinic_form(FEET)
    page = admin.get(f"/admin/forms/{row.id}").text
    assert "Publish version" not in page
    assert "Throw the draft away" not in page
    for act in ("publish", "discard"):
        assert admin.submit(f"/admin/forms/{row.id}/{act}", at="/admin/forms/new").status_code == 409
    assert rows(session) == [("clinic-feet", 1, "published")]


def test_a_retired_form_is_asked_for_nowhere(admin, make, session):
    row = make.clinic_form(FEET)
    acts.ask(session, "follow-up", "clinic-feet", by=make.admin(), now=make.now)
    assert "Follow-up" in admin.get(f"/admin/forms/{row.id}").text
    assert admin.submit(f"/admin/forms/{row.id}/retire", at=f"/admin/forms/{row.id}").status_code == 303
    assert rows(session) == [("clinic-feet", 1, "retired")]
    assert visitforms.assigned(session, "follow-up") == ()
    assert "no visit" in admin.get(f"/admin/forms/{row.id}").text


def test_a_draft_can_be_thrown_away(admin, make, session):
    row = make.clinic_form(FEET, publish=False)
    assert admin.submit(f"/admin/forms/{row.id}/discard", at=f"/admin/forms/{row.id}").status_code == 303
    assert rows(session) == []


def test_what_reads_hard_is_told_beside_a_draft(admin, make):
    hard = "Considering everything mentioned previously, how significantly does discomfort impair ambulation?"
    row = make.clinic_form(with_question(text=hard), publish=False)
    page = admin.get(f"/admin/forms/{row.id}").text
    assert "What could be better" in page
    assert "this reads at grade" in page


def test_an_older_version_says_that_it_was_replaced(admin, make):
    older = make.clinic_form(FEET)
    make.clinic_form(FEET.replace("sore?", "cold?"))
    page = admin.get(f"/admin/forms/{older.id}").text
    assert "New visits get version 2" in page
    assert "Retire this form" not in page


def test_only_administrators_come_here(client, make, sign_in):
    row = make.clinic_form(FEET)
    for user in (make.therapist(), make.front_desk(), make.privacy_lead(), make.assistant()):
        browser = sign_in(user)
        for path in ("", "/new", f"/{row.id}", f"/{row.id}/preview"):
            assert browser.get(f"/admin/forms{path}").status_code == 404
