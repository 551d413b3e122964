"""The examination on the page of a note: consent, findings until it ended, stages that follow, and what is printed."""

from __future__ import annotations

import html
import re

import pytest

from intake.cli.demo import people
from intake.clinical import examconsents, perfect, popq
from intake.forms import reader
from intake.store import responses
from tests.builders import NOTE, filled
from tests.pages import save

FORM = reader.latest("evaluation")
CONSENT = {name: {"value": value} for name, value in people.consent().items()}
POINTS = {"aa": "-1", "ba": "-1", "c": "-6", "d": "-8", "ap": "-2", "bp": "-2", "tvl": "9"}
WITHDRAWN = {
    "co_vaginal_decision": {"value": "withdrawn"},
    "co_vaginal_withdrawn": {"value": "09:40"},
    "co_alternative": {"value": ["education"]},
}


@pytest.fixture
def note(make):
    return make.note(answers=CONSENT)


@pytest.fixture
def author(client, sign_in, note):
    return sign_in(note.author)


def url(note, more=""):
    return f"/clinic/notes/{note.id}{more}"


def kept(session, note):
    session.expire_all()
    return responses.answers(session, note.response_id)


def section(page, name):
    return re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)[0]


def at(author, note, name):
    versions = re.search(r'name="_version" value="([^"]*)"', author.get(url(note)).text)[1]
    return next(word for word in versions.split() if word.startswith(f"{name}:"))


def test_consent_to_the_vaginal_examination_opens_it_and_leaves_the_rectal_one_closed(author, note):
    page = author.get(url(note)).text
    assert 'id="internal" class="closed"' not in page
    assert 'id="popq" class="closed"' not in page
    for closed in ("rectal", "biofeedback"):
        assert f'id="{closed}" class="closed"' in page
        assert "Opens once the consent block above is complete and says yes." in section(page, closed)


def test_the_stage_and_what_contradicts_it_follow_each_save(author, note):
    points = {f"popq_{name}": value for name, value in POINTS.items()} | {"popq_cervix": "yes"}
    reply = save(author, url(note), points, at=at(author, note, "popq"), autosave=True).json
    assert reply["computed"]["popq"] == "POP-Q stage II, leading: anterior"
    assert reply["beside"] == {}
    beyond = points | {"popq_c": "-9.5", "popq_d": ""}
    reply = save(author, url(note), beyond, at=at(author, note, "popq"), autosave=True).json
    assert "popq" not in reply["computed"]
    assert reply["beside"] == {"popq_c": popq.BEYOND}
    assert popq.BEYOND in section(author.get(url(note)).text, "popq")


def test_one_line_fills_the_four_fields_without_script(author, note, session):
    assert save(author, url(note), {"perfect_line": "3/6/4//7"}, at=at(author, note, "internal")).status_code == 303
    answers = kept(session, note)
    assert "perfect_line" not in answers
    assert answers["perfect_p"]["value"] == 3
    assert [answers[f"perfect_{part}"]["value"]["number"] for part in "erf"] == ["6", "4", "7"]
    page = section(author.get(url(note)).text, "internal")
    assert "PERFECT: 3/6/4//7" in page
    assert re.search(r'name="perfect_p" value="3" checked', page)


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_lost(author, note, session):
    typed = {"perfect_line": "3/6/4", "in_note": "Tender at 5 o'clock."}
    page = save(author, url(note), typed, at=at(author, note, "internal"))
    assert page.status_code == 422
    assert perfect.UNREADABLE in page.text
    assert 'value="3/6/4"' in author.get(url(note)).text
    assert kept(session, note)["in_note"]["value"] == "Tender at 5 o'clock."
    save(author, url(note), {"perfect_line": "3/6/-//7"}, at=at(author, note, "internal"))
    answers = kept(session, note)
    assert "value" not in answers["perfect_line"]
    assert answers["perfect_p"]["value"] == 3
    assert "value" not in answers.get("perfect_r", {})


