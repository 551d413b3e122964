"""Evaluation notes: saved while they are written, signed with the password, then added to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from intake.cli.demo import people
from intake.clinical import additions
from intake.forms import reader
from intake.security import signing
from intake.store import audit, careteam, responses
from intake.store import notes as stored
from tests.builders import NOTE, PASSWORD, filled
from tests.pages import save, version
from tests.tampering import a_draft_again, damage, sealed_text

FORM = reader.latest("evaluation")
DAILY = reader.latest("daily-note")
IMPRESSION = "im_impression"
MOST_STATEMENTS = 23  # of a page that saves itself


@pytest.fixture
def note(make):
    return make.note()


@pytest.fixture
def author(client, sign_in, note):
    return sign_in(note.author)


def kept(session, note, name=IMPRESSION):
    session.expire_all()
    return responses.answers(session, note.response_id).get(name, {}).get("value")


def url(note, more=""):
    return f"/clinic/notes/{note.id}{more}"


def sign(client, note, password=PASSWORD, page=None):
    read = re.search(r'name="draft"[^>]*value="([0-9a-f]{64})"', (page or client.get(url(note, "/sign"))).text)
    assert read, "the page does not say which text it shows"
    return client.post(url(note, "/sign"), data={"csrf_token": client.token, "password": password, "draft": read[1]})


def hidden(page):
    """Which text a page shows to whoever puts a name under it."""
    return re.search(r'name="draft"[^>]*value="([0-9a-f]{64})"', page)[1]


def to_cosign(client, note):
    """Read what waits for a co-signature."""
    return hidden(client.get(url(note)).text)


def cosign(client, note, password=PASSWORD, read=None):
    """Read the note and put one's name beside it; beside what was `read` before, where that is told."""
    shown = to_cosign(client, note)
    return client.post(
        url(note, "/cosign"),
        data={"csrf_token": client.token, "password": password, "draft": shown if read is None else read},
    )


def test_a_note_is_started_from_the_chart_with_her_own_words(client, make, sign_in, session):
    intake = make.intake(answers={"fn_goal_top": {"value": "Run with the stroller again"}}, submitted=True)
    sign_in(intake.visit.therapist)
    started = client.submit(f"/clinic/notes/visits/{intake.visit_id}", at=f"/clinic/charts/{intake.patient_id}")
    assert started.status_code == 303
    assert "Patient: “Run with the stroller again”" in client.get(started.location).text
    assert client.submit(f"/clinic/notes/visits/{intake.visit_id}", at="/clinic").location == started.location


def test_a_draft_saves_while_it_is_written(clock, client, make, sign_in, session):
    note = make.note()
    sign_in(note.author)
    saved = save(client, url(note), {IMPRESSION: "Good potential"}, at="impression:1", autosave=True)
    assert saved.json == {
        "saved": "12:00", "day": "Sep 15, 2026", "version": "impression:2", "errors": {}, "computed": {}, "beside": {},
    }  # fmt: skip
    assert kept(session, note) == "Good potential"


def test_a_bad_value_is_pointed_out_and_the_good_ones_are_kept(author, note, session):
    page = save(author, url(note), {IMPRESSION: "Good", "im_healing": "soon"}, at="impression:1")
    assert page.status_code == 422
    assert 'value="soon"' in page.text
    assert kept(session, note) == "Good"


def test_two_windows_never_overwrite_each_other_silently(author, note, session):
    save(author, url(note), {IMPRESSION: "First"}, at="impression:1")
    stale = save(author, url(note), {IMPRESSION: "Second"}, at="impression:1")
    assert stale.status_code == 409
    assert "Second" in stale.text
    assert "another window" in stale.text
    assert "In the other window: “First”." in stale.text
    assert kept(session, note) == "First"
    assert save(author, url(note), {IMPRESSION: "Second"}, at="impression:2").status_code == 303
    assert kept(session, note) == "Second"
    assert "impression:3" in version(author.get(url(note)))


