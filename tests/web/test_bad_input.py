"""Whatever is sent to whatever address: a clear page, a 4xx, and nothing written."""

from __future__ import annotations

from urllib.parse import quote_plus, urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from intake.store import patients, responses
from intake.store.responses import Response
from intake.web.identity import Standing
from tests.builders import PASSWORD
from tests.forms.made import FEET, PACK
from tests.pages import born, place
from tests.rows import changed, everything
from tests.sizes import share
from tests.web.world import routes

PERSON = {"name": "Tess", "email": "tess@example.org", "credentials": "PT", "roles": "therapist"}
PATIENT = {
    "legal_name": "Rowan",
    "birth_date": "1993-04-27",
    "mobile": "555-0123",
    "mobile_safe": "safe",
    "version": "1",
}
CLINIC = {
    "name": "Fernbank",
    "phone": "555-0100",
    "address": "",
    "time_zone": "America/New_York",
    "paper": "letter",
    "invitation_days": "14",
    "retention_years": "10",
    "leave_to": "https://weather.example/",
    "emergency": "911",
    "crisis": "988",
    "maternal": "",
    "violence": "555-0177",
    "numbers_checked_on": "2026-09-01",
    "version": "1",
}
ALERTS = {
    "monday_from": "08:00",
    "monday_until": "17:00",
    "emergency_minutes": "15",
    "same_day_minutes": "60",
    "staff_mail": "y",
    "mail_name": "Office",
    "version": "1",
}
BIG = "x" * 10_000_000
# What a good page sends to each address that reads fields.
GOOD = {
    "admin.forms.publish": {"seen": "0" * 64},
    "account.sign_in.enter": {"email": "nobody@example.org", "password": "wrong on purpose, always"},
    "account.links.create": {
        "link": "y" * 43,
        "clinic_name": "F",
        "clinic_phone": "555",
        "time_zone": "UTC",
        "name": "A",
        "email": "a@example.org",
        "password": PASSWORD,
    },
    "account.links.choose": {"link": "y" * 43, "password": PASSWORD},
    "account.second.enter": {"code": "123 456"},
    "account.second.recover": {"code": "0123-4567-89AB-CDEF"},
    "account.second.passkey": {"credential": "{}"},
    "account.sign_in.passkey": {"credential": "{}"},
    "account.lock.unlock": {"password": "wrong on purpose, always"},
    "account.lock.passkey": {"credential": "{}"},
    "account.step_up.prove": {"password": "wrong on purpose, always"},
    "account.step_up.passkey": {"credential": "{}"},
    "account.password.change": {"password": "short"},
    "account.passkeys.add": {"name": "My phone", "credential": "{}"},
    "account.passkeys.rename": {"name": "My phone"},
    "account.totp.confirm": {"code": "123 456"},
    "admin.resets.approve_with_key": {"code": "0123-4567-89AB-CDEF-GHJK-MNPQ"},
    "admin.resets.keep_key": {"key": "5f1cbb0e-8b5e-4b7e-9d0a-0c5c3a6e0c11"},
    "admin.people.create": PERSON,
    "admin.people.save": {"name": "Tess", "credentials": "PT", "roles": "therapist", "version": "1"},
    "admin.settings.save": CLINIC,
    "admin.settings.name_lead": {"lead": "", "version": "1"},
    "admin.alerts.save": ALERTS,
    "admin.alerts.add_holiday": {"day": "2026-11-26", "name": "Thanksgiving"},
    "admin.alerts.remove_holiday": {"day": "2026-11-26"},
    "admin.settings.add_place": {"name": "Main Street", "address": "1 Example Street"},
    "admin.forms.create": {"text": FEET},
    "admin.codes.add": {"code": "97110", "label": "Exercise", "timed": "y", "fee": "45.00", "since": "2026-09-01"},
    "admin.codes.add_payer": {"payer": "Maple Health", "rule": "ama", "starts": "2026-09-01"},
    "clinic.codes.search": {"words": "stress"},
    "clinic.courses.record": {"act": "sent", "on": "2026-09-01", "who": "Dr. Ash Romero", "way": "fax"},
    "admin.packs.create": {"text": PACK, "measure": "", "holder": "", "until": ""},
    "admin.previews.send": {"_at": "page 1.1", "clinic_sore": "yes"},
    "admin.previews.send_ours": {"_at": "tasks", "_go": "page 1.1"},
    "admin.visit_forms.change": {"kind": "follow-up", "form": "intake", "act": "add"},
    "clinic.patients.search": {"q": "Rowan"},
    "clinic.patients.create": PATIENT,
    "clinic.patients.save": PATIENT,
    "clinic.patients.schedule": {"starts_at": "2026-09-15T09:30", "therapist": "", "location": "", "kind": "follow-up"},
    "clinic.care_team.add": {"member": "x:therapist"},
    "clinic.emergencies.search": {"name": "Rowan Invented", "birth_date": "1993-04-27"},
    "clinic.emergencies.open_chart": {
        "name": "Rowan Nobody",
        "birth_date": "1993-04-27",
        "patient": "x",
        "reason": "acute",
        "text": "She called.",
        "password": "wrong on purpose, always",
    },
    "clinic.alone.search": {"name": "Rowan Nobody", "birth_date": "1993-04-27"},
    "clinic.alone.write": {"text": "She was seen alone.", "version": "0"},
    "clinic.alone.measure": {
        "measure": "hark",
        "on": "2026-09-10",
        "source": "paper",
        "visit": "x",
        "item_1": "0",
        "total": "",
    },
    "clinic.alone.take_out": {"measurement": "x", "why": "Of somebody else.", "version": "0"},
    "kiosk.form.send": {"_at": "page 1.1", "ipv_afraid": "no"},
    "privacy.emergencies.review": {"outcome": "seen", "note": "Fine", "version": "1"},
    "privacy.trail.search": {"name": "Rowan Nobody", "birth_date": "1993-04-27", "number": ""},
    "account.phrases.save": {"word": ".kegel", "stands_for": "{n} times", "version": "0"},
    "account.phrases.remove": {"word": ".kegel", "version": "1"},
    "admin.phrases.save": {"word": ".kegel", "stands_for": "{n} times", "version": "0"},
    "admin.phrases.remove": {"word": ".kegel", "version": "1"},
    "clinic.short_forms.ask": {"form": "check-in", "measure": "bladder"},
    "clinic.measures.enter": {
        "measure": "phq-2",
        "on": "2026-09-10",
        "source": "paper",
        "visit": "x",
        "item_1": "0",
        "item_2": "0",
        "total": "",
    },
    "clinic.measures.take_out": {"text": "Another name stands on it."},
    "clinic.transcripts.start": {"form": "intake", "filled_on": "2026-09-10", "source": "paper", "in_hand": "y"},
    "clinic.transcripts.save": {"ci_pain": "3", "_part": "since", "_version": "since:1"},
    "clinic.transcripts.finish": {"looked": "y"},
    "clinic.discards.create": {"what": "no-paper", "text": "Nobody filled one in."},
    "clinic.misfilings.create": {"what": "not-hers", "visit": "", "text": "Another name stands on it."},
    "clinic.visits.slip": {"code": "0123-4567-89AB"},
    "clinic.worklist.close": {"outcome": "Called.", "version": "1"},
    "clinic.worklist.give": {"to": "x"},
    "clinic.printouts.create": {"reason": "request", "text": "She asked for it.", "paper": "letter"},
    "clinic.chart_prints.create": {"reason": "request", "text": "She asked for it.", "paper": "letter"},
    "clinic.searches.show": {"words": "scar"},
    "clinic.answers.ask": {"section": "bladder", "visit": "x"},
    "clinic.outside.create": {"kind": "contact-note", "at": "2026-09-10T09:30"},
    "clinic.notes.save": {"im_impression": "Good", "_version": "impression:1 abdomen:1 goals:1"},
    "clinic.notes.sign": {"password": "wrong on purpose, always", "draft": "0" * 64},
    "clinic.signatures.options": {"draft": "0" * 64},
    "clinic.signatures.sign": {"draft": "0" * 64, "credential": "{}"},
    "clinic.notes.add": {"text": "More", "readers": "everybody", "password": "wrong on purpose, always"},
    "clinic.requests.create": {"text": "That is not so.", "readers": "everybody", "received_on": "2026-09-10"},
    "clinic.requests.extend": {"reason": "The author is away."},
    "clinic.requests.accept": {
        "question": "im_impression",
        "old": "",
        "new": "Better",
        "reason": "So it is",
        "readers": "everybody",
        "password": "wrong on purpose, always",
    },
    "clinic.requests.deny": {
        "ground": "accurate",
        "reason": "It is so.",
        "readers": "therapists",
        "password": "wrong on purpose, always",
    },
    "clinic.requests.disagree": {
        "text": "It is not so.",
        "readers": "everybody",
        "password": "wrong on purpose, always",
    },
    "clinic.errata.create": {
        "question": "im_impression",
        "old": "",
        "new": "Better",
        "reason": "Slip",
        "password": "wrong on purpose, always",
    },
    "clinic.errata.add_late": {
        "text": "More",
        "reason": "Busy",
        "source": "memory",
        "readers": "everybody",
        "password": "wrong on purpose, always",
    },
    "clinic.notes.cosign": {"password": "wrong on purpose, always", "draft": "0" * 64},
    "clinic.plans.save": {"cp_habits": "Walk", "_version": "habits:1 program:1 topics:1"},
    "clinic.plans.issue": {"paper": "letter", "sure": "y"},
}
# The patient's form has one address: each kind of page it has is sent from its place.
PLACES = {
    "patient.form.send start": {"code": "0123-4567-89AB", **born()},
    "patient.form.send page": {"fn_goal_top": "Run", "_version": "goals:2"},
    "patient.form.send message": {"reply": "read"},
    "patient.form.send check": {"signer": "Rowan Invented"},
    "patient.form.send tasks": {"_go": "check"},
    "patient.form.send alone": {"_action": "alone"},
}
STANDS_AT = {
    "start": "start",
    "page": place("fn_goal_top"),
    "message": "message 2.2",
    "check": "check",
    "tasks": "tasks",
    "alone": "alone",
}
GOOD |= {name: {"_at": STANDS_AT[name.rpartition(" ")[2]], **fields} for name, fields in PLACES.items()}
DRAFTS = dict.fromkeys(
    ("clinic.notes.save", "clinic.plans.save", "clinic.transcripts.save", "patient.form.send page"),
    frozenset({"response_sections", "logins"}),
)
MOVES = frozenset({"logins"})  # where she is
URLENCODED = "application/x-www-form-urlencoded"
# They read no field: whatever else a page sends is not looked at.
BUTTONS = {
    *(
        "account.sign_in.leave",
        "account.sign_in.options",
        "account.second.options",
        "account.lock.options",
        "account.lock.now",
        "account.step_up.options",
        "account.kept.discard",
        "account.overview.end",
        "account.overview.end_others",
        "account.passkeys.options",
        "account.passkeys.remove",
        "account.totp.propose",
        "account.totp.remove",
        "account.recovery.make",
        "admin.resets.ask",
        "admin.resets.approve",
        "admin.resets.drop",
        "admin.resets.offer_key",
        "admin.people.password",
        "admin.people.switch",
        "admin.forms.retire",
        "admin.forms.discard",
        "admin.codes.stop",
        "clinic.courses.take_back",
        "clinic.visits.invite",
        "clinic.visits.revoke",
        "clinic.transcripts.hand_back",
        "clinic.corrections.start",
        "clinic.corrections.leave",
        "clinic.visits.mail",
        "admin.alerts.put_away",
        "admin.alerts.try_again",
        "clinic.care_team.end",
        "clinic.emergencies.end",
    ),
    *(
        "clinic.visits.cancel",
        "clinic.handovers.start",
        "clinic.handovers.end",
        "clinic.alone.read",
        "kiosk.leave.go",
        "clinic.worklist.acknowledge",
        "clinic.answers.mark",
        "clinic.answers.withdraw",
        "clinic.notes.start",
        "clinic.plans.start",
        "patient.leave.go",
    ),
}
ABOUT_SIGNED = {"clinic.notes.add", "clinic.requests.create"}
LONG, NUL, BIDI = "x" * 10_000, "a%00b", "a%E2%80%AEb"
TEXTS = {
    *(
        "email",
        "clinic_name",
        "clinic_phone",
        "time_zone",
        "name",
        "credentials",
        "phone",
        "address",
        "leave_to",
        "emergency",
        "mail_name",
    ),
    *(
        "legal_name",
        "mobile",
        "code",
        "outcome",
        "im_impression",
        "text",
        "cp_habits",
        "fn_goal_top",
        "signer",
        "note",
        "stands_for",
        "birth_date.year",
    ),
}
WRONG = {
    "clinic.notes.save": [
        {"ab_tension": "no-such-code"},
        {"goal.count": "-1"},
        {"goal.count": "500"},
        {"goal.count": "9" * 5000},
        {"goal.count": "1", "goal.0.surprise": "x", "goal.0.goal_text": ""},
        {"im_healing": "1e999"},
        {"im_healing": "NaN"},
        {"_version": ""},
        {"_version": "impression:-1"},
        {"_version": "impression:999"},
        {"im_factors.status": "declined"},
    ],
    "account.phrases.save": [{"word": "kegel"}, {"version": ""}, {"version": "7"}, {"stands_for": ""}],
    "account.phrases.remove": [{"version": ""}, {"version": "x"}, {"word": ""}],
    "admin.phrases.save": [{"word": ".a b"}, {"version": "7"}],
    "clinic.transcripts.start": [
        {"filled_on": "2030-01-01"},
        {"filled_on": "1926-09-10"},
        {"filled_on": "x"},
        {"source": "self"},
        {"form": "safety"},
        {"in_hand": ""},
    ],
    "clinic.transcripts.save": [
        {"_part": "nowhere"},
        {"_part": ""},
        {"_version": ""},
        {"_version": "since:999"},
        {"pre_private": "yes"},
        {"rf_bleed": "heavy"},
        {"ci_pain": "11"},
        {"ci_pain.status": "no-such-status"},
    ],
    "clinic.transcripts.finish": [{"signer": "Rowan"}, {"signed": "perhaps"}],
    "clinic.discards.create": [{"what": "x"}, {"what": "corrected"}, {"text": ""}],
    "clinic.misfilings.create": [{"what": "x"}, {"text": ""}, {"visit": "x"}],
    "clinic.plans.save": [
        {"cp_topics": "no-such-topic"},
        {"cp_exercises.count": "500"},
        {"_version": ""},
        {"_version": "habits:999"},
    ],
    "clinic.plans.issue": [{"paper": "a3"}, {"sure": ""}],
    "patient.form.send page": [
        {"fn_psfs.count": "500"},
        {"fn_psfs.count": "-1"},
        {"_version": ""},
        {"_version": "goals:x"},
        {"_version": "goals:999"},
        {"fn_goal_top.status": "declined"},
        {"fn_goal_top.status": "no-such-status"},
        {"rf_bleed": "heavy"},
    ],
    "patient.form.send message": [{"reply": "whatever"}, {"reply": ""}],
    "admin.people.create": [{"roles": "owner"}, {"roles": ""}, {"email": "nobody"}],
    "admin.people.save": [{"roles": "owner"}, {"version": "-1"}, {"version": "x"}],
    "admin.forms.create": [{"text": ""}, {"text": "title = ["}, {"text": FEET.replace("clinic-feet", "intake")}],
    "admin.previews.send_ours": [
        {"_at": "nowhere"},
        {"_at": "page 99.9"},
        {"_go": "page 99.9"},
        {"_at": "page 1.1", "x": "y"},
    ],
    "admin.previews.send": [{"_at": "nowhere"}, {"_at": "page 9.9"}, {"clinic_sore": "perhaps"}, {"_go": "page 9.9"}],
    "admin.codes.add": [{"code": "exercise"}, {"fee": "lots"}, {"since": "2026-02-30"}, {"label": ""}],
    "admin.codes.add_payer": [{"rule": "best"}, {"payer": ""}],
    "clinic.courses.record": [{"act": "first"}, {"act": "ended"}, {"on": "2999-01-01"}, {"on": ""}, {"way": "pigeon"}],
    "admin.visit_forms.change": [{"kind": "birthday"}, {"act": "explode"}],
    "admin.settings.save": [
        {"version": "-1"},
        {"version": "9" * 5000},
        {"paper": "a3"},
        {"invitation_days": "-1"},
        {"leave_to": "javascript:x"},
    ],
    "admin.alerts.save": [
        {"version": "-1"},
        {"monday_from": "17:00", "monday_until": "08:00"},
        {"monday_until": ""},
        {"monday_from": "25:00"},
        {"emergency_minutes": "0"},
        {"same_day_minutes": "9" * 5000},
        {"person_0": "5f1cbb0e-8b5e-4b7e-9d0a-0c5c3a6e0c11"},
        {"person_9": ""},
    ],
    "admin.alerts.add_holiday": [{"day": "2026-02-30"}, {"day": ""}, {"name": ""}],
    "clinic.patients.save": [{"version": "-1"}, {"mobile_safe": "perhaps"}],
    "clinic.worklist.close": [{"version": "-1"}, {"version": ""}],
}