def test_consent_withdrawn_in_mid_exam_keeps_what_was_found_and_says_until_when(author, note, session):
    save(author, url(note), {"in_contraction": "weak", "perfect_p": "2"}, at=at(author, note, "internal"))
    ended = people.consent() | {"co_vaginal_decision": "withdrawn", "co_vaginal_withdrawn": "9:40"}
    assert save(author, url(note), ended, at=at(author, note, "consent")).status_code == 303
    assert kept(session, note)["in_contraction"]["value"] == "weak"
    page = section(author.get(url(note)).text, "internal")
    assert "Consent to this examination was withdrawn at 9:40 AM." in page
    assert re.search(r'value="weak" checked', page)
    to_sign = html.unescape(author.get(url(note, "/sign")).text)
    assert "was withdrawn at 9:40 AM. What stands here was found until then." in " ".join(to_sign.split())
    assert examconsents.LOCKED not in to_sign
    assert examconsents.NO_ALTERNATIVE in to_sign


def test_a_signed_note_says_until_when_consent_stood(client, make, sign_in):
    answers = filled(FORM, {**NOTE, **CONSENT, **WITHDRAWN, "in_contraction": {"value": "weak"}})
    note = make.note(signed=True, answers=answers)
    sign_in(note.author)
    page = " ".join(client.get(url(note)).text.split())
    assert "Consent to this examination was withdrawn at 9:40 AM. What stands here was found until then." in page
    internal = page[page.index('id="internal:title"') :]
    assert "Weak" in internal[: internal.index("</section>")]


def test_a_refusal_after_findings_were_written_keeps_them_in_sight_and_stops_signing(author, note, session):
    save(author, url(note), {"in_contraction": "weak"}, at=at(author, note, "internal"))
    save(author, url(note), people.consent() | {"co_vaginal_decision": "no"}, at=at(author, note, "consent"))
    page = section(author.get(url(note)).text, "internal")
    assert "Findings stand here, but the consent they need is not recorded." in page
    assert examconsents.LOCKED in html.unescape(author.get(url(note, "/sign")).text)
    assert kept(session, note)["in_contraction"]["value"] == "weak"


def test_within_normal_limits_is_printed_where_it_was_marked_and_nowhere_else(client, make, sign_in):
    note = make.note(signed=True, answers=filled(FORM, {**NOTE, "ab_wnl": {"value": ["wnl"]}}))
    sign_in(note.author)
    page = client.get(url(note)).text
    parts = {name: page[page.index(f'id="{name}:title"') :] for name in ("breathing", "abdomen", "internal", "rectal")}
    said = {name: text[: text.index("</section>")] for name, text in parts.items()}
    assert "Examined, within normal limits" in said.pop("abdomen")
    assert all("Not examined" in text for text in said.values())
    assert not any("within normal limits" in text for text in said.values())


def test_a_note_says_how_its_numbers_were_measured(client, make, sign_in):
    answers = {"hp_coccyx": {"value": 2}, "hp_load": {"status": "not-examined", "reason": "deferred"}}
    answers["hp_mmt"] = {"value": {"hip-abduction": {"hp_mmt_left": "4-", "hp_mmt_nt": "unable"}}}
    note = make.note(signed=True, answers=filled(FORM, {**NOTE, **answers}))
    sign_in(note.author)
    page = client.get(url(note)).text
    assert "How it was measured: External palpation" in page
    assert "Palpation over clothing" in page
    assert "How it was measured: Strength" in page
    assert "Hip abduction: Left 4\u2212, Not tested because unable" in page
    assert "How it was measured: Load tests" not in page
    assert "Not examined: deferred" in page


def test_drawings_show_what_the_fields_hold_and_are_hidden_from_screen_readers(author, note):
    fields = {"in_tenderness.deep-left.in_tender_nprs": "7"}
    save(author, url(note), fields, at=at(author, note, "internal"))
    drawing = re.search(
        r'<svg[^>]*>(?:(?!</svg>).)*data-amount="in_tenderness.*?</svg>', author.get(url(note)).text, re.DOTALL
    )
    assert 'aria-hidden="true"' in drawing[0]
    assert re.search(r'data-amount="in_tenderness.deep-left.in_tender_nprs" fill-opacity="0.7"', drawing[0])
    assert re.search(r'data-amount="in_tenderness.deep-right.in_tender_nprs" fill-opacity="0"', drawing[0])


def test_raised_blood_pressure_says_what_to_do_beside_the_number(author, note):
    reading = {"vi_bp_systolic": "162", "vi_bp_diastolic": "100", "vi_position": "sitting", "vi_method": "manual"}
    save(author, url(note), reading, at=at(author, note, "vitals"))
    assert "160/110 or more after a birth is an emergency" in section(author.get(url(note)).text, "vitals")
