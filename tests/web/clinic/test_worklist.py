"""Warning signs that wait for somebody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.actions import flags as acts
from intake.forms import reader
from intake.store import audit, flags, outbox, responses
from intake.store.outbox import Outgoing
from tests.pages import place, save


@pytest.fixture
def flag(client, new_client, make, enter, session):
    """A flag an intake has just raised through the patient's own page."""
    invitation = make.invitation(make.visit(make.patient(legal_name="Rowan Flagged")))
    patient = enter(invitation, new_client())
    page = save(patient, "page 2.2", {"rf_bleed": "heavy", "rf_temp_taken": "not-taken-fine"})
    assert page.status_code == 303
    return next(each for each in flags.open_flags(session) if each.rule == "E1")


def close(client, flag, outcome="Called: at the hospital.", version=None):
    url = f"/clinic/worklist/{flag.id}"
    return client.submit(f"{url}/close", {"outcome": outcome, "version": str(version or flag.version)}, at=url)


def test_any_therapist_sees_it_gravest_first_and_it_stays_until_an_outcome_is_written(client, make, sign_in, flag):
    sign_in(make.therapist())
    page = client.get("/clinic/worklist").text
    assert "Rowan Flagged" in page
    assert page.index("too much blood") < page.index("</table>")
    assert close(client, flag).status_code == 303
    assert str(flag.id) not in client.get("/clinic/worklist").text
    assert "Called: at the hospital." in client.get(f"/clinic/worklist/{flag.id}").text


def test_a_colleague_takes_it_on_and_her_name_shows(client, make, sign_in, flag, session):
    sign_in(make.therapist(name="Tess Taker"))
    for _time in range(2):
        client.submit(f"/clinic/worklist/{flag.id}/acknowledge", at=f"/clinic/worklist/{flag.id}")
    assert "taken this on already" in client.get(f"/clinic/worklist/{flag.id}").text
    assert "Tess Taker" in client.get("/clinic/worklist").text
    session.expire_all()
    assert flag.acknowledged_at is not None
    assert flag.closed_at is None


def test_a_sign_that_grew_says_in_its_row_what_is_new(client, new_client, make, enter, sign_in, session, clock):
    visit = make.visit()
    patient, there = enter(make.invitation(visit), new_client()), place("rf_heart")
    for count in (1, 2, 3):
        save(patient, there, {"rf_heart": ["rf_chest", "rf_breath", "rf_seizure"][:count]})
        session.expire_all()
        for flag in flags.of_response(session, responses.intake_of(session, visit.id).id):
            if count < 3 and not flag.is_taken:
                acts.acknowledge(session, flag, by=visit.therapist, now=make.now)
        clock.shift(timedelta(minutes=3))
    sign_in(visit.therapist)
    page = re.sub(r"\s+", " ", client.get("/clinic/worklist").text)
    options = {option.code: option.text for option in reader.latest("intake").by_id["rf_heart"].options}
    for code in ("rf_breath", "rf_seizure"):
        assert page.count(f"New: {options[code]}</small>") == 1
    assert page.count("It adds to an entry of") == 2
    newest = next(each for each in flags.open_flags(session) if not each.is_taken)
    assert f"New: {options['rf_seizure']}" in client.get(f"/clinic/worklist/{newest.id}").text
    sign_in(make.therapist())  # on call, and not of her care team
    page = client.get("/clinic/worklist").text
    assert page.count("It adds to an entry of") == 2
    assert "New:" not in page


def test_it_says_what_the_patient_was_told_and_where_the_rule_comes_from(client, make, sign_in, flag):
    sign_in(make.therapist())
    page = client.get(f"/clinic/worklist/{flag.id}").text
    assert "Call 911 now" in page
    assert "Rule E1" in page
    assert "555-0123" in page


def test_it_is_not_closed_without_words_that_can_be_kept(client, make, sign_in, flag, session):
    for outcome in ("", "   ", "x" * 2001, "a\u202eb", "a\x00b"):
        sign_in(make.therapist())
        assert close(client, flag, outcome).status_code == 422
        session.expire_all()
        assert flag.closed_at is None


def test_what_a_colleague_wrote_is_not_overwritten(client, make, sign_in, flag, session):
    sign_in(make.therapist())
    seen = flag.version
    close(client, flag, "First", seen)
    session.refresh(flag)
    for version in (seen, flag.version):
        client.get("/clinic")
        late = client.post(
            f"/clinic/worklist/{flag.id}/close",
            data={"csrf_token": client.token, "outcome": "Second", "version": str(version)},
        )
        assert late.status_code == 409
    session.refresh(flag)
    assert flag.outcome == "First"


def test_nobody_but_a_therapist_finds_the_worklist(client, new_client, make, sign_in, flag):
    for user in (make.front_desk(), make.admin()):
        browser = sign_in(user, new_client())
        assert browser.get("/clinic/worklist").status_code == 404
        assert browser.get(f"/clinic/worklist/{flag.id}").status_code == 404


