"""A paper form on its way back in: typed from a sheet, at a desk and on a phone, with and without script."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from intake.forms import reader
from intake.forms.paper import numbers
from intake.forms.transcript import as_on_paper
from intake.store import flags, responses
from tests.browser import doors, looking
from tests.browser.filling import press

pytestmark = pytest.mark.browser
FORM = reader.latest("intake")


@pytest.fixture
def world(clinic, watch):
    """A visit of a therapist of its own: the code of an app works once."""
    watch.allow("console error at /clinic/visits/.*/paper: Failed to load resource: .* 422")
    with clinic.records() as make:
        therapist = make.therapist()
        visit = make.visit(make.patient(birth_date=doors.BORN), therapist)
        code = make.codes[make.invitation(visit).id]
        return SimpleNamespace(email=therapist.email, visit=visit.id, code=code, name=therapist.name)


def sound(page: Page) -> None:
    if not page.evaluate("() => document.documentElement.classList.contains('js')"):
        return  # the rules are run by a script
    looking.sound(page)


def begin(page: Page, world: SimpleNamespace) -> None:
    """From the visit to the first part."""
    page.goto(f"/clinic/visits/{world.visit}")
    press(page, page.get_by_role("link", name="Type in a paper form"))
    sound(page)
    press(page, page.get_by_role("button", name="Begin"))
    sound(page)  # with everything that is missing
    page.get_by_label("When it was filled in").fill((date.today() - timedelta(days=2)).isoformat())  # noqa: DTZ011 - a day of the browser
    page.get_by_label("Who wrote on the paper").select_option("The patient")
    page.get_by_label("The paper is in front of me").check()
    press(page, page.get_by_role("button", name="Begin"))


def go_on(page: Page) -> None:
    press(page, page.locator(".buttons").get_by_role("button", name="Save and go on"))


def open_part(page: Page, name: str) -> None:
    page.goto(re.sub(r"(/check)?(\?.*)?$", "", page.url) + f"?part={name}")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_paper_form_is_typed_in_from_the_first_sheet_to_the_last(staff, patient, world, clinic, script):
    page = staff(world.email, script=script)
    begin(page, world)
    hers = patient(world.code)
    expect(hers.get_by_role("heading", level=1)).to_have_text("Your form is on paper")
    if script:
        assert looking.faults(hers, neutral=True) == []

    open_part(page, "goals")
    expect(page.get_by_text(f"{numbers(FORM)['fn_goal_top']}. ", exact=False).first).to_be_visible()
    page.locator("[name=fn_goal_top]").fill("To carry my child")
    go_on(page)
    open_part(page, "goals")
    expect(page.locator("[name=fn_goal_top]")).to_have_value("To carry my child")

    open_part(page, "warning-signs")
    page.locator("[name=rf_bleed][value=heavy]").check()
    if not script:
        go_on(page)
    expect(page.get_by_text("The patient was told nothing yet").first).to_be_visible()
    expect(page.get_by_text(f"It is on the worklist of {world.name}.").first).to_be_visible()
    sound(page)

    page.get_by_role("link", name="Check and end").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Is this what the paper says?")
    page.get_by_label("I looked at every sheet").check()
    sound(page)
    press(page, page.get_by_role("button", name="Done: this is what the paper says"))
    expect(page.get_by_text("From paper, filled in on")).to_be_visible()
    sound(page)
    hers.goto(doors.FORM)
    expect(hers.get_by_role("heading", level=1)).to_have_text("We have your paper form")
    with clinic.records() as make:
        (kept,) = responses.asked(make.session, world.visit)
        assert kept.status == responses.COMPLETED
        assert responses.answers(make.session, kept.id)["fn_goal_top"]["value"] == "To carry my child"


def test_every_part_of_the_paper_can_be_typed_in_by_everybody(staff, world, clinic):
    with clinic.records() as make:
        visit = make.session.get_one(responses.Visit, world.visit)
        paper = make.transcript(visit, answers={"sx_ok_to_ask": {"value": "yes"}})
        there = f"/clinic/transcripts/{paper.id}"
    page = staff(world.email)
    page.goto(there)
    parts = page.locator(".section-nav a").evaluate_all("links => links.map((link) => link.href)")
    assert len(parts) > len(as_on_paper(FORM).sections) / 2
    for part in parts:
        page.goto(part)
        sound(page)


def test_it_can_be_typed_in_with_the_keys_alone(staff, world, clinic):
    page = staff(world.email)
    begin(page, world)
    open_part(page, "bladder")
    page.locator("[name=bl_leak_any][value=no]").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_contain_text("Saved at")
    expect(page.locator("[name=bl_leak_when]").first).to_be_hidden()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "part=bladder" not in page.url
    with clinic.records() as make:
        (kept,) = responses.asked(make.session, world.visit)
        assert responses.answers(make.session, kept.id)["bl_leak_any"]["value"] == "no"


def handed_in(world: SimpleNamespace, clinic) -> str:
    """A paper that is in, with a sign on it."""
    with clinic.records() as make:
        visit = make.session.get_one(responses.Visit, world.visit)
        said = {"fn_goal_top": {"value": "To lift"}, "rf_bleed": {"value": "heavy"}}
        return f"/clinic/charts/intakes/{make.transcript(visit, answers=said, finished=True).id}"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_was_mistyped_is_put_right_and_both_words_stay(staff, world, clinic, script):
    page = staff(world.email, script=script)
    page.goto(handed_in(world, clinic))
    sound(page)
    press(page, page.get_by_role("button", name="Correct what was typed"))
    open_part(page, "goals")
    sound(page)
    page.locator("[name=fn_goal_top]").fill("To run")
    go_on(page)
    page.get_by_role("link", name="Check and end").click()
    page.get_by_label("Why is it corrected? One line").fill("The word was hard to read.")
    sound(page)
    press(page, page.get_by_role("button", name="Done: this is what the paper says"))
    expect(page.get_by_role("heading", name="Corrected on")).to_be_visible()
    expect(page.get_by_role("row", name="To lift")).to_contain_text("To run")
    sound(page)
    page.get_by_role("link", name="See all that was typed in first").click()
    expect(page.get_by_text("These answers do not count any more")).to_be_visible()
    sound(page)


def test_a_sheet_of_somebody_else_is_taken_out(staff, world, clinic):
    page = staff(world.email)
    page.goto(handed_in(world, clinic))
    page.get_by_role("link", name="This sheet belongs to somebody else").click()
    sound(page)
    page.get_by_label("Whose sheet is it?").select_option("Somebody else\u2019s")
    page.get_by_label("How do you know? One line").fill("Another name stands on it.")
    press(page, page.get_by_role("button", name="Take it out of this visit"))
    expect(page.get_by_text("Taken out.")).to_be_visible()
    sound(page)
    with clinic.records() as make:
        visit = make.session.get_one(responses.Visit, world.visit)
        flag = flags.of_patient(make.session, visit.patient_id)[0].id
    page.goto(f"/clinic/worklist/{flag}")
    expect(page.get_by_text("the paper it stood on was typed in in the wrong place")).to_be_visible()
    sound(page)


def test_a_sheet_of_somebody_else_is_thrown_away_while_it_is_typed_in(staff, world, clinic, watch):
    watch.allow("console error at /clinic/transcripts/.*/discard: Failed to load resource: .* 422")
    with clinic.records() as make:
        visit = make.session.get_one(responses.Visit, world.visit)
        paper = make.transcript(visit, answers={"fn_goal_top": {"value": "To lift"}}).id
    page = staff(world.email)
    page.goto(f"/clinic/transcripts/{paper}")
    sound(page)
    page.get_by_role("link", name="Not this patient").click()
    sound(page)
    press(page, page.get_by_role("button", name="Throw it away"))
    sound(page)
    page.get_by_label("Whose sheet is it?").select_option("Nobody\u2019s: there is no such paper")
    page.get_by_label("How do you know? One line").fill("A wrong click.")
    press(page, page.get_by_role("button", name="Throw it away"))
    expect(page.get_by_text("The form is the patient\u2019s again")).to_be_visible()