def test_nothing_is_said_to_be_saved_when_the_page_has_no_version_for_it(author, note, session):
    for claimed in ("history:1", "nonsense", "impression:x", "popq:1"):
        lost = author.post(
            url(note), data={"csrf_token": author_token(author, note), "_version": claimed, IMPRESSION: "Lost"}
        )
        assert lost.status_code == 400
        assert kept(session, note) is None


def author_token(author, note):
    author.get(url(note))
    return author.token


def test_a_finding_that_was_not_examined_needs_a_reason_and_is_never_a_normal_one(author, note, session):
    page = save(author, url(note), {"ab_tension.status": "not-examined"}, at="abdomen:1")
    assert page.status_code == 422
    save(author, url(note), {"ab_tension.status": "not-examined", "ab_tension.reason": "declined"}, at="abdomen:1")
    session.expire_all()
    answer = responses.answers(session, note.response_id)["ab_tension"]
    assert (answer["status"], answer["reason"]) == ("not-examined", "declined")
    assert "Not examined: declined" in author.get(url(note, "/sign")).text


def test_internal_findings_open_with_the_whole_consent_and_with_nothing_less(author, note):
    closed = 'id="popq" class="closed"'
    assert closed in author.get(url(note)).text
    whole = people.consent()
    for lacking, opens in (
        ("co_stop_signal", False),
        ("co_vaginal_decision", False),
        ("chaperone_offered", False),
        ("", True),
    ):
        given = {name: value for name, value in whole.items() if name != lacking}
        at = version(author.get(url(note)))
        assert (
            save(
                author, url(note), given, at=next(word for word in at.split() if word.startswith("consent:"))
            ).status_code
            == 303
        )
        assert (closed not in author.get(url(note)).text) == opens, lacking


def test_everything_that_is_missing_is_listed_at_once_before_signing(author, note):
    page = author.get(url(note, "/sign")).text
    for question in ("co_exam_type", IMPRESSION, "goal"):
        assert f"{url(note)}#{question}" in page
    refused = author.post(url(note, "/sign"), data={"csrf_token": author.token, "password": PASSWORD})
    assert refused.status_code == 422


def test_signing_needs_the_password_again_and_freezes_the_note(client, make, sign_in, session):
    note = make.note(answers=filled(FORM, NOTE))
    sign_in(note.author)
    wrong = sign(client, note, "not my password at all")
    assert wrong.status_code == 422
    assert "not your password" in wrong.text
    session.expire_all()
    assert not stored.get(session, note.id).is_signed
    assert sign(client, note).status_code == 303
    client.get("/clinic")
    late = client.post(url(note), data={"csrf_token": client.token, "_version": "impression:2", IMPRESSION: "Changed"})
    assert late.status_code in {404, 409}
    assert kept(session, note) == NOTE.get(IMPRESSION, {}).get("value", kept(session, note))
    assert 'name="im_impression"' not in client.get(url(note)).text
    assert client.get(url(note, "/sign")).location == url(note)


def test_a_signed_note_takes_addenda_only(client, make, sign_in, session):
    note = make.note(signed=True)
    sign_in(note.author)
    said = {"text": "She called: all is well.", "password": PASSWORD}
    said["readers"] = "everybody"
    wrong = client.submit(url(note, "/addenda"), {**said, "password": "not my password at all"}, at=url(note))
    assert wrong.status_code == 422
    assert said["text"] in wrong.text
    added = client.submit(url(note, "/addenda"), said, at=url(note))
    assert added.status_code == 303
    assert "She called: all is well." in client.get(url(note)).text
    for words in ("", "  ", "x" * 8001, "a\u202eb"):
        assert client.submit(url(note, "/addenda"), {**said, "text": words}, at=url(note)).status_code == 422
    session.expire_all()
    assert [entry.kind for entry in stored.get(session, note.id).signatures] == ["note", "addendum"]