def encoded(fields, **raw):
    """A body; `raw` values are percent-encoded already."""
    return "&".join([urlencode(fields, doseq=True), *(f"{quote_plus(name)}={value}" for name, value in raw.items())])


def abuses(endpoint):
    """(what it is, body without the token) for one address."""
    good = GOOD.get(endpoint, {})
    yield "10 MB", f"{encoded(good)}&comment={BIG}"
    if endpoint in BUTTONS:
        return
    yield "an unknown field", encoded({**good, "surprise": "x"})
    yield "5,000 fields", encoded({**good, **{f"surprise{number}": "x" for number in range(5000)}})
    for name in good:
        if name in {"roles", "_version"}:
            continue
        yield f"{name} twice", encoded({**good, name: [good[name], good[name]]})
    for name in TEXTS & set(good):
        others = {key: value for key, value in good.items() if key != name}
        for what, text in (("a word of 10,000 letters", LONG), ("NUL", NUL), ("bidi", BIDI)):
            yield f"{what} in {name}", encoded(others, **{name: text})
    for wrong in WRONG.get(endpoint, ()):
        yield repr(wrong)[:80], encoded({**good, **wrong})


def test_every_address_that_takes_a_page_is_tried(app):
    assert {rule.endpoint for rule in routes(app, "POST")} == {name.partition(" ")[0] for name in GOOD} | BUTTONS


