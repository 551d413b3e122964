"""A form as patients will see it: the same pages, and nothing is kept."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from intake.forms import ours, reader
from intake.store.responses import Response
from intake.store.visitforms import VisitForm
from tests.forms.made import FEET, PAGE, question, with_question
from tests.pages import where
from tests.rows import changed, everything

WHOLE = (
    with_question('need = "required"', name="clinic_name", kind="string", text="What are they called?")
    + question('when = [{ question = "clinic_sore", operator = "=", answer = "yes" }]', name="clinic_where")
    + PAGE.replace("]]", ']]\ntitle = "Later"\nwhen = [{ question = "clinic_sore", operator = "=", answer = "yes" }]')
    + question('tier = "sensitive"', name="clinic_secret")
)


@pytest.fixture
def admin(client, make, sign_in):
    return sign_in(make.admin())


@pytest.fixture
def preview(make):
    return f"/admin/forms/{make.clinic_form(WHOLE, publish=False).id}/preview"


KEPT = (  # what a preview says nothing of, since it keeps nothing
    r"<title>.*?</title>|<small>Your answers are kept until.*?</small>| preview|data-autosave.*?(?=>)"
    r"|<p class=\"saved\".*?</p>"
)


def body(page):
    """A page without its frame, its tokens and where it is sent to."""
    text = re.sub(
        r"<header.*?</header>|<div class=\"exit-bar\".*?</div>|<template.*?</template>", "", page, flags=re.DOTALL
    )
    text = re.sub(
        KEPT,
        "",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(r'action="[^"]*"|name="csrf_token" value="[^"]*"|name="_version" value="[^"]*"', "", text)
    return re.sub(r"\s+(?=>)", "", re.sub(r"\s+", " ", text))


def test_the_preview_begins_with_the_parts_and_says_what_it_is(admin, preview):
    page = admin.get(preview).text
    assert "Nothing you type here is kept" in page
    assert "Feet" in page
    assert page.count('href="/admin/forms/') >= 3


def test_every_page_is_reached_whatever_it_hangs_on(admin, preview):
    links = re.findall(r'href="(/admin/forms/[^"]*\?at=[^"]*)"', admin.get(preview).text)
    assert len(links) == 2
    pages = [admin.get(link).text for link in links]
    for name in ("clinic_sore", "clinic_name", "clinic_where"):
        assert f'id="{name}"' in pages[0]
    assert 'id="clinic_secret"' in pages[1]
    assert "Patients meet this page only when: clinic_sore = yes" in pages[1]


def test_continue_leads_through_the_pages_and_back_to_the_parts(admin, preview):
    said = {"_at": "page 1.1", "_form": "1", "_version": "feet:1", "clinic_sore": "no", "clinic_name": "Lefty"}
    onward = admin.submit(preview, said)
    assert onward.location == f"{preview}?at=page+1.2"
    assert admin.submit(preview, {"_at": "page 1.2"}).location == preview
    assert admin.submit(preview, {"_at": "page 1.2", "_go": "page 1.1"}).location == f"{preview}?at=page+1.1"
    assert admin.submit(preview, {"_at": "tasks", "_go": "page 1.1"}).location == f"{preview}?at=page+1.1"


def test_what_patients_are_told_to_mend_is_told_here_too(admin, preview):
    page = admin.submit(preview, {"_at": "page 1.1", "clinic_sore": "yes", "clinic_name": ""})
    assert page.status_code == 422
    assert "Please fill this in." in page.text


def test_nothing_is_kept(admin, preview, session):
    before = everything(session)
    admin.submit(preview, {"_at": "page 1.1", "clinic_sore": "yes", "clinic_name": "Planted"})
    admin.submit(preview, {"_at": "page 1.1", "clinic_sore": "yes", "clinic_name": "x" * 300})
    admin.get(f"{preview}?at=page+1.1")
    assert changed(before, everything(session)) <= {"logins"}
    assert session.scalars(select(Response)).all() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"_at": "page 1.1", "surprise": "x"},
        {"_at": "page 1.1", "clinic_sore": "perhaps"},
        {"_at": "nowhere"},
        {"_at": ""},
        {"_at": "tasks", "clinic_sore": "yes"},
        {"_at": "page 9.9"},
        {"_at": "page 1.1", "_go": "page 9.9"},
        {"_at": "page 1.1", "_go": "https://example.org"},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(admin, preview, fields):
    assert admin.submit(preview, fields).status_code in {400, 404}


@pytest.mark.parametrize("at", ["page 9.9", "nowhere", "page 1.1 more x" * 50, "x\x00"])
def test_a_page_that_is_not_there_is_not_found(admin, preview, at):
    assert admin.get(preview, query_string={"at": at}).status_code in {400, 404}


def test_a_group_grows_and_shrinks_with_what_was_typed(admin, make):
    inner = '[[section.feet.pages.questions.questions]]\nid = "clinic_in"\nkind = "string"\ntext = "In?"\n'
    row = make.clinic_form(with_question("maximum_entries = 3\n" + inner, kind="group"), publish=False)
    preview = f"/admin/forms/{row.id}/preview"
    typed = {"_at": "page 1.1", "clinic_more.count": "1", "clinic_more.0.clinic_in": "First"}
    page = admin.submit(preview, {**typed, "_action": "add:clinic_more"}).text
    assert 'value="First"' in page
    assert 'name="clinic_more.1.clinic_in"' in page
    page = admin.submit(preview, {**typed, "_action": "remove:clinic_more.0"}).text
    assert 'value="First"' not in page


def test_a_page_is_what_the_patient_gets(admin, make, session, new_client, enter):
    make.clinic_form(WHOLE)
    for place, name in enumerate(("clinic-feet", "check-in"), 1):
        session.add(VisitForm(kind="initial-evaluation", place=place, form=name))
    session.commit()
    patient = enter(make.invitation(), new_client())
    patient.submit("/f", {"_at": "tasks", "_form": "1", "_go": "page 1.1"})
    hers = patient.get("/f").text
    form = admin.get("/admin/forms").text
    path = re.search(r'href="(/admin/forms/[0-9a-f-]{36})"', form)[1]
    assert body(admin.get(f"{path}/preview?at=page+1.1").text) == body(hers)


def test_a_form_of_markup_and_long_words_is_shown_as_text(admin, make):
    long = "<i>" + "word " * 2000 + "</i>"
    text = with_question(f'body = "{long}"', kind="display", text="<img src=x onerror=alert(1)>")
    row = make.clinic_form(text, publish=False)
    page = admin.get(f"/admin/forms/{row.id}/preview?at=page+1.1").text
    assert "&lt;i&gt;word word" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img" not in page


def test_a_plain_form_needs_no_second_look(admin, make):
    assert "Are your feet sore?" in admin.get(f"/admin/forms/{make.clinic_form(FEET).id}/preview?at=page+1.1").text


def test_signs_that_mean_something_to_a_program_are_only_letters_here(admin, make, session, new_client, enter):
    odd = "100% %(x)s %s \\\\ '"
    more = f'hint = "{odd}"\noptions = [{{ code = "a", text = "{odd}" }}]'
    text = with_question(more, kind="choice", text=odd).replace('title = "Feet"', f'title = "{odd}"')
    row = make.clinic_form(text.replace('title = "Your feet"', f'title = "{odd}"'))
    session.add(VisitForm(kind="initial-evaluation", place=1, form="clinic-feet"))
    session.add(VisitForm(kind="initial-evaluation", place=2, form="check-in"))
    session.commit()
    shown = "100% %(x)s %s \\ &#39;"
    for path in ("", f"/{row.id}", f"/{row.id}/preview", f"/{row.id}/preview?at=page+1.1"):
        assert shown in admin.get(f"/admin/forms{path}").text
    patient = enter(make.invitation(), new_client())
    assert shown in patient.get("/f").text
    patient.submit("/f", {"_at": "tasks", "_form": "1", "_go": "page 1.1"})
    assert patient.get("/f").text.count(shown) >= 4


# ---------------------------------------------------------------- ours


OURS = "/admin/forms/ours"
PAGE_LINK = re.compile(r'href="(/admin/forms/ours\?[^"]*at=[^"]*)"')


def of(name):
    return f"{OURS}?form={name}"


@pytest.mark.dear
@pytest.mark.parametrize("name", ours.lenders())
def test_every_page_of_every_form_of_ours_can_be_looked_at_and_tried(admin, session, name):
    before = everything(session)
    assert f'href="{of(name)}"' in admin.get("/admin/forms").text
    first = admin.get(of(name)).text
    assert "Nothing you type here is kept" in first
    links = [html.unescape(link) for link in PAGE_LINK.findall(first)]
    assert len(links) == sum(len(section.pages) for section in reader.latest(name).sections)
    for link in links:
        page = admin.get(link)
        assert page.status_code == 200, link
        log = re.search(r'name="_action" value="(add:[a-z0-9_]+)"', page.text)
        for action in ({}, {"_action": log[1]} if log else {"_go": "tasks"}):
            sent = admin.submit(of(name), {"_at": where(page), "_form": "1", **action})
            assert sent.status_code in {200, 303, 422}, (link, action)
    assert changed(before, everything(session)) <= {"logins"}


def test_continue_leads_through_a_form_of_ours_and_back_to_its_parts(admin):
    sent = admin.submit(of("check-in"), {"_at": "tasks", "_go": "page 1.1"})
    assert sent.location == f"{OURS}?form=check-in&at=page+1.1"
    assert admin.submit(of("check-in"), {"_at": "page 1.1", "_go": "tasks"}).location == of("check-in")


def test_a_form_of_ours_is_looked_at_as_patients_get_it_now(admin, new_client, make, enter):
    patient = enter(make.invitation(), new_client())
    patient.submit("/f", {"_at": "tasks", "_form": "1", "_go": "page 1.1"})
    assert body(admin.get(f"{of('intake')}&at=page+1.1").text) == body(patient.get("/f").text)


@pytest.mark.parametrize("name", ["evaluation", "care-plan", "safety", "clinic-feet", "", "../intake", "x\x00"])
def test_no_other_form_is_looked_at_there(admin, make, name):
    make.clinic_form(FEET)
    assert admin.get(OURS, query_string={"form": name}).status_code == 404


def test_only_an_admin_looks_at_ours(client, make, sign_in):
    sign_in(make.therapist())
    assert client.get(of("intake")).status_code == 404
