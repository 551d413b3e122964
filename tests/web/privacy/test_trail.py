"""The privacy lead sees who opened what, line by line, and whether the trail holds."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from intake.clinical.chart_numbers import chart_number
from intake.store import audit, checkpoints, emergencies, shreds
from intake.store.checkpoints import AuditCheckpoint
from intake.store.lines import AuditEvent
from intake.web.privacy import trail
from tests.sizes import size, tell

LOOKS = size(60, 600)
ROW = re.compile(r"<tr>\s*<td>.*?</tr>", re.DOTALL)
OLDER = re.compile(r'href="([^"]+)" rel="next"')
TRAIL = "/privacy/trail"


@pytest.fixture
def lead(make):
    return make.privacy_lead(name="Nell Invented")


@pytest.fixture
def reader(client, sign_in, lead):
    return sign_in(lead)


def rows(page):
    """The lines of a page as plain text."""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in ROW.findall(page)]


def look(session, who, patient, action="read.read-chart", **more):
    audit.record(session, action, **{"actor": who, "subject": patient, "patient_id": patient.id, **more})
    session.commit()


def test_a_line_says_when_who_what_whose_and_which_parts(clock, reader, make, session):
    therapist = make.therapist(name="Ada Example")
    patient = make.patient(legal_name="Rowan Invented")
    look(session, therapist, patient, now=make.now, categories=("care", "sensitive"))
    newest = rows(reader.get(TRAIL).text)[0]
    number = chart_number(patient.id)
    assert newest == f"Sep 15, 2026, 12:00 PM Ada Example Therapist Opened the chart RI {number} care, private part"


def test_the_names_are_those_of_today_and_the_lines_hold_none(reader, make, session):
    therapist, patient = make.therapist(name="Quillbrook Before"), make.patient()
    look(session, therapist, patient, now=make.now)
    therapist.name = "Quillbrook After"
    session.commit()
    page = reader.get(TRAIL).text
    assert "Quillbrook After" in rows(page)[0]
    assert "Quillbrook Before" not in page
    assert not [line for line in session.scalars(select(AuditEvent)) if "Quillbrook" in str(vars(line))]


def test_looking_at_the_report_is_a_line_of_its_own(reader, make, session, lead):
    patient = make.patient()
    reader.get(TRAIL)
    reader.get(f"{TRAIL}/{patient.id}")
    reader.submit(TRAIL, {"name": patient.legal_name, "birth_date": patient.birth_date.isoformat()})
    mine = session.scalars(select(AuditEvent).where(AuditEvent.actor_id == lead.id).order_by(AuditEvent.seq)).all()
    looks = [(line.action, line.patient_id) for line in mine if line.action.startswith("read.")]
    assert looks[:2] == [("read.read-audit", None), ("read.read-audit", patient.id)]
    assert len(looks) == 4  # the search, and the page its form stands on
    assert "Looked through the audit trail" in rows(reader.get(TRAIL).text)[0]


@pytest.mark.parametrize("role", ["therapist", "assistant", "front-desk", "admin"])
def test_nobody_else_gets_in(client, sign_in, make, role):
    patient = make.patient()
    sign_in(make.user(role))
    assert client.get(TRAIL).status_code == 404
    assert client.get(f"{TRAIL}/{patient.id}").status_code == 404
    assert TRAIL not in client.get("/", follow_redirects=True).text


# ---------------------------------------------------------------- looking for lines


@pytest.fixture
def day(clock, make, session):
    """Two people and two patients, a look each in an hour of its own."""
    ada, ben = make.therapist(name="Ada Example"), make.therapist(name="Ben Example")
    rowan = make.patient(legal_name="Rowan Invented", birth_date=date(1993, 4, 27))
    sky = make.patient(legal_name="Sky Example", birth_date=date(1990, 1, 2))
    for who in (ada, ben):
        for patient in (rowan, sky):
            look(session, who, patient, now=make.now)
            clock.shift(timedelta(days=1))
    audit.record(session, "access.denied", now=make.now, actor=ben, outcome="denied", reason="read-note")
    session.commit()
    return {"ada": ada, "ben": ben, "rowan": rowan, "sky": sky}


def charts(page):
    """(who, initials) of the charts that were opened."""
    found = (re.search(r"(Ada|Ben) Example .*Opened the chart (\w+)", row) for row in rows(page))
    return [match.groups() for match in found if match]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [("Ben", "SE"), ("Ben", "RI"), ("Ada", "SE"), ("Ada", "RI")]),
        ("who={ada}", [("Ada", "SE"), ("Ada", "RI")]),
        ("since=2026-09-17", [("Ben", "SE"), ("Ben", "RI")]),
        ("until=2026-09-16", [("Ada", "SE"), ("Ada", "RI")]),
        ("since=2026-09-16&until=2026-09-17", [("Ben", "RI"), ("Ada", "SE")]),
        ("kind=read&who={ben}", [("Ben", "SE"), ("Ben", "RI")]),
        ("kind=sign-in", []),
    ],
)
def test_lines_are_found_by_person_time_and_kind(day, reader, query, found):
    assert charts(reader.get(f"{TRAIL}?{query.format(ada=day['ada'].id, ben=day['ben'].id)}").text) == found


def test_refusals_are_a_kind_of_their_own(day, reader):
    page = reader.get(f"{TRAIL}?kind=warning").text
    assert any("Ben Example" in row and "Asked for something that is not theirs refused" in row for row in rows(page))
    assert charts(page) == []


def test_a_condition_that_fits_nothing_is_said_plainly(day, reader):
    page = reader.get(f"{TRAIL}?since=2030-01-01").text
    assert "No line fits." in page


@pytest.mark.parametrize(
    "wrong", ["since=tomorrow", "until=2026-02-30", "who=nobody", "kind=everything", "before=x", "before=-1",
              "before=" + "9" * 30, "since=2026-09-17&until=2026-09-16"],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_pointed_out_and_shows_what_was_typed(day, reader, wrong):
    answer = reader.get(f"{TRAIL}?{wrong}")
    assert answer.status_code == 422
    assert "Error:" in answer.text


@pytest.mark.parametrize("typed", ["two identifiers", "number", "number in small letters", "id"])
def test_the_lines_about_one_patient_are_found_by_two_identifiers_or_the_chart_number(day, reader, typed):
    rowan = day["rowan"]
    sent = {
        "two identifiers": {"name": "rowan invented", "birth_date": "1993-04-27"},
        "number": {"number": chart_number(rowan.id)},
        "number in small letters": {"number": f" {rowan.id.hex[:8]} "},
        "id": {"number": str(rowan.id)},
    }[typed]
    answer = reader.submit(TRAIL, sent)
    assert (answer.status_code, answer.location) == (303, f"{TRAIL}/{rowan.id}")
    page = reader.get(answer.location).text
    assert charts(page) == [("Ben", "RI"), ("Ada", "RI")]
    assert "Rowan Invented" in page
    assert charts(reader.get(f"{answer.location}?who={day['ada'].id}").text) == [("Ada", "RI")]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"name": "Rowan Invented"}, 422), ({"birth_date": "1993-04-27"}, 422), ({}, 422), ({"number": "xyz"}, 422),
        ({"name": "Rowan Invented", "birth_date": "1993-04-28"}, 404), ({"number": "0000-0000"}, 404),
    ],
)  # fmt: skip
def test_less_than_two_identifiers_find_nobody(day, reader, sent, status):
    answer = reader.submit(TRAIL, sent)
    assert answer.status_code == status
    assert f"{TRAIL}/{day['rowan'].id}?" not in answer.text


def test_two_patients_who_share_both_are_told_apart_by_their_numbers(day, reader, make):
    twin = make.patient(legal_name="Rowan Invented", birth_date=date(1993, 4, 27))
    page = reader.submit(TRAIL, {"name": "Rowan Invented", "birth_date": "1993-04-27"}).text
    for patient in (twin, day["rowan"]):
        assert f'<a href="{TRAIL}/{patient.id}">RI, {chart_number(patient.id)}</a>' in page


# ---------------------------------------------------------------- nothing is left out


def paged(reader, query=""):
    """Every line of the report, page after page."""
    url, found = f"{TRAIL}?{query}", []
    for _page in range(LOOKS):
        page = reader.get(url).text
        found += rows(page)
        if not (older := OLDER.search(page)):
            return found
        url = older[1].replace("&amp;", "&")
    raise AssertionError(url)


@pytest.fixture
def snooping(make, session):
    """A day on which somebody went through the charts of strangers, among the looks of everybody else."""
    curious, others = make.therapist(name="Cory Curious"), [make.therapist(name=f"Pat Busy {n}") for n in range(3)]
    charts = [make.patient() for _number in range(8)]
    for number in range(LOOKS):
        who = curious if number % 3 == 0 else others[number % len(others)]
        look(session, who, charts[number % len(charts)], now=make.now, reason=f"look {number}")
    return curious


def missed(reader, curious):
    return -(-LOOKS // 3) - sum("Cory Curious" in row for row in paged(reader, f"who={curious.id}"))


def test_whoever_goes_through_strangers_charts_is_found_with_every_look(reader, snooping, backend):
    found = missed(reader, snooping)
    tell(f"SNOOP {backend}: {-(-LOOKS // 3)} looks of one person among {LOOKS}, {found} missed")
    assert found == 0
    assert sum("Opened the chart" in row for row in paged(reader)) == LOOKS


def test_a_report_that_skips_a_line_between_two_pages_would_be_noticed(reader, snooping, monkeypatch):
    """The planted fault: the next page starts a few lines too late."""
    monkeypatch.setattr(trail, "MOST_SHOWN", 5)
    page = trail.report.page
    monkeypatch.setattr(
        trail.report, "page", lambda s, asked, most, before=None: page(s, asked, most, before and before - 3)
    )
    assert missed(reader, snooping) > 0


# ---------------------------------------------------------------- whether it holds


def state(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index('id="state-title"') :].split("</section>")[0]).split())


def test_before_anybody_tested_it_the_page_says_so(reader):
    assert "Last test never yet Last checkpoint none yet" in state(reader.get(TRAIL).text)


def test_the_last_test_and_the_last_checkpoint_are_shown(clock, reader, make, session):
    audit.record(session, checkpoints.VERIFIED, now=make.now, outcome="good", reason="9 lines")
    kept = AuditCheckpoint(instance="x", seq=9, hash=bytes(32), signed_at=make.now, signature=bytes(64))
    kept.receipts = {"file": "kept", "mail": "failed"}
    session.add(kept)
    session.commit()
    said = state(reader.get(TRAIL).text)
    assert "Last test holds Sep 15, 2026, 12:00 PM (9 lines)" in said
    assert "line 9, Sep 15, 2026, 12:00 PM file: kept , mail: failed" in said or "file: kept, mail: failed" in said
    audit.record(session, checkpoints.VERIFIED, now=make.now, outcome="alone", reason="9 lines, nothing compared")
    session.commit()
    said = state(reader.get(TRAIL).text)
    assert "nothing to compare with Sep 15, 2026, 12:00 PM (9 lines, nothing compared)" in said
    audit.record(session, checkpoints.VERIFIED, now=make.now, outcome="broken", reason="hash at 4")
    session.commit()
    assert "does not hold" in state(reader.get(TRAIL).text)


def test_emergencies_that_wait_are_one_link_away(reader, make, session):
    assert "No emergency waits for your look" in reader.get(TRAIL).text
    make.emergency(make.patient())
    assert '<a href="/privacy/emergency">1 emergency waits for your look</a>' in reader.get(TRAIL).text
    assert len(emergencies.to_review(session)) == 1


def test_a_patient_whose_keys_were_destroyed_does_not_stop_the_report(reader, make, session):
    patient = make.patient()
    look(session, make.therapist(), patient, now=make.now)
    shreds.destroy(session, patient.id, make.now)
    session.commit()
    page = reader.submit(TRAIL, {"number": chart_number(patient.id)}, follow_redirects=True).text
    assert chart_number(patient.id) in rows(page)[1]
    assert "(erased)" in page