@pytest.mark.dear
@pytest.mark.parametrize("audience", ["account", "admin", "clinic", "patient", "kiosk", "privacy"])
def test_bad_input_gets_a_clear_page_and_writes_nothing(
    app, client, new_client, sign_in, enter, world, session, audience, backend
):
    faults = []
    for rule, kind in share(kinds(app, audience), backend):
        browser = let_in(kind, world, new_client(), sign_in, enter, standings_of(app, rule))
        final = {"note_id": world.ids["signed_note"]} if rule.endpoint in ABOUT_SIGNED else {}
        url, before = world.address(rule, **final), everything(session)
        kept = beside_the_good(session, GOOD.get(kind, {}))
        for what, body in abuses(kind):
            sent = f"csrf_token={browser.token}&{body}"
            answer = FlaskClient.open(browser, url, method="POST", data=sent, content_type=URLENCODED)
            if not 400 <= answer.status_code < 500 or not (answer.text and "Traceback" not in answer.text):
                faults.append(f"{kind}: {what}: {answer.status_code}")
        # A page of a form keeps its good values whatever is wrong with another; that is looked at below.
        if (
            tables := changed(before, everything(session))
            - {"audit", "audit_head"}
            - DRAFTS.get(kind, MOVES if audience == "patient" else frozenset())
        ):
            faults.append(f"{kind} wrote to {tables}")
        if lost := beside_the_good(session, GOOD.get(kind, {})) - kept:
            faults.append(f"{kind} kept {lost}")
    assert not faults, "\n".join(faults)