def test_a_colleague_on_the_care_team_reads_a_draft_but_does_not_write_it(client, make, sign_in, session):
    note, colleague = make.note(), make.therapist()
    make.visit(note.patient, colleague)
    sign_in(colleague)
    assert "not signed" in client.get(url(note)).text
    assert client.get(url(note, "/sign")).status_code == 404
    for more in ("", "/sign"):
        answer = client.post(
            url(note, more),
            data={"csrf_token": client.token, "_version": "impression:1", IMPRESSION: "x", "password": PASSWORD},
        )
        assert answer.status_code == 404
    assert kept(session, note) is None


LATER = {"alg_any": {"value": "yes"}, "alg_reaction": {"value": "Quux reaction"}, "fn_goal_top": {"value": "Quux goal"}}


def test_an_author_who_left_the_team_has_what_they_wrote_and_nothing_of_the_chart(client, make, sign_in, session):
    intake = make.intake()
    visit, here = intake.visit, make.member(intake.patient, make.therapist(), "therapist")
    note = make.note(visit, answers={IMPRESSION: {"value": "My own words"}})
    signed_note = make.note(make.visit(intake.patient, note.author), signed=True)
    make.answer(intake, LATER)
    plan = make.plan(signed_note)
    sign_in(note.author)
    assert "Quux goal" in client.get(url(note)).text
    for member in careteam.members(session, intake.patient_id, make.now):
        member.until = make.now if member.user_id == note.author_id else None
    session.commit()
    make.add(signed_note, "Quux addendum", by=here)
    pages = [client.get(url(note)), client.get(url(note, "/sign")), client.get(url(signed_note))]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "My own words" in pages[0].text
    assert "not on this patient’s care team any more" in pages[0].text
    for page in pages:
        assert "Quux " not in page.text  # with the space, which no token holds
        assert "/clinic/charts/" not in page.text
    assert save(client, url(note), {IMPRESSION: "Finished"}, at="impression:2").status_code == 303
    assert kept(session, note) == "Finished"
    for closed in (f"/clinic/plans/{plan.id}", f"/clinic/plans/{plan.id}/preview/letter", url(signed_note, "/proof")):
        assert client.get(closed).status_code == 404
    assert client.submit(f"/clinic/plans/notes/{signed_note.id}", at="/clinic").status_code == 404


def test_the_sign_of_a_patient_is_no_longer_counted_for_an_author_who_left(client, make, sign_in, session):
    intake = make.intake(answers={"rf_bleed": {"value": "heavy"}}, submitted=True)
    note = make.note(intake.visit)
    sign_in(note.author)
    assert "Same day" in client.get(url(note)).text or "Emergency" in client.get(url(note)).text
    for member in careteam.members(session, intake.patient_id, make.now):
        member.until = make.now
    session.commit()
    assert 'class="glance"' not in client.get(url(note)).text


def test_an_author_who_is_no_therapist_any_more_neither_reads_nor_signs(client, make, sign_in, session):
    note = make.note(answers=filled(FORM, NOTE))
    note.author.roles = ["front-desk"]
    session.commit()
    sign_in(note.author)
    assert client.get(url(note)).status_code == 404
    assert client.get(url(note, "/sign")).status_code == 404


def test_a_computed_stage_shows_with_the_findings_it_comes_from(client, make, sign_in):
    points = {"aa": "-1", "ba": "-1", "c": "-6", "d": "-8", "ap": "-2", "bp": "-2", "gh": "3", "pb": "3", "tvl": "9"}
    consent = {name: {"value": value} for name, value in people.consent().items()}
    findings = {f"popq_{name}": {"value": {"number": number, "unit": "cm"}} for name, number in points.items()}
    note = make.note(answers=consent | {"popq_cervix": {"value": "yes"}} | findings)
    sign_in(note.author)
    shown = re.search(r'data-computed="popq">(.*?)</p>', client.get(url(note)).text, re.DOTALL)
    assert "II" in shown[1]


