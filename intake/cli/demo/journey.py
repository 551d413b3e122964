"""The main job, once, through the web layer: invitation, intake, note, signature, plan, paper."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, datetime

from flask import Flask

from intake.cli.demo import people
from intake.cli.demo.answers import Typed, typed
from intake.cli.demo.walker import PLACE, StuckError, Walker
from intake.forms import reader
from intake.forms.disclosure import ALONE
from intake.forms.model import Kind

Report = Callable[[str], None]
LINK = re.compile(r"/f#([0-9A-Z-]{14})")
FORM, HERE = "/f", "/here"
MOST_PAGES = 120


def invite(desk: Walker, name: str, born: date, starts_at: datetime) -> str:
    """The front desk adds a patient and a visit and makes an invitation: its access code."""
    desk.open("/clinic/patients/new")
    contact = {
        "mobile": "555 0199",
        "mobile_safe": "safe",
        "email": "sample@fernleaf.example",
        "email_safe": "not-safe",
    }
    desk.submit("/clinic/patients/new", {"legal_name": name, "birth_date": born.isoformat(), **contact})
    book(desk, desk.path, starts_at, "initial-evaluation")
    desk.submit(f"{desk.path}/invitations", {})
    found = LINK.search(desk.page)
    if found is None:
        raise StuckError(desk.path, "no invitation link on the page")
    return found[1]


def book(desk: Walker, patient: str, starts_at: datetime, kind: str) -> str:
    """The front desk adds a visit on the page of a patient: the visit's own path."""
    desk.open(patient)
    choices = {field: _first_choice(desk.page, field) for field in ("therapist", "location")}
    desk.submit(f"{patient}/visits", {"starts_at": f"{starts_at:%Y-%m-%dT%H:%M}", "kind": kind, **choices})
    return desk.path


def _first_choice(page: str, field: str) -> str:
    menu = re.search(rf'<select[^>]*name="{field}".*?</select>', page, re.DOTALL)
    values = re.findall(r'value="([0-9a-f-]{36})"', menu[0]) if menu else []
    if not values:
        raise StuckError(field, "nothing to choose from")
    return str(values[0])


def enter(app: Flask, code: str, born: date) -> Walker:
    """A patient after giving the code and the birth date."""
    patient = Walker.of(app)
    patient.open(FORM)
    patient.submit(FORM, {"code": code, **people.day("birth_date", born)})
    return patient


def answer(patient: Walker, own: Typed, report: Report = lambda _line: None) -> None:
    """Go through the form page by page until the check, reading every warning on the way."""
    form = reader.latest("intake")
    patient.submit(FORM, {"_go": "page 1.1"})
    for _page in range(MOST_PAGES):
        view, _blank, page = patient.place.partition(" ")
        if view == "check":
            return
        if view == "message":
            patient.submit(FORM, {"reply": "read"})
            continue
        section, number = (int(part) for part in page.split("."))
        report(f"part {section} of {len(form.sections)}")
        asked = [q for q in form.sections[section - 1].pages[number - 1].questions if q.id in patient.roots]
        patient.submit(FORM, _shown_only(typed(asked, own), patient.roots))
    raise StuckError(patient.place, f"still not at the end after {MOST_PAGES} pages")


def _shown_only(fields: Typed, roots: frozenset[str]) -> Typed:
    return {name: value for name, value in fields.items() if name.partition(".")[0] in roots}


def hand_in(patient: Walker, name: str) -> None:
    """Sign and send."""
    patient.submit(FORM, {"signer": name})
    if patient.place != "done":
        raise StuckError(patient.place, "not handed in")


def ask_alone(therapist: Walker, visit: str) -> None:
    """Hand the device over for a visit, which signs the therapist out on it, and answer as plainly as can be."""
    therapist.open(f"/clinic/visits/{visit}")
    therapist.submit(f"/clinic/visits/{visit}/handover", {})
    form = reader.latest(ALONE)
    for section in form.sections:
        for page in section.pages:
            therapist.submit(HERE, {q.id: "no" for q in page.questions if q.kind is Kind.YES_NO})
    therapist.submit(HERE, {})
    if PLACE.search(therapist.page):
        raise StuckError(therapist.path, "the form that is answered alone did not come to its end")


def patient_id(staff: Walker, name: str) -> str:
    """The id of a patient, found in the list of people."""
    staff.open("/clinic/patients")
    staff.submit("/clinic/patients", {"q": name})
    found = re.search(r"/clinic/patients/([0-9a-f-]{36})", staff.page)
    if found is None:
        raise StuckError(staff.path, f"{name} is not in the list")
    return found[1]


def note_start(therapist: Walker, name: str) -> str:
    """The address that starts a note for a patient's visit, found by way of the list of people and the chart."""
    therapist.open(f"/clinic/charts/{patient_id(therapist, name)}")
    found = re.search(r"/clinic/notes/visits/[0-9a-f-]{36}", therapist.page)
    if found is None:
        raise StuckError(therapist.path, "no button to start a note")
    return found[0]


def write_note(therapist: Walker, visit_path: str, today: date) -> str:
    """Start a note for a visit, record consent, findings, impression and goals: the note's path."""
    return write(therapist, visit_path, "", people.consent() | people.findings(today))


def write(therapist: Walker, visit_path: str, kind: str, says: Typed) -> str:
    """Start a note of a kind, the likeliest where none is named, and say this in it: the note's path.

    What is asked only after consent is not on the page before it, so everything is sent twice.
    """
    therapist.submit(visit_path, {"kind": kind} if kind else {})
    path = therapist.path
    for _time in range(2):
        therapist.submit(path, kept(therapist.page, says))
        therapist.open(path)
    return path


def kept(page: str, fields: Typed) -> Typed:
    """The fields of the page with the texts that stand in it: an empty box would clear them."""
    said = {
        html.unescape(name): html.unescape(text)
        for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    }
    roots = set(re.findall(r'name="([^".]+)', page))
    return {**said, **{name: value for name, value in fields.items() if name.partition(".")[0] in roots}}


def sign(therapist: Walker, note: str, password: str) -> None:
    """Sign the note."""
    page = therapist.open(f"{note}/sign")
    read = re.search(r'name="draft"[^>]*value="([0-9a-f]{64})"', page)
    if read is None:
        raise StuckError(therapist.path, "nothing to sign on the page")
    therapist.submit(f"{note}/sign", {"password": password, "draft": read[1]})


def make_plan(therapist: Walker, note: str) -> str:
    """Make, fill and issue a care plan: the path of its document."""
    therapist.open(note)
    therapist.submit(f"/clinic/plans/notes/{note.rpartition('/')[2]}", {})
    path = therapist.path
    fields = people.plan() | _goals(therapist.page)
    therapist.submit(path, kept(therapist.page, fields))
    therapist.open(path)
    therapist.submit(f"{path}/issue", {"paper": "letter", "sure": "y"})
    found = re.search(r"/clinic/plans/documents/[0-9a-f-]{36}", therapist.page)
    if found is None:
        raise StuckError(path, "no document on the page")
    return found[0]


def _goals(page: str) -> Typed:
    """The goals that were carried over from the note, as the page shows them."""
    inputs = re.findall(r"<input[^>]*>", page)
    fields: Typed = {}
    for tag in inputs:
        name = re.search(r'name="(cp_goals[^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and value:
            fields[name[1]] = html.unescape(value[1])
    return fields
