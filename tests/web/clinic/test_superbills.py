"""What a signed visit is billed with: page, table, document; nothing above the care tier unless it was ticked."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from intake.clinical import additions
from intake.clinical.additions import Change
from intake.clinical.coding import files
from intake.clinical.coding.codes import Code
from intake.store import audit, codes
from tests.tampering import damage

DX = {"dx": {"value": [{"dx_code": {"value": "N94.11 Superficial (introital) dyspareunia"}}]}}
PR = {
    "pr": {
        "value": [
            {"pr_code": {"value": "97110 Exercise"}, "pr_minutes": {"value": {"number": "33", "unit": "min"}}},
            {"pr_code": {"value": "97140 Manual"}, "pr_minutes": {"value": {"number": "7", "unit": "min"}}},
            {"pr_code": {"value": "99999 Nobody"}, "pr_minutes": {"value": {"number": "5", "unit": "min"}}},
        ]
    },
    "pr_total": {"value": {"number": "45", "unit": "min"}},
}


def apart(bill, code="F52.0 Hypoactive sexual desire disorder"):
    entry = {"dxa_code": {"value": code}, "dxa_bill": {"value": bill}, "dxa_confidential": {"value": "wanted"}}
    return {"dx_apart": {"value": [entry]}}


@pytest.fixture
def billed(make, session):
    def made(*parts, visit=None, form="assessment"):
        found = [
            Code(c, t, date(2026, 1, 1), timed=True, fee=4500) for c, t in (("97110", "Exercise"), ("97140", "Manual"))
        ]
        codes.load(session, codes.PROCEDURE, found, by=None, now=make.now)
        session.commit()
        answers = {name: answer for part in parts for name, answer in part.items()}
        return make.note(visit, answers=answers, signed=True, form=form)

    return made


def url(note, more=""):
    return f"/clinic/notes/{note.id}/superbill{more}"


def rows(client, note):
    return list(csv.DictReader(io.StringIO(client.get(url(note, "/table")).data.decode("utf-8-sig"))))


def printed(client, note, paper="letter"):
    answer = client.get(url(note, f"/{paper}"))
    assert answer.mimetype == "application/pdf"
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_a_signed_visit_is_billed_with_units_and_charges(client, sign_in, billed):
    note = billed(DX, PR)
    sign_in(note.author)
    page = client.get(url(note)).text
    assert "N94.11" in page
    assert "All charges: 135.00" in page
    assert "Not billed, because the list of the clinic has no such code on this day: 99999." in page
    assert [(row["kind"], row["code"], row["units"], row["charge"]) for row in rows(client, note)] == [
        ("diagnosis", "N94.11", "", ""), ("procedure", "97110", "2", "90.00"), ("procedure", "97140", "1", "45.00"),
    ]  # fmt: skip
    for paper in ("letter", "a4"):
        text = printed(client, note, paper)
        assert "Superficial (introital) dyspareunia" in text
        assert "Timed minutes: 40. All treatment minutes: 45." in text


def test_the_link_stands_on_a_signed_note_only(client, make, sign_in, billed):
    note = billed(DX, PR)
    sign_in(note.author)
    assert f'href="{url(note)}"' in client.get(f"/clinic/notes/{note.id}").text
    draft = make.note(note.visit, form="assessment")
    assert "superbill" not in client.get(f"/clinic/notes/{draft.id}").text


@pytest.mark.parametrize("more", ["", "/table", "/letter"])
def test_a_draft_is_not_billed(client, make, sign_in, more):
    note = make.note()
    sign_in(note.author)
    answer = client.get(url(note, more))
    assert answer.status_code == 303
    assert "This one is not final yet" in client.get(answer.location).text


def test_a_note_that_waits_for_a_co_signature_is_not_billed(client, make, sign_in):
    visit = make.visit()
    note = make.note(visit, make.member(visit.patient), signed=True)
    sign_in(visit.therapist)
    assert client.get(url(note, "/table")).status_code == 303


def test_a_note_that_is_not_what_was_signed_is_not_billed(client, make, sign_in, session, billed):
    note = billed(DX, PR)
    sign_in(note.author)
    damage(session, "UPDATE signatures SET meaning = 'added' WHERE note_id = :id", id=note.id)
    assert client.get(url(note, "/table")).status_code == 409


@pytest.mark.parametrize(("bill", "is_there"), [("yes", True), ("no", False), (None, False)])
def test_a_code_that_is_kept_apart_is_billed_only_when_it_was_ticked(client, sign_in, billed, bill, is_there):
    note = billed(DX, PR, apart(bill))
    sign_in(note.author)
    assert ("F52.0" in client.get(url(note)).text) is is_there
    assert ("F52.0" in {row["code"] for row in rows(client, note)}) is is_there
    assert ("F52.0" in printed(client, note)) is is_there


def test_a_bill_has_the_titles_of_the_list_and_nobodys_own_words(client, sign_in, billed):
    note = billed({"dx": {"value": [{"dx_code": {"value": "N94.11 hurts since her husband came back"}}]}}, PR)
    sign_in(note.author)
    for words in (client.get(url(note)).text, client.get(url(note, "/table")).text, printed(client, note)):
        assert "Superficial (introital) dyspareunia" in " ".join(words.split())
        assert "husband" not in words


def test_a_later_visit_takes_the_diagnoses_before_and_none_that_is_kept_apart(client, make, sign_in, billed):
    first = billed(DX, PR, apart("yes"))
    later = billed(PR, visit=make.visit(first.patient, first.author))
    sign_in(first.author)
    assert [row["code"] for row in rows(client, later) if row["kind"] == "diagnosis"] == ["N94.11"]


KEPT_APART = "Diagnoses that are kept apart are in the notes and not on this bill"


@pytest.mark.parametrize(
    ("tick", "expected"), [("no", ["N94.11"]), (None, ["N94.11"]), ("yes", ["N94.11", "F53.0"])]
)  # fmt: skip
def test_one_diagnosis_kept_apart_leaves_the_open_ones_of_before_on_the_bill(
    client, make, sign_in, billed, tick, expected
):
    first = billed(DX, visit=make.visit(starts_at=make.now - timedelta(hours=30)))
    visit = make.visit(first.patient, first.author, starts_at=make.now)
    note = billed(PR, apart(tick, "F53.0 Postpartum depression"), visit=visit)
    sign_in(first.author)
    assert [row["code"] for row in rows(client, note) if row["kind"] == "diagnosis"] == expected
    page = client.get(url(note)).text
    assert "A claim needs one" not in page
    assert (KEPT_APART in page) is (tick != "yes")
    assert ("F53.0" in page) is (tick == "yes")
    assert "kept apart" not in printed(client, note), "nobody who pays is told that there is something else"


def test_what_this_visit_keeps_apart_comes_from_no_note_before(client, make, sign_in, billed):
    first = billed(DX, visit=make.visit(starts_at=make.now - timedelta(hours=30)))
    visit = make.visit(first.patient, first.author, starts_at=make.now)
    note = billed(PR, apart("no", "N94.11 Superficial (introital) dyspareunia"), visit=visit)
    sign_in(first.author)
    assert [row for row in rows(client, note) if row["kind"] == "diagnosis"] == []


def test_where_every_diagnosis_is_kept_apart_the_page_says_so(client, make, sign_in, billed):
    first = billed(apart("yes"), visit=make.visit(starts_at=make.now - timedelta(hours=30)))
    visit = make.visit(first.patient, first.author, starts_at=make.now)
    note = billed(PR, visit=visit)
    sign_in(first.author)
    page = client.get(url(note)).text
    assert "A claim needs one" in page
    assert KEPT_APART in page
    assert "has a diagnosis." not in page
    assert KEPT_APART not in client.get(url(first)).text


def test_a_correction_of_a_diagnosis_kept_apart_is_told_beside_those_of_before(client, make, sign_in, billed):
    first = billed(DX, visit=make.visit(starts_at=make.now - timedelta(hours=30)))
    visit = make.visit(first.patient, first.author, starts_at=make.now)
    note = billed(PR, apart("yes"), visit=visit)
    correct(make, note, "dx_apart", "F52.0 Hypoactive sexual desire disorder", "F53.1 Puerperal psychosis")
    correct(make, first, "dx", "N94.11", "N94.12")
    sign_in(first.author)
    page = client.get(url(note)).text
    assert "The diagnoses were corrected since they were signed" in page
    assert "Instead of “N94.11”: “N94.12”." in page


def full_set(session, make, *found):
    """A full set of diagnoses from the day after tomorrow on."""
    since = make.now.date() + timedelta(days=2)
    listed = [Code(code, title, since, is_heading=heading) for code, title, heading in found]
    codes.load(session, codes.DIAGNOSIS, listed, by=None, now=make.now)
    session.commit()


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (("N94.11", "Superficial", True), "N94.11 is only a heading."),
        (("N94.19", "Other dyspareunia", False), "N94.11 is not a code that can be billed on"),
    ],
)
def test_a_diagnosis_of_before_that_does_not_stand_on_the_day_is_told_and_in_no_row(
    client, clock, make, sign_in, session, billed, listed, words
):
    first = billed(DX, PR)
    full_set(session, make, listed, ("N39.3", "Stress incontinence", False))
    clock.shift(timedelta(days=10))
    later = billed(PR, visit=make.visit(first.patient, first.author, starts_at=make.now))
    sign_in(first.author)
    for page in (client.get(url(later)).text, printed(client, later)):
        assert "Not billed, and in no row of the table: N94.11 Superficial" in " ".join(page.split())
        assert words in " ".join(page.split())
    assert "<strong>N94.11</strong>" not in client.get(url(later)).text
    assert [row["code"] for row in rows(client, later) if row["kind"] == "diagnosis"] == []
    assert [row["code"] for row in rows(client, first) if row["kind"] == "diagnosis"] == ["N94.11"]


def test_a_title_of_the_list_of_the_day_stands_on_the_bill_of_a_later_visit(
    client, clock, make, sign_in, session, billed
):
    first = billed(DX, PR)
    full_set(session, make, ("N94.11", "Entry dyspareunia", False))
    clock.shift(timedelta(days=10))
    later = billed(PR, visit=make.visit(first.patient, first.author, starts_at=make.now))
    sign_in(first.author)
    for note, title in ((later, "Entry dyspareunia"), (first, "Superficial (introital) dyspareunia")):
        assert [row["title"] for row in rows(client, note) if row["kind"] == "diagnosis"] == [title]


def test_what_has_to_be_looked_at_again_of_the_diagnoses_stands_on_the_bill(client, make, sign_in, billed):
    found = ("R32 Unspecified urinary incontinence", "N39.3 Stress incontinence (female) (male)")
    first = billed({"dx": {"value": [{"dx_code": {"value": text}} for text in found]}}, PR)
    later = billed(PR, visit=make.visit(first.patient, first.author))
    sign_in(first.author)
    for note in (first, later):
        for page in (client.get(url(note)).text, printed(client, note)):
            assert "R32 and N39.3 exclude each other (Excludes1)." in " ".join(page.split())
        assert [row["code"] for row in rows(client, note) if row["kind"] == "diagnosis"] == ["R32", "N39.3"]


def test_a_payer_who_was_in_no_list_on_the_day_is_told_on_the_bill(client, make, sign_in, session, billed):
    note = billed(DX, PR, {"pr_payer": {"value": "Acme Mutual"}})
    sign_in(note.author)
    told = "This payer is not in the clinic’s list. Its minutes are counted by the 8-minute rule."
    assert told in client.get(url(note)).text
    assert told in printed(client, note)
    codes.load(
        session, codes.PAYER, [Code("Acme Mutual", "Acme Mutual", date(2020, 1, 1), rule="ama")], by=None, now=make.now
    )
    session.commit()
    assert told not in client.get(url(note)).text
    assert "Units by the midpoint rule." in client.get(url(note)).text


def test_a_payer_of_a_file_stands_for_visits_before_it_was_loaded(client, make, sign_in, session, billed):
    visit = make.visit(starts_at=make.now - timedelta(days=1))
    note = billed(DX, PR, {"pr_payer": {"value": "ACME mutual"}}, visit=visit)
    codes.load(session, codes.PAYER, files.payers("payer,rule\nAcme Mutual,ama\n").codes, by=None, now=make.now)
    session.commit()
    sign_in(note.author)
    page = client.get(url(note)).text
    assert "Units by the midpoint rule." in page
    assert "This payer is not in" not in page


def test_goals_and_findings_are_on_no_bill(client, sign_in, billed):
    close = {
        "goal_close": {
            "value": [
                {"gc_text": {"value": "No more sting"}, "gc_target": {"value": "2"}, "gc_due": {"value": "2099-01-01"}}
            ]
        }
    }
    note = billed(DX, PR, close)
    sign_in(note.author)
    for words in (client.get(url(note)).text, printed(client, note), client.get(url(note, "/table")).text):
        assert "sting" not in words
        assert "dry pad" not in words


def test_the_modifier_stands_on_the_page_and_the_document_too(client, sign_in, billed):
    note = billed(DX, PR)
    sign_in(note.author)
    page = client.get(url(note)).text
    assert page.count('<td data-label="Modifier">GP</td>') == 2
    assert printed(client, note).count("GP") == 2
    assert [row["modifier"] for row in rows(client, note)] == ["", "GP", "GP"]


def test_a_spreadsheet_reads_the_letters_of_a_name_as_they_are(client, make, sign_in, billed):
    note = billed(DX, PR, visit=make.visit(make.patient(legal_name="Zoë Ñandú")))
    sign_in(note.author)
    content = client.get(url(note, "/table")).data
    assert content.startswith(b"\xef\xbb\xbfkind,code,")
    assert "Zoë Ñandú" in content.decode("utf-8-sig")


def test_no_cell_is_taken_for_a_formula(client, make, sign_in, billed, session):
    note = billed(DX, PR, {"pr_payer": {"value": "=1+1"}})
    sign_in(note.author)
    assert {row["payer"] for row in rows(client, note)} == {"'=1+1"}


def test_a_look_leaves_a_line_and_a_bill_with_such_a_code_says_so(client, sign_in, billed, session):
    note = billed(DX, PR, apart("yes"))
    sign_in(note.author)
    client.get(url(note, "/table"))
    session.rollback()
    line = [each for each in audit.of_patient(session, note.patient_id) if each.action == "read.bill-note"][-1]
    assert line.categories == "care sensitive"


def test_somebody_who_does_not_treat_her_gets_none(client, make, sign_in, billed):
    note = billed(DX, PR)
    for user in (make.therapist(), make.front_desk(), make.member(note.patient)):
        sign_in(user)
        assert client.get(url(note)).status_code == 404


def test_a_visit_without_codes_has_an_empty_bill(client, make, sign_in):
    note = make.note(signed=True)
    sign_in(note.author)
    page = client.get(url(note)).text
    assert "A claim needs one." in page
    assert "no procedure that the clinic bills" in page
    assert rows(client, note) == []
    assert "None is on this bill" in printed(client, note)


def test_minutes_that_come_to_no_unit_are_no_row_of_a_claim(client, sign_in, billed):
    minutes = {"pr_code": {"value": "97110 Exercise"}, "pr_minutes": {"value": {"number": "7", "unit": "min"}}}
    note = billed(DX, {"pr": {"value": [minutes]}, "pr_total": {"value": {"number": "7", "unit": "min"}}})
    sign_in(note.author)
    assert "97110" in client.get(url(note)).text
    assert [row["kind"] for row in rows(client, note)] == ["diagnosis"]


def correct(make, note, question, old, new):
    make.add(note, addition=additions.correction(Change(question, old, new), "Slip"))


def test_what_was_corrected_is_billed_by_no_machine_and_said_wherever_the_bill_goes(client, make, sign_in, billed):
    note = billed(DX, PR)
    correct(make, note, "pr", "33", "15")
    correct(make, note, "dx", "N94.11", "N94.12")
    sign_in(note.author)
    for text in (client.get(url(note)).text, " ".join(printed(client, note).split())):
        assert text.count("Billed here as it was signed") == 2
        assert "Instead of “33”: “15”." in text
        assert "Instead of “N94.11”: “N94.12”." in text
    found = rows(client, note)
    assert [row["minutes"] for row in found if row["code"] == "97110"] == ["33"]
    assert [row["kind"] for row in found].count("correction") == 2
    assert note.author.name in next(row["title"] for row in found if row["kind"] == "correction")


def test_a_diagnosis_carried_over_says_that_it_was_corrected_where_it_is_from(client, make, sign_in, billed):
    first = billed(DX, visit=make.visit(starts_at=make.now - timedelta(hours=30)))
    visit = make.visit(first.patient, first.author, starts_at=make.now)
    later = billed(PR, visit=visit)
    correct(make, first, "dx", "N94.11", "N94.12")
    sign_in(first.author)
    assert "Instead of “N94.11”: “N94.12”." in client.get(url(later)).text


@pytest.mark.parametrize("name", ["F53.0 Postpartum depression", "t7421xa, by her husband"])
def test_a_correction_that_names_a_code_kept_apart_is_told_without_its_words(client, make, sign_in, billed, name):
    note = billed(DX, PR, apart("yes"))
    correct(make, note, "pr", "97110 Exercise", name)
    sign_in(note.author)
    for text in (client.get(url(note)).text, printed(client, note), client.get(url(note, "/table")).text):
        assert name not in text
        assert "The diagnoses were corrected since they were signed" in " ".join(text.split())


def test_a_correction_may_name_what_is_on_the_bill_anyhow(client, make, sign_in, billed):
    note = billed(DX, PR, apart("yes"))
    correct(make, note, "pr", "97110 Exercise", "97110, F52.0 as before")
    sign_in(note.author)
    assert "F52.0 as before" in client.get(url(note)).text


@pytest.mark.parametrize("new", ["F53.1 Puerperal psychosis", "Desire gone since the assault"])
def test_a_correction_of_what_is_kept_apart_is_told_without_its_words_and_bills_what_was_ticked(
    client, make, sign_in, billed, new
):
    note = billed(DX, PR, apart("yes"))
    correct(make, note, "dx_apart", "F52.0 Hypoactive sexual desire disorder", new)
    sign_in(note.author)
    for text in (client.get(url(note)).text, printed(client, note), client.get(url(note, "/table")).text):
        assert new not in " ".join(text.split())
        assert " ".join(text.split()).count("The diagnoses were corrected since they were signed") == 1
    assert [row["code"] for row in rows(client, note) if row["kind"] == "diagnosis"] == ["N94.11", "F52.0"]


@pytest.mark.parametrize("new", ["N94.12 since he forced her", "Since he forced her"])
def test_own_words_in_a_correction_of_diagnoses_stay_in_the_note(client, make, sign_in, billed, new):
    note = billed(DX, PR)
    correct(make, note, "dx", "N94.11 Superficial (introital) dyspareunia", new)
    sign_in(note.author)
    for text in (client.get(url(note)).text, printed(client, note), client.get(url(note, "/table")).text):
        assert "forced her" not in text
        assert "The diagnoses were corrected since they were signed" in " ".join(text.split())


def test_corrections_of_other_words_are_none_of_the_bill(client, make, sign_in, billed):
    note = billed(DX, PR, {"im_impression": {"value": "On the left."}}, form="evaluation")
    correct(make, note, "im_impression", "left", "right")
    sign_in(note.author)
    assert "Billed here as it was signed" not in client.get(url(note)).text