def test_the_page_before_signing_shows_the_very_text_and_its_short_code(client, make, sign_in):
    note = make.note(answers=filled(FORM, NOTE))
    sign_in(note.author)
    page = client.get(url(note, "/sign")).text
    code = signing.code(make.draft(note))
    assert f"<code>{code}</code>" in page
    make.answer(note.response, {IMPRESSION: {"value": "Another impression"}})
    changed = client.get(url(note, "/sign")).text
    assert code not in changed
    assert "Another impression" in changed


def test_a_text_that_was_changed_after_it_was_read_is_read_again_before_it_is_signed(client, make, sign_in, session):
    note = make.note(answers=filled(FORM, NOTE))
    sign_in(note.author)
    read = client.get(url(note, "/sign"))
    make.answer(note.response, {IMPRESSION: {"value": "Written in another window"}})
    stale = sign(client, note, page=read)
    assert stale.status_code == 409
    assert "Written in another window" in stale.text
    assert not stored.get(session, note.id).is_signed
    assert sign(client, note, page=stale).status_code == 303
    assert "Written in another window" in client.get(url(note)).text


def test_a_signed_page_shows_what_was_signed_by_whom_and_the_code(client, make, sign_in):
    note = make.note(signed=True)
    sign_in(note.author)
    page = client.get(url(note)).text
    (entry,) = note.signatures
    for part in (f"Signed by {note.author.name}, PT, DPT", entry.code, "record number 1", entry.key.fingerprint):
        assert part in page, part
    assert "Late entry" not in page


def test_a_note_signed_late_says_so(client, make, sign_in):
    note = make.note(answers=filled(FORM, NOTE))
    make.sign(note, now=note.visit.starts_at + timedelta(days=5))
    sign_in(note.author)
    assert "Signed 5 days after the visit." in client.get(url(note)).text


def test_a_therapist_finds_an_assistant_s_note_on_the_day_s_page_and_co_signs_it(client, make, sign_in, session):
    note = make.note(make.visit(), author=make.assistant(), answers=filled(DAILY, NOTE))
    make.sign(note)
    sign_in(note.visit.therapist)
    assert "Waiting for your co-signature" in client.get("/clinic").text
    assert "waits for a co-signature" in client.get(url(note)).text
    wrong = cosign(client, note, "not my password at all")
    assert wrong.status_code == 422
    assert "not your password" in wrong.text
    assert cosign(client, note).status_code == 303
    page = client.get(url(note)).text
    assert f"Co-signed by {note.visit.therapist.name}" in page
    assert "waits for a co-signature" not in page
    assert "Waiting for your co-signature" not in client.get("/clinic").text


@pytest.mark.parametrize("how", ["addendum", "correction"])
def test_what_an_assistant_adds_while_a_therapist_reads_is_shown_before_it_is_co_signed(
    client, make, sign_in, session, how
):
    note = make.note(make.visit(), author=make.assistant(), answers=filled(DAILY, NOTE))
    make.sign(note)
    sign_in(note.visit.therapist)
    read = to_cosign(client, note)
    old = additions.texts(DAILY, note.signatures[0].said.answers)["dn_response"]
    wrong = additions.Change("dn_response", old, "She fell off the table.")
    later = {"correction": additions.correction(wrong, "Slip")}
    make.add(note, "She fell off the table.", addition=later.get(how))
    refused = cosign(client, note, read=read)
    assert refused.status_code == 409
    assert "Something was added since you read this note" in refused.text
    assert "She fell off the table." in refused.text
    session.expire_all()
    assert len(stored.get(session, note.id).waiting) == 2
    again = client.post(
        url(note, "/cosign"), data={"csrf_token": client.token, "password": PASSWORD, "draft": hidden(refused.text)}
    )
    assert again.status_code == 303
    session.expire_all()
    assert stored.get(session, note.id).waiting == []