def kinds(app, audience):
    """(route, name in GOOD or the endpoint) of every page an audience can send."""
    for rule in routes(app, "POST"):
        if rule.endpoint.startswith(f"{audience}."):
            named = [name for name in GOOD if name.partition(" ")[0] == rule.endpoint]
            yield from ((rule, kind) for kind in named or [rule.endpoint])


def beside_the_good(session, good):
    """Every stored answer but those to the fields of a good page; a field the page lacks is skipped by right.

    Goals of a kept page are numbered, so one that was kept without its number looks changed.
    """
    rows = [responses.answers(session, response_id) for response_id in session.scalars(select(Response.id))]
    session.rollback()
    return {
        f"{name}: {unnumbered(answer) if name == 'goal' else answer}"
        for row in rows
        for name, answer in row.items()
        if name not in good and answer.get("status") != "skipped"
    }


def unnumbered(goals):
    """What the goals say."""
    return [{name: said for name, said in each.items() if name != "goal_number"} for each in goals.get("value", ())]


def standings_of(app, rule):
    return getattr(app.view_functions[rule.endpoint], "standings", ())


def let_in(endpoint, world, browser, sign_in, enter, standings):
    user = world.who_may(endpoint)
    if user is not None:
        sign_in(user, browser)
        browser.get("/sign-in")
    elif endpoint.startswith("patient.") and not endpoint.endswith(" start"):
        enter(world.invitation, browser).get("/f")
    elif endpoint == "kiosk.form.send":
        with browser.session_transaction() as cookie:
            cookie["kiosk"] = world.device
        browser.get("/here")
    elif Standing.SECOND in standings and Standing.FULL not in standings:
        browser.submit("/sign-in", {"email": world.therapist.email, "password": PASSWORD})
        browser.get("/sign-in/second")
    elif endpoint.startswith("account.") and not endpoint.startswith(("account.links.", "account.sign_in.")):
        sign_in(world.therapist, browser).get("/clinic")
        if endpoint == "account.totp.confirm":
            browser.submit("/account/authenticator/new")  # there is a new app to confirm
        if Standing.FULL not in standings and Standing.LOCKED in standings:
            browser.post("/lock/now", data={"csrf_token": browser.token})
            browser.get("/lock")
    elif endpoint == "account.sign_in.leave":
        sign_in(world.therapist, browser).get("/clinic")
    else:
        browser.get("/sign-in")
    return browser


