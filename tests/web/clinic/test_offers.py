"""Beside the questions of a note: the last value, taken over one at a time, and the patient's own words."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from intake.cli.demo import people
from intake.forms import reader
from intake.forms.bodymap import regions
from intake.forms.model import Tier
from intake.store import careteam, responses
from intake.store import notes as stored
from tests.builders import NOTE, PASSWORD, filled
from tests.pages import save
from tests.tampering import damage
from tests.web.clinic.test_notes import sign

pytestmark = pytest.mark.usefixtures("clock")
FORM = reader.latest("evaluation")
DEPTH = {"value": {"number": "1.5", "unit": "cm"}}
POSITION = {"ab_position": {"value": "supine"}}
EARLIER = POSITION | {
    "im_impression": {"value": "Quux potential"},
    "ab_tension": {"value": "moderate"},
    "ab_depth": DEPTH,
    "ab_doming": {"value": ["cough"]},
    "hi_sexual": {"value": "Quux private"},
}


@pytest.fixture
def signed(make):
    """A signed note of a visit a week ago."""
    visit = make.visit(starts_at=make.now - timedelta(hours=47))
    return make.note(visit, answers=EARLIER, signed=True)


@pytest.fixture
def note(make, signed):
    """A draft of the same patient and author, for a visit today."""
    return make.note(make.visit(signed.patient, signed.author, starts_at=make.now - timedelta(hours=1)))


@pytest.fixture
def author(client, sign_in, note):
    return sign_in(note.author)


def url(note):
    return f"/clinic/notes/{note.id}"


def kept(session, note):
    session.expire_all()
    return responses.answers(session, note.response_id)


class Fields(HTMLParser):
    """The fields of a page as a browser would send them."""

    def __init__(self, page):
        super().__init__()
        self.found, self.area, self.select = {}, "", ""
        self.feed(page.text[page.text.index('<div class="note"') : page.text.index('<div class="bar"')])

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.found.setdefault(given.get("name"), []).append(given.get("value") or "")
        elif tag == "textarea":
            self.area, self.found[given["name"]] = given["name"], [""]
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and self.select and "selected" in given:
            self.found.setdefault(self.select, []).append(given.get("value") or "")

    def handle_data(self, data):
        if self.area:
            self.found[self.area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.found[self.area][0] = self.found[self.area][0].removeprefix("\n")
        self.area, self.select = "", self.select if tag == "option" else ""


def press(client, note, action, **changed):
    """Open the note, change some fields, and press a button of it."""
    fields = {name: values for name, values in Fields(client.get(url(note))).found.items() if name}
    return client.post(url(note), data={**fields, **changed, "_action": action})


def offered(page):
    return set(re.findall(r'name="_action" value="take:(\w+)"', page.text))


def test_the_last_value_stands_beside_its_field_with_its_date(author, note):
    page = author.get(url(note))
    text = html.unescape(re.sub(r"<[^>]+>", "", page.text))
    assert "Last, Sep 13, 2026: Moderate" in text
    assert "Last, Sep 13, 2026: 1.5 cm" in text
    assert {"ab_tension", "ab_depth", "ab_doming", "im_impression"} <= offered(page)
    assert "Quux potential" in text


def test_one_button_takes_it_over_and_keeps_what_was_typed(author, note, session):
    sent = press(author, note, "take:ab_tension", hi_course="Typed meanwhile")
    assert sent.location.endswith("#ab_tension")
    found = kept(session, note)
    assert found["ab_tension"]["value"] == "moderate"
    assert found["hi_course"]["value"] == "Typed meanwhile"
    page = author.get(url(note))
    assert "1 value was taken over and waits for your look" in page.text
    assert 'value="right:ab_tension"' in page.text
    assert "ab_tension" not in offered(page)


def test_a_value_of_every_kind_comes_over_as_it_was_and_stays_unreviewed_when_it_is_sent_unchanged(
    client, make, sign_in, session
):
    every = {
        **EARLIER,
        "ab_strength": {"value": "Curl-up, 3 of 5"},
        "ab_ird": {"value": {"at": {"ab_ird_rest": {"number": "2.0", "unit": "cm"}}}},
        "ab_scars": {"value": [{"ab_scar_type": {"value": {"other": "Port"}}, "ab_scar_itch": {"value": "no"}}]},
        "hp_coccyx": {"value": 3},
        "hp_chart": {"value": {region.code: 4 for region in regions(FORM.by_id["hp_chart"].map)[:2]}},
    }
    every["ab_ird_method"] = {"value": "ultrasound"}
    visit = make.visit(starts_at=make.now - timedelta(hours=47))
    before = make.note(visit, answers=every, signed=True)
    note = make.note(make.visit(before.patient, before.author, starts_at=make.now))
    sign_in(note.author)
    names = offered(client.get(url(note)))
    assert {FORM.by_id[name].kind for name in names} >= {
        *("choice", "choices", "number", "string", "text", "grid", "group", "scale", "map")
    }
    for name in sorted(names):
        assert press(client, note, f"take:{name}").status_code == 303, name
    was, now = before.signatures[0].said.answers, kept(session, note)
    assert {name: now[name]["value"] for name in names} == {name: was[name]["value"] for name in names}
    press(client, note, "save", ab_strength="")
    again = kept(session, note)
    assert {name for name in names if "carried" in again[name]} == names - {"ab_strength"}


def test_signing_is_refused_while_one_is_not_reviewed_and_lists_it(client, make, sign_in, session, note):
    make.answer(note.response, filled(FORM, {**kept(session, note), **NOTE, **POSITION}))
    sign_in(note.author)
    press(client, note, "take:ab_tension")
    page = client.get(f"{url(note)}/sign")
    assert "This was taken over from an earlier note." in page.text
    assert f"{url(note)}#ab_tension" in page.text
    sent = {"csrf_token": client.token, "password": PASSWORD, "draft": make.draft(note)}
    assert client.post(f"{url(note)}/sign", data=sent).status_code == 422
    session.expire_all()
    assert not stored.get(session, note.id).is_signed
    press(client, note, "right:ab_tension", ab_tension="moderate")
    assert sign(client, note).status_code == 303
    text = client.get(url(note)).text
    assert "Taken over from the note of Sep 13, 2026, looked at and still right." in text
    session.expire_all()
    said = stored.get(session, note.id).signatures[0].said.answers["ab_tension"]
    assert said["carried"]["on"].startswith("2026-09-13")


def test_an_edit_reviews_it_too_and_the_signed_note_says_what_changed(client, make, sign_in, session, note):
    make.answer(note.response, filled(FORM, {**kept(session, note), **NOTE, **POSITION}))
    sign_in(note.author)
    press(client, note, "take:ab_tension")
    press(client, note, "right:ab_tension", ab_tension="firm")
    assert "carried" not in kept(session, note)["ab_tension"]
    assert sign(client, note).status_code == 303
    assert "Changed. Sep 13, 2026: Moderate" in client.get(url(note)).text


def test_nothing_is_taken_over_what_stands_there(author, note, session):
    for answered in ("firm", "soft"):
        page = author.get(press(author, note, "take:ab_tension", ab_tension=answered).location)
        assert "Something is written there already" in page.text
        assert kept(session, note)["ab_tension"]["value"] == answered
    assert "ab_tension" not in offered(author.get(url(note)))


@pytest.mark.parametrize("name", ["consent_decision", "perfect_p", "popq_c", "co_stop_signal", "x", "", "goal.0"])
def test_consent_and_internal_findings_are_offered_never_and_not_taken_over_by_force(
    client, make, sign_in, session, name
):
    consent = {key: {"value": value} for key, value in people.consent().items()}
    findings = {
        "popq_c": {"value": {"number": "-6", "unit": "cm"}},
        "popq_tvl": {"value": {"number": "9", "unit": "cm"}},
    }
    findings |= {"popq_position": {"value": "supine"}}
    visit = make.visit(starts_at=make.now - timedelta(hours=47))
    before = make.note(visit, answers={**consent, **findings}, signed=True)
    note = make.note(make.visit(before.patient, before.author, starts_at=make.now), answers=consent)
    make.answer(note.response, consent)
    sign_in(note.author)
    assert name not in offered(client.get(url(note)))
    at = kept(session, note).get(name)
    save(client, url(note), {}, action=f"take:{name}", at="impression:1")
    assert kept(session, note).get(name) == at


IRD = {"ab_ird": {"value": {"at": {"ab_ird_rest": {"number": "2.5", "unit": "cm"}}}}}
STANDING = {"ab_position": {"value": "standing"}, "ab_ird_method": {"value": "palpation"}}


@pytest.fixture
def measured(make):
    """A draft of today after a note with a distance measured standing, by palpation."""
    visit = make.visit(starts_at=make.now - timedelta(hours=47))
    make.note(visit, answers={**IRD, **STANDING}, signed=True)
    return make.note(make.visit(visit.patient, visit.therapist, starts_at=make.now - timedelta(hours=1)))


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_a_measurement_is_offered_and_taken_over_with_its_position_and_method(client, sign_in, session, measured):
    sign_in(measured.author)
    assert "Measured: Standing; Palpation with ruler" in words(client.get(url(measured)))
    assert press(client, measured, "take:ab_ird").status_code == 303
    now = kept(session, measured)
    for name, answer in (IRD | STANDING).items():
        assert now[name]["value"] == answer["value"]
        assert "carried" in now[name], "each waits for a look of its own"
    press(client, measured, "right:ab_ird")
    assert "right" in kept(session, measured)["ab_ird"]["carried"]


def test_a_measurement_is_not_taken_over_where_the_page_says_another_position(client, sign_in, session, measured):
    sign_in(measured.author)
    press(client, measured, "save", ab_position="supine", ab_ird_method="caliper")
    page = client.get(url(measured))
    assert "Measured: Standing; Palpation with ruler" in words(page)
    assert "This page says another position or method" in words(page)
    assert "ab_ird" not in offered(page)
    page = client.get(press(client, measured, "take:ab_ird").location)
    assert "was measured otherwise" in words(page)
    assert "ab_ird" not in kept(session, measured)


def test_one_that_was_taken_over_is_not_still_right_once_the_page_says_another_position(
    client, sign_in, session, measured
):
    sign_in(measured.author)
    press(client, measured, "take:ab_ird")
    page = client.get(press(client, measured, "right:ab_ird", ab_position="supine").location)
    assert "measured otherwise" in words(page)
    assert "right" not in kept(session, measured)["ab_ird"]["carried"]
    assert "measured otherwise" in words(client.get(f"{url(measured)}/sign"))


@pytest.mark.parametrize("position", ["supine", "standing"])
def test_a_number_that_is_measured_again_with_the_same_result_is_of_today(author, note, session, make, position):
    make.answer(note.response, filled(FORM, {**kept(session, note), **NOTE}))
    press(author, note, "take:ab_depth")
    press(author, note, "right:ab_position", ab_position="supine")
    assert 'value="today:ab_depth"' in author.get(url(note)).text
    assert press(author, note, "today:ab_depth", ab_position=position).location.endswith("#ab_depth")
    now = kept(session, note)
    assert (now["ab_position"]["value"], now["ab_depth"]["value"]) == (position, DEPTH["value"])
    assert "carried" not in now["ab_depth"]
    assert 'value="today:ab_depth"' not in author.get(url(note)).text
    assert sign(author, note).status_code == 303
    assert "1.5 cm" in words(author.get(url(note)))


def test_one_that_was_called_still_right_can_be_measured_again_too(author, note, session):
    press(author, note, "take:ab_depth")
    press(author, note, "right:ab_depth")
    press(author, note, "save", ab_position="standing")
    assert "Measured today" in words(author.get(f"{url(note)}/sign")), "it says the way out"
    press(author, note, "today:ab_depth")
    assert "carried" not in kept(session, note)["ab_depth"]


def test_another_position_alone_measures_nothing(author, note, session):
    press(author, note, "take:ab_depth")
    press(author, note, "save", ab_position="standing")
    assert "carried" in kept(session, note)["ab_depth"]


def test_only_numbers_are_measured(author, note, session):
    press(author, note, "take:ab_tension")
    assert 'value="today:ab_tension"' not in author.get(url(note)).text
    for name in ("ab_tension", "ab_position", "x", ""):
        press(author, note, f"today:{name}")
    assert "carried" in kept(session, note)["ab_tension"]


def test_measured_today_does_not_write_over_what_another_window_said(author, note, session):
    press(author, note, "take:ab_depth")
    window = {name: values for name, values in Fields(author.get(url(note))).found.items() if name}
    press(author, note, "save", ab_depth="3.5")
    assert author.post(url(note), data={**window, "_action": "today:ab_depth"}).status_code == 409
    assert kept(session, note)["ab_depth"]["value"]["number"] == "3.5"


def test_a_newer_note_that_says_it_was_declined_is_told_beside_the_older_value(client, make, sign_in, signed):
    later = make.visit(signed.patient, signed.author, starts_at=make.now - timedelta(hours=20))
    declined = {"ab_depth": {"status": "not-examined", "reason": "declined"}}
    make.note(later, form="re-evaluation", answers=declined, signed=True)
    note = make.note(make.visit(signed.patient, signed.author, starts_at=make.now))
    sign_in(note.author)
    page = client.get(url(note))
    assert "Last, Sep 13, 2026: 1.5 cm" in words(page)
    assert "Since then, Sep 14, 2026: Not examined: declined" in words(page)
    assert "ab_depth" in offered(page)


def test_a_draft_gives_nothing(client, make, sign_in):
    visit = make.visit(starts_at=make.now - timedelta(hours=47))
    make.note(visit, answers=EARLIER)
    note = make.note(make.visit(visit.patient, visit.therapist, starts_at=make.now))
    sign_in(note.author)
    page = client.get(url(note))
    assert offered(page) == set()
    assert "Quux" not in page.text


def test_a_note_of_a_later_visit_gives_nothing_to_one_that_is_written_late(client, make, sign_in):
    later = make.visit(starts_at=make.now - timedelta(days=1))
    make.note(later, answers=EARLIER, signed=True)
    note = make.note(make.visit(later.patient, later.therapist, starts_at=make.now - timedelta(days=9)))
    sign_in(note.author)
    assert offered(client.get(url(note))) == set()


def test_a_note_that_is_not_what_was_signed_gives_nothing(author, note, signed, session):
    assert "ab_tension" in offered(author.get(url(note)))
    damage(session, "UPDATE signatures SET signature = :other", other=b"x" * 64)
    assert "ab_tension" not in offered(author.get(url(note)))


def test_an_author_who_left_the_team_is_offered_nothing_of_the_chart(author, note, session, make):
    for member in careteam.members(session, note.patient_id, make.now):
        member.until = make.now
    session.commit()
    page = author.get(url(note))
    assert page.status_code == 200
    assert "Quux" not in page.text
    assert offered(page) == set()
    press(author, note, "take:ab_tension")
    assert "ab_tension" not in kept(session, note)


def test_an_assistant_is_offered_nothing_above_their_ceiling(client, make, sign_in, signed):
    said = {"dn_change": {"value": "better"}, "dn_private": {"value": "Quux private"}}
    before = make.visit(signed.patient, signed.author, starts_at=make.now - timedelta(hours=20))
    make.note(before, answers=said, signed=True, kind="daily-note")
    assistant = make.member(signed.patient, make.assistant())
    note = make.note(make.visit(signed.patient, signed.author, starts_at=make.now), assistant)
    sign_in(assistant)
    page = client.get(url(note))
    assert "Quux private" not in page.text
    form = reader.latest("daily-note")
    assert "dn_change" in offered(page)
    assert not {name for name in offered(page) if form.by_id[name].tier.rank > Tier.CARE.rank}


def test_a_note_that_waits_for_a_co_signature_gives_nothing_until_it_has_one(client, make, sign_in, session):
    visit = make.visit(starts_at=make.now - timedelta(hours=20))
    assistant = make.member(visit.patient, make.assistant())
    theirs = make.note(visit, assistant, answers={"dn_change": {"value": "better"}}, signed=True)
    today = make.visit(visit.patient, visit.therapist, starts_at=make.now)
    note = make.note(today, visit.therapist, kind="daily-note")
    sign_in(note.author)
    assert "dn_change" not in offered(client.get(url(note)))
    press(client, note, "take:dn_change")
    assert "dn_change" not in kept(session, note)
    make.cosign(theirs)
    assert "dn_change" in offered(client.get(url(note)))
    make.add(theirs, "She called.")
    assert "dn_change" not in offered(client.get(url(note))), "what was added waits too"
    make.cosign(theirs)
    press(client, note, "take:dn_change")
    assert kept(session, note)["dn_change"]["value"] == "better"


def test_what_was_added_to_a_note_is_pointed_at(author, note, signed, make):
    assert "was added to later" not in author.get(url(note)).text
    make.add(signed, "The tension was firm.")
    assert "was added to later" in author.get(url(note)).text


def test_the_patients_own_words_are_put_in_by_a_button_quoted_and_attributed(client, make, sign_in, session):
    intake = make.intake(answers={"fn_goal_top": {"value": "Quux marathon"}}, submitted=True)
    note = make.note(intake.visit)
    sign_in(note.author)
    assert 'value="quote:hi_reason"' not in client.get(url(note)).text  # it begins with them
    save(client, url(note), {"hi_reason": "Seen today."})
    page = html.unescape(client.get(url(note)).text)
    line = "Patient: “Quux marathon”, intake of September 15, 2026"
    assert line in page
    sent = press(client, note, "quote:hi_reason", hi_reason="Seen today, twice.")
    assert sent.location.endswith("#hi_reason")
    text = kept(session, note)["hi_reason"]["value"]
    assert text.startswith("Seen today, twice.\n")
    assert line in text.splitlines()
    press(client, note, "quote:hi_reason", hi_reason=text)
    assert kept(session, note)["hi_reason"]["value"] == text


def test_at_a_later_visit_the_words_that_stand_are_offered_with_their_day(client, make, sign_in, session):
    intake = make.intake(answers={"fn_goal_top": {"value": "Quux marathon"}}, submitted=True)
    note = make.note(make.visit(intake.patient, intake.visit.therapist, starts_at=make.now + timedelta(days=9)))
    sign_in(note.author)
    press(client, note, "save", hi_reason="Seen.")
    assert press(client, note, "quote:hi_reason").status_code == 303
    line = "Patient: “Quux marathon”, said on September 15, 2026"
    assert line in kept(session, note)["hi_reason"]["value"]
    assert 'value="quote:hi_reason"' not in client.get(url(note)).text


def test_words_that_are_not_handed_in_or_too_private_are_not_offered(client, make, sign_in, session):
    intake = make.intake(answers={"fn_goal_top": {"value": "Quux marathon"}, "ti_triggers": {"value": "Quux touch"}})
    note = make.note(intake.visit)
    sign_in(note.author)
    save(client, url(note), {"hi_reason": "Seen.", "co_care_needs": "Asked."})
    page = client.get(url(note)).text
    assert "intake of" not in page
    assistant = make.member(intake.patient, make.assistant())
    theirs = make.note(intake.visit, assistant)
    sign_in(assistant)
    save(client, url(theirs), {"hi_reason": "Seen."})
    assert "Quux touch" not in client.get(url(theirs)).text


def test_how_long_it_is_and_how_much_is_copied_is_shown_to_its_author_alone(client, make, sign_in, session, signed):
    text = "She came in walking well and said that all is fine today"
    before = make.note(
        make.visit(signed.patient, signed.author, starts_at=make.now - timedelta(hours=20)),
        answers={"im_impression": {"value": text}}, signed=True,
    )  # fmt: skip
    said = {"im_impression": {"value": text}}
    note = make.note(make.visit(signed.patient, signed.author, starts_at=make.now), answers=said)
    sign_in(note.author)
    for address in (url(note), f"{url(note)}/sign"):
        page = client.get(address).text
        assert re.search(r"\d+ words", page)
        assert re.search(r"[5-9]\d % as in your last note|100 % as in your last note", page)
    other = make.therapist()
    make.visit(note.patient, other)
    sign_in(other)
    for each in (note, before):
        assert "as in your last note" not in client.get(url(each)).text
    own = make.note(make.visit(note.patient, other, starts_at=make.now), other, answers=said)
    page = client.get(url(own)).text
    assert re.search(r"\d+ words", page)
    assert "as in your last note" not in page
    assert PASSWORD not in page