@pytest.mark.parametrize("how", ["addendum", "correction"])
def test_what_another_therapist_adds_while_one_reads_is_shown_before_it_is_co_signed(
    client, make, sign_in, session, how
):
    note = make.note(make.visit(), author=make.assistant(), answers=filled(DAILY, NOTE))
    make.sign(note)
    colleague = make.member(note.patient, role="therapist")
    sign_in(note.visit.therapist)
    read = to_cosign(client, note)
    old = additions.texts(DAILY, note.signatures[0].said.answers)["dn_response"]
    wrong = additions.Change("dn_response", old, "She fell off the table.")
    later = {"correction": additions.correction(wrong, "Slip")}
    make.add(note, "She fell off the table.", addition=later.get(how), by=colleague)
    refused = cosign(client, note, read=read)
    assert refused.status_code == 409
    assert "Something was added since you read this note" in refused.text
    assert "She fell off the table." in refused.text
    session.expire_all()
    assert len(stored.get(session, note.id).waiting) == 1
    assert cosign(client, note, read=hidden(refused.text)).status_code == 303


@pytest.mark.parametrize("read", ["", "0" * 64])
def test_nothing_is_co_signed_by_whoever_does_not_say_what_they_read(client, make, sign_in, session, read):
    note = make.note(make.visit(), author=make.assistant(), answers=filled(DAILY, NOTE))
    make.sign(note)
    sign_in(note.visit.therapist)
    assert cosign(client, note, read=read).status_code == 409
    session.expire_all()
    assert len(stored.get(session, note.id).waiting) == 1


