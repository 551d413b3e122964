"""Forms of the clinic, from upload to preview and visits: usable by everybody, with and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from intake.actions import clinicforms as acts
from tests.browser.filling import press
from tests.browser.looking import sound
from tests.browser.screens import PHONE
from tests.forms.made import FEET, PAGE, question

pytestmark = pytest.mark.browser
EVERY_KIND = (
    FEET
    + question(
        'when = [{ question = "clinic_sore", operator = "=", answer = "yes" }]', name="clinic_where", kind="string"
    )
    + question(
        'options = [{ code = "a", text = "Heel" }, { code = "none", text = "None", exclusive = true }]\nother = true',
        name="clinic_places",
        kind="choices",
        text="Which places?",
    )
    + question("", name="clinic_scale", kind="scale", text="How sore are they?")
    + question('need = "required"\nmaximum = 60', name="clinic_size", kind="number", text="What size do you wear?")
    + PAGE
    + question(
        'body = "' + "Longwordwithoutspaces" * 20 + '"', name="clinic_read", kind="display", text="<b>Read</b> this"
    )
    + question(
        'tier = "sensitive"\nwhy = "It helps."\nmay_decline = true',
        name="clinic_secret",
        kind="text",
        text="What else?",
    )
)


@pytest.fixture(scope="module")
def records(clinic):
    """A draft, and a published form that follow-ups ask for."""
    with clinic.records() as make:
        admin = make.admin()
        draft = make.clinic_form(EVERY_KIND.replace("clinic-feet", "clinic-draft"), publish=False)
        out = make.clinic_form(FEET.replace("clinic-feet", "clinic-out"))
        for name in ("intake", "clinic-out"):
            acts.ask(make.session, "follow-up", name, by=admin, now=make.now)
        return {"draft": str(draft.id), "out": str(out.id)}


@pytest.fixture
def signed_in(staff, clinic):
    """An administrator of their own for each test: the code of an app works once."""

    def entered(**more):
        with clinic.records() as make:
            email = make.admin().email
        return staff(email, **more)

    return entered


def test_every_page_about_forms_can_be_used_by_everybody(signed_in, records):
    page = signed_in()
    for path in (
        "",
        "/new",
        "/{draft}",
        "/{out}",
        "/{draft}/preview",
        "/{draft}/preview?at=page 1.1",
        "/{draft}/preview?at=page 1.2",
        "/ours?form=check-in",
        "/ours?form=intake&at=page 1.1",
        "/ours?form=bladder-diary&at=page 1.1",
        "/ours?form=follow-up&at=page 2.1",
    ):
        answer = page.goto("/admin/forms" + path.format(**records))
        assert answer is not None
        assert answer.ok
        sound(page)


def test_what_is_wrong_with_a_form_is_told_to_everybody_and_nothing_is_lost(signed_in, records, watch):
    watch.allow("console error at /admin/forms/new: Failed to load resource: .* 422")
    page = signed_in()
    page.goto("/admin/forms/new")
    broken = EVERY_KIND.replace("clinic-feet", "feet").replace('kind = "scale"', 'kind = "ruler"')
    page.get_by_label("Or its text").fill(broken)
    press(page, page.get_by_role("button", name="Check and keep"))
    expect(page.get_by_role("heading", name="2 things to mend")).to_be_visible()
    expect(page.get_by_label("Or its text")).to_have_value(re.compile("^.*Are your feet sore", re.DOTALL))
    sound(page)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_form_is_previewed_page_by_page_and_nothing_is_kept(signed_in, records, watch, script):
    watch.allow("console error at /admin/forms/.*/preview: Failed to load resource: .* 422")
    page = signed_in(script=script, size=PHONE)
    page.goto(f"/admin/forms/{records['draft']}/preview")
    expect(page.get_by_text("Nothing you type here is kept")).to_be_visible()
    press(page, page.get_by_role("button", name="Go on: Feet"))
    hidden = page.locator("#clinic_where")
    if script:
        expect(hidden).to_be_hidden()
        page.get_by_text("Yes", exact=True).first.click()
        expect(hidden).to_be_visible()
    hidden.fill("Planted words")
    press(page, page.get_by_role("button", name="Continue", exact=True).last)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.locator("#clinic_where")).to_have_value("Planted words")
    page.get_by_label("What size do you wear?").fill("38")
    press(page, page.get_by_role("button", name="Continue", exact=True).last)
    expect(page.get_by_role("heading", name="<b>Read</b> this")).to_be_visible()
    press(page, page.get_by_role("button", name="Back", exact=True))
    expect(page.locator("#clinic_where")).to_have_value("")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_form_is_published_and_asked_for(signed_in, clinic, records, script):
    name = "clinic-with" if script else "clinic-without"
    with clinic.records() as make:
        row = str(make.clinic_form(FEET.replace("clinic-feet", name), publish=False).id)
    page = signed_in(script=script)
    page.goto(f"/admin/forms/{row}")
    press(page, page.get_by_role("button", name="Publish version 1"))
    expect(page.get_by_text("Published. Choose below which visits ask for it.")).to_be_visible()
    visits = page.locator("section[aria-labelledby=telehealth]")
    visits.get_by_role("combobox").select_option(name)
    press(page, visits.get_by_role("button", name="Add"))
    expect(visits.get_by_role("listitem").filter(has_text="Your feet").last).to_be_visible()
    press(page, visits.get_by_role("button", name="Remove").last)
    expect(visits.get_by_role("listitem").filter(has_text="Your feet")).to_have_count(0)
    if script:  # the rules are a script themselves
        sound(page)


def test_the_preview_is_as_wide_as_a_phone_at_a_desk_too(signed_in, records):
    page = signed_in()
    page.goto(f"/admin/forms/{records['draft']}/preview?at=page 1.2")
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= 400