def test_bytes_that_are_no_text_are_kept_as_they_were_written_or_refused_and_never_break(
    client, make, sign_in, session
):
    sign_in(make.front_desk())
    client.get("/clinic/patients/new")
    for broken in ("%ED%A0%80", "%FF", "%C3", "%ED%A0%80%ED%B0%80"):
        body = f"csrf_token={client.token}&{encoded(PATIENT, name_used=broken)}&another=yes"
        sent = client.post("/clinic/patients/new", data=body, content_type=URLENCODED)
        assert sent.status_code in {303, 400, 422}
        client.get("/clinic/patients")
    kept = [patient.name_used for patient in patients.search(session, "").patients]
    assert not [name for name in kept if any("\ud800" <= letter <= "\udfff" for letter in name)]


def test_a_body_in_many_parts_or_none_at_all_is_refused(client, make, sign_in, session):
    sign_in(make.front_desk())
    client.get("/clinic/patients/new")
    before = everything(session)
    for data, kind in (
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b'{"legal_name": "Rowan"}', "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "text/plain"),
    ):
        assert client.post("/clinic/patients/new", data=data, content_type=kind).status_code == 400
    parts = {f"surprise{number}": "x" for number in range(3000)} | {"csrf_token": client.token}
    assert client.post("/clinic/patients/new", data=parts, content_type="multipart/form-data").status_code == 413
    assert changed(before, everything(session)) == set()


def test_what_was_typed_is_shown_again_where_it_cannot_be_kept(client, make, sign_in):
    sign_in(make.front_desk())
    page = client.submit(
        "/clinic/patients/new", {**PATIENT, "legal_name": "Rowan Marzipan", "birth_date": "1993-02-31"}
    )
    assert page.status_code == 422
    assert 'value="Rowan Marzipan"' in page.text