CHANGES = {
    "words": "UPDATE signatures SET content = :sealed_anew WHERE note_id = :id",
    "sealed": "UPDATE signatures SET content = :cipher WHERE note_id = :id",
    "hash": "UPDATE signatures SET sha256 = 'x' WHERE note_id = :id",
    "name": "UPDATE signatures SET signer_id = :other WHERE note_id = :id",
    "date": "UPDATE notes SET signed_at = '2020-01-01 00:00:00.000000' WHERE id = :id",
    "opened": "UPDATE notes SET signed_at = NULL WHERE id = :id",
    "gone": "DELETE FROM signatures WHERE note_id = :id",
    "key": "UPDATE signing_keys SET user_id = :other",
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_note_that_is_not_what_was_signed_is_not_shown_and_the_audit_trail_is_told(
    client, make, sign_in, session, change
):
    note = make.note(signed=True)
    sign_in(note.author)
    assert "Walk for 30 minutes" in client.get(url(note)).text
    (entry,) = note.signatures
    anew = sealed_text(session, entry, entry.content.replace("Walk for", "Wait for"))
    values = {
        "id": note.id,
        "other": make.therapist().id,
        "sealed_anew": anew,
        "cipher": entry.sealed_content[:-1] + bytes([entry.sealed_content[-1] ^ 1]),
    }
    damage(session, CHANGES[change], **{name: value for name, value in values.items() if f":{name}" in CHANGES[change]})
    red = client.get(url(note))
    assert red.status_code == 409
    assert "cannot be relied on" in red.text
    assert "30 minutes" not in red.text
    assert client.submit(f"/clinic/plans/notes/{note.id}", at="/clinic").location == url(note)
    refused = client.post(
        url(note, "/addenda"),
        data={"csrf_token": client.token, "text": "More", "readers": "everybody", "password": PASSWORD},
    )
    assert refused.status_code == 409
    session.rollback()
    assert "note.broken" in {line.action for line in audit.of_patient(session, note.patient_id)}


def test_a_signed_note_whose_date_was_taken_away_is_no_draft_again(client, make, sign_in, session):
    note = make.note(signed=True)
    sign_in(note.author)
    damage(session, "UPDATE notes SET signed_at = NULL WHERE id = :id", id=note.id)
    damage(
        session, "UPDATE responses SET status = 'in-progress', completed_at = NULL WHERE id = :id", id=note.response_id
    )
    before = kept(session, note)
    assert save(client, url(note), {IMPRESSION: "Rewritten"}, at="impression:1").status_code == 409
    assert client.get(url(note, "/sign")).location == url(note)
    again = client.post(url(note, "/sign"), data={"csrf_token": client.token, "password": PASSWORD, "draft": "0" * 64})
    assert again.status_code == 409
    assert kept(session, note) == before
    assert str(note.id) not in client.get("/clinic").text, "it is not listed as a draft"
    assert client.submit(f"/clinic/notes/visits/{note.visit_id}", at="/clinic").location != url(note)


def test_a_note_beside_a_removed_one_is_shown_with_a_warning(client, make, sign_in, session):
    note = make.note(signed=True)
    gone = make.note(make.visit(note.patient, note.author), signed=True)
    sign_in(note.author)
    damage(session, "DELETE FROM signatures WHERE note_id = :id", id=gone.id)
    page = client.get(url(note))
    assert page.status_code == 200
    assert "A signed record of this patient is missing" in page.text
    assert "30 minutes" in page.text
    session.rollback()
    looked = [line for line in audit.of_patient(session, note.patient_id) if line.action == "read.read-note"]
    assert [line.categories for line in looked] == ["care"], "the warning does not stand for the look"


def test_a_wrong_password_under_a_note_hides_no_look_at_it(client, make, sign_in, session):
    note = make.note(signed=True)
    sign_in(note.author)
    refused = client.submit(
        url(note, "/addenda"), {"text": "More", "readers": "everybody", "password": "not that one"}, at="/clinic"
    )
    assert (refused.status_code, "30 minutes" in refused.text) == (422, True)
    session.rollback()
    line = next(line for line in audit.of_patient(session, note.patient_id) if line.action == "read.add-to-note")
    assert "care" in line.categories


def test_a_signed_note_whose_signature_was_removed_is_a_red_page_and_never_a_draft(client, make, sign_in, session):
    note = make.note(signed=True)
    sign_in(note.author)
    address, read = url(note), f"/clinic/notes/{note.id}/sign"
    assert client.get(address).status_code == 200
    a_draft_again(session, note)
    page = FlaskClient.open(client, address)
    assert page.status_code == 409
    assert "<textarea" not in page.text
    assert FlaskClient.open(client, read).status_code == 302
    for way in (address, read):
        sent = {"csrf_token": client.token, "password": PASSWORD, "draft": "0" * 64}
        assert FlaskClient.open(client, way, method="POST", data=sent).status_code == 409
    assert stored.get(session, note.id).signed_at is None


@pytest.mark.parametrize(("hours", "warned", "late"), [(24, False, False), (25, True, False), (49, True, True)])
def test_a_note_warns_after_a_day_and_is_a_late_entry_after_two(client, make, sign_in, hours, warned, late):
    visit = make.visit(starts_at=make.now - timedelta(hours=hours) + timedelta(minutes=1))
    sign_in(visit.therapist)
    chart = f"/clinic/charts/{visit.patient_id}"
    started = client.submit(f"/clinic/notes/visits/{visit.id}", {"kind": "daily-note"}, at=chart).location
    for page in (client.get(started).text, client.get(f"{started}/sign").text):
        assert ("A note is due on the day of the visit." in page) == warned
        assert ("<strong>Late entry</strong>" in page) == late
    assert ('name="late_reason"' in client.get(started).text) == late


def test_a_late_entry_stays_marked_where_it_is_read_with_its_reason_and_its_source(client, make, sign_in, session):
    visit = make.visit(starts_at=make.now - timedelta(days=3))
    sign_in(visit.therapist)
    chart = f"/clinic/charts/{visit.patient_id}"
    started = client.submit(f"/clinic/notes/visits/{visit.id}", {"kind": "daily-note"}, at=chart).location
    assert "Why it is late" in client.get(f"{started}/sign").text
    note = stored.of_patient(session, visit.patient_id)[0]
    given = {"late_reason": {"value": "The power was out."}, "late_source": {"value": "memory"}}
    make.answer(note.response, filled(reader.begun_late(DAILY), {**NOTE, **given}))
    assert sign(client, note).status_code == 303
    page = client.get(started).text
    assert "<strong>Late entry</strong>" in page
    assert "The power was out." in page
    assert "Memory" in page
    assert "Signed 3 days after the visit." in page
    assert "Late entry" in client.get(chart).text


def test_keys_of_one_letter_stay_off_once_somebody_turned_them_off(client, make, sign_in):
    note = make.note()
    sign_in(note.author)
    off = re.compile(r"data-keys-off checked")
    assert not off.search(client.get(url(note)).text)
    save(client, url(note), {"_keys_off": "on"}, autosave=True)
    assert off.search(client.get(url(note)).text)
    save(client, url(note), {}, autosave=True)
    assert not off.search(client.get(url(note)).text)


def test_each_section_has_a_letter_of_its_own(client, make, sign_in):
    note = make.note()
    sign_in(note.author)
    letters = re.findall(r'data-letter="(\w)"', client.get(url(note)).text)
    assert len(letters) == len(set(letters)) == len(FORM.sections)
    assert not {"l", "r", "w"} & set(letters)


def test_a_later_visit_without_an_intake_shows_the_newest_word_in_its_head(client, make, sign_in):
    answers = {
        "fn_goal_top": {"value": "Quux goal"},
        "fn_psfs": {"value": [{"fn_activity_name": {"value": "Quux lifting"}, "fn_rating": {"value": 4}}]},
    }
    intake = make.intake(answers=answers, submitted=True)
    note = make.note(make.visit(intake.patient, intake.visit.therapist))
    sign_in(note.author)
    page = client.get(url(note)).text
    assert "“Quux goal”" in page
    assert "Quux lifting: <strong>4</strong>" in page
    assert "No intake yet" not in page


def test_a_note_is_written_ahead_of_its_visit_and_signed_once_that_has_begun(clock, client, make, sign_in, session):
    visit = make.visit(starts_at=make.now + timedelta(minutes=5))
    note = make.note(visit, answers=filled(FORM, NOTE), ahead=True)
    sign_in(note.author)
    assert f'name="{IMPRESSION}"' in client.get(url(note)).text
    page = client.get(url(note, "/sign"))
    assert "This visit begins on" in page.text
    assert "Sign this note" not in page.text
    refused = client.post(
        url(note, "/sign"), data={"csrf_token": client.token, "password": PASSWORD, "draft": make.draft(note)}
    )
    assert refused.status_code == 409
    assert "This visit has not begun yet." in refused.text
    clock.shift(timedelta(minutes=4))
    assert "Sign this note" not in client.get(url(note, "/sign")).text
    clock.shift(timedelta(minutes=1))
    assert sign(client, note).status_code == 303
    session.expire_all()
    assert stored.get(session, note.id).is_signed


def test_saving_asks_no_more_of_the_database_with_twice_the_notes_before(client, make, sign_in, statements):
    note = make.note()
    sign_in(note.author)
    asked = []
    for _turn in range(2):
        for number in range(3):
            at = make.now - timedelta(minutes=30 + number)
            make.note(make.visit(note.patient, note.author, kind="follow-up", starts_at=at), signed=True)
        page = client.get(url(note))
        statements.clear()
        data = {"csrf_token": client.token, "_version": version(page), IMPRESSION: f"Words {len(asked)}"}
        assert client.post(url(note), data=data, headers={"X-Autosave": "1"}).status_code == 200
        asked.append(len(statements))
    assert asked[1] <= asked[0] <= MOST_STATEMENTS


def test_codes_are_looked_up_once_however_many_a_note_holds(client, make, sign_in, statements):
    note = make.note()
    sign_in(note.author)
    asked = []
    for count in (1, 2):
        given = {f"dx.{number}.dx_code": code for number, code in enumerate(("N39.3", "M62.89")[:count])}
        page = client.get(url(note))
        data = {"csrf_token": client.token, "_version": version(page), "dx.count": str(count), **given}
        statements.clear()
        assert client.post(url(note), data=data, headers={"X-Autosave": "1"}).status_code == 200
        asked.append(sum(" codes" in statement for statement in statements))
    assert asked == [2, 2]