# ---------------------------------------------------------------- whose turn it is


def test_an_entry_is_the_visit_s_therapist_s_and_the_page_says_when_the_next_person_is_reminded(
    client, make, sign_in, flag
):
    sign_in(make.therapist())
    for page in (client.get("/clinic/worklist").text, client.get(f"/clinic/worklist/{flag.id}").text):
        assert flag.owner.name in page
        assert "Next reminder" in page
    assert "never: it is only listed" not in page


def test_who_opened_it_first_is_kept_and_a_later_look_changes_nothing(client, new_client, make, sign_in, flag, session):
    assert "not opened yet" in sign_in(make.therapist(), new_client()).get("/clinic/worklist").text
    first = make.therapist(name="Fay First")
    assert "Fay First" in sign_in(first).get(f"/clinic/worklist/{flag.id}").text
    sign_in(make.therapist(), new_client()).get(f"/clinic/worklist/{flag.id}")
    session.refresh(flag, ["seen_by_id", "seen_at", "version"])
    assert flag.seen_by_id == first.id
    assert "opened by Fay First, not taken on" in client.get("/clinic/worklist").text


def test_looking_does_not_keep_anybody_from_closing_it(client, new_client, make, sign_in, flag):
    sign_in(make.therapist())
    seen = flag.version
    sign_in(make.therapist(), new_client()).get(f"/clinic/worklist/{flag.id}")
    assert close(client, flag, version=seen).status_code == 303


def test_nobody_without_the_right_counts_as_having_seen_it(client, make, sign_in, flag, session):
    assert sign_in(make.front_desk()).get(f"/clinic/worklist/{flag.id}").status_code == 404
    session.refresh(flag, ["seen_at"])
    assert flag.seen_at is None


def give(client, flag, to):
    url = f"/clinic/worklist/{flag.id}"
    return client.submit(f"{url}/give", {"to": str(to.id)}, at=url)


def test_the_owner_gives_it_to_a_colleague_who_is_told_and_has_to_take_it_on(client, make, sign_in, flag, session):
    other = make.therapist(name="Olga Other")
    sign_in(flag.owner)
    client.submit(f"/clinic/worklist/{flag.id}/acknowledge", at=f"/clinic/worklist/{flag.id}")
    sent = outbox.waiting(session)
    assert give(client, flag, other).status_code == 303
    session.expire_all()
    assert (flag.owner_id, flag.acknowledged_at) == (other.id, None)
    assert outbox.waiting(session) == sent + 1
    assert audit.has(session, "flag.given")
    assert "Olga Other has it now." in client.get("/clinic/worklist").text


def test_it_is_not_given_to_somebody_who_could_not_open_it(client, make, sign_in, flag, session):
    sign_in(flag.owner)
    for nobody in (make.front_desk(), make.therapist(is_active=False), flag.owner):
        give(client, flag, nobody)
        session.expire_all()
        assert flag.owner_id == flag.patient.visits[0].therapist_id


def test_only_the_owner_and_an_administrator_on_the_team_are_offered_to_give_it(
    new_client, make, sign_in, flag, session
):
    lead = make.user("admin", "therapist")
    make.member(flag.patient, lead, "therapist")
    for user, offered in ((flag.owner, True), (lead, True), (make.therapist(), False)):
        browser = sign_in(user, new_client())
        page = browser.get(f"/clinic/worklist/{flag.id}").text
        assert ("Give to" in page) is offered
        if not offered:
            assert (
                browser.post(f"/clinic/worklist/{flag.id}/give", data={"csrf_token": browser.token}).status_code == 404
            )


def test_who_takes_it_on_has_it(client, make, sign_in, flag, session):
    taker = make.therapist()
    sign_in(taker)
    client.submit(f"/clinic/worklist/{flag.id}/acknowledge", at=f"/clinic/worklist/{flag.id}")
    session.expire_all()
    assert flag.owner_id == taker.id


def test_the_day_says_how_many_entries_wait_for_whom_and_nothing_about_them(client, new_client, make, sign_in, flag):
    owner = sign_in(flag.owner)
    page = owner.get("/clinic").text
    assert re.search(r"\d+ entr(y|ies) of the worklist waits? for you", page)
    assert "too much blood" not in page
    assert "of the worklist wait" not in sign_in(make.therapist(), new_client()).get("/clinic").text


def test_who_was_reminded_last_finds_it_on_the_page_of_the_day(client, make, sign_in, flag, session):
    reminded = make.therapist()
    flags.note_alert(session, flag, reminded.id, make.now)
    session.commit()
    assert "1 entry of the worklist waits for you." in sign_in(reminded).get("/clinic").text


def test_an_answer_that_raises_an_emergency_queues_the_mail_in_the_same_transaction(flag, session):
    (row,) = session.scalars(select(Outgoing)).all()
    assert (row.kind, row.user_id, row.patient_id, row.content) == ("notice", flag.owner_id, None, None)
