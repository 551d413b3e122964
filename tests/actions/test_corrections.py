"""A paper form typed in wrongly is put right; one that is somebody else's is taken out. Nothing is lost or closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.actions import askings, corrections, shortforms, transcripts
from intake.actions import flags as worklist
from intake.actions.refusals import FinalError, RefusedError
from intake.forms import merge
from intake.store import amendments, audit, beginnings, consents, flags, history, responses
from tests.actions.test_transcripts import finish, last, start, typed

HEAVY, NONE = {"rf_bleed": {"value": "heavy"}}, {"rf_bleed": {"value": "none"}}
GOAL, RUN = {"fn_goal_top": {"value": "To lift"}}, {"fn_goal_top": {"value": "To run"}}
WHY = "The tick stood one line lower."


def open_and_gone(session, paper):
    """Whether its warning signs wait for a person, and none of them holds."""
    found = flags.of_patient(session, paper.patient_id)
    return bool(found) and all(flag.closed_at is None and not flag.still_true for flag in found)


def bare(session, response):
    return {name: merge.bare(answer) for name, answer in responses.said(session, response).items()}


def by(response):
    return response.visit.therapist


@pytest.fixture
def paper(make, clock):
    return make.transcript(answers=GOAL, finished=True)


@pytest.fixture
def put_right(session, make):
    """A transcript with other answers in place of what was typed in first."""

    def done(response, answers, *, why=WHY, signature=None):
        made = corrections.begin(session, response, by=by(response), now=make.now)
        for name, answer in answers.items():
            typed(session, make, made, {name: answer})
        finish(session, make, made, why=why, signature=signature)
        return made

    return done


@pytest.fixture
def take_out(session, make):
    def done(response, kind=amendments.NOT_HERS):
        corrections.take_out(session, response, kind, "Another name stands on it.", by=by(response), now=make.now)

    return done


# ---------------------------------------------------------------- put right


def test_a_correction_begins_with_what_was_typed_and_counts_once_it_is_done(session, make, paper):
    made = corrections.begin(session, paper, by=by(paper), now=make.now)
    assert bare(session, made) == bare(session, paper)
    assert responses.asked(session, paper.visit_id) == [paper]
    assert last(session) == "transcript.correction-begun"
    typed(session, make, made, RUN)
    finish(session, make, made, why=WHY)
    assert responses.asked(session, paper.visit_id) == [made]
    assert (paper.status, made.status) == (responses.AMENDED, responses.COMPLETED)
    assert last(session) == "transcript.corrected"


def test_both_words_stay_with_who_corrected_them_when_and_why(session, put_right, paper):
    made = put_right(paper, RUN)
    kept = amendments.of_response(session, paper.id)
    assert (kept.kind, kept.text, kept.user_id) == ("corrected", WHY, by(paper).id)
    words = [responses.answers(session, each.id)["fn_goal_top"]["value"] for each in (paper, made)]
    assert words == ["To lift", "To run"]
    assert responses.intake(session, paper.id) is paper
    assert amendments.of_response(session, made.id) is None


def test_two_people_who_correct_the_same_paper_write_in_one_version(session, make, paper):
    first, second = (corrections.begin(session, paper, by=by(paper), now=make.now) for _each in range(2))
    assert first.id == second.id


def test_a_correction_that_changes_nothing_or_gives_no_reason_is_not_kept(session, make, put_right, paper):
    with pytest.raises(RefusedError, match="Nothing is changed"):
        put_right(paper, {})
    with pytest.raises(RefusedError, match="say why"):
        put_right(paper, RUN, why="")
    session.rollback()
    assert paper.status == responses.COMPLETED


def test_an_answer_that_is_blank_on_the_paper_is_gone_from_what_counts(session, put_right, paper):
    put_right(paper, {"fn_goal_top": {"status": "skipped"}})
    assert "value" not in history.newest(history.before(session, _none(paper)))["fn_goal_top"]


def _none(paper):
    """A form of the same patient that is still to come."""
    other = responses.Response(patient_id=paper.patient_id, visit_id=paper.visit_id, form="intake", form_version=1)
    other.completed_at = None
    return other


def test_what_she_said_after_the_paper_is_newer_than_its_correction(session, make, put_right, paper, clock):
    clock.shift(timedelta(days=30))
    visit = make.visit(paper.patient, by(paper), kind="follow-up")
    later = make.transcript(visit, form="check-in", answers={"ci_pain": {"value": 3}}, finished=True)
    clock.shift(timedelta(days=1))
    made = put_right(paper, RUN)
    assert [each.response.id for each in history.before(session, later)] == [made.id]
    assert history.latest(session, paper.patient_id).id == later.id


def test_a_form_that_follows_a_paper_builds_on_its_correction(session, make, put_right, paper):
    visit = make.visit(paper.patient, by(paper), kind="follow-up")
    follow = beginnings.begin(session, visit, "follow-up", now=make.now + timedelta(days=1))
    session.commit()
    assert history.stood(session, follow)["fn_goal_top"].answer["value"] == "To lift"
    put_right(paper, RUN)
    assert history.stood(session, follow)["fn_goal_top"].answer["value"] == "To run"


def test_only_a_paper_that_is_in_and_counts_is_put_right(session, make, put_right, paper):
    put_right(paper, RUN)
    for response in (paper, make.transcript(), make.intake(submitted=True)):
        with pytest.raises(FinalError):
            corrections.begin(session, response, by=by(paper), now=make.now)
        session.rollback()


def test_a_correction_can_be_corrected_and_all_words_stay(session, put_right, paper):
    second = put_right(paper, RUN)
    third = put_right(second, {"fn_goal_top": {"value": "To dance"}})
    assert third.versions == (third.id, second.id, paper.id)
    assert responses.asked(session, paper.visit_id) == [third]


def test_a_correction_is_not_given_to_the_patient_to_answer(session, make, paper):
    made = corrections.begin(session, paper, by=by(paper), now=make.now)
    with pytest.raises(FinalError):
        transcripts.hand_back(session, made, by=by(paper), now=make.now)


# ---------------------------------------------------------------- warning signs


def test_a_sign_that_the_correction_shows_opens_an_entry_as_it_is_typed(session, make, paper):
    made = corrections.begin(session, paper, by=by(paper), now=make.now)
    saved = typed(session, make, made, HEAVY)
    assert saved.new_rules
    assert {flag.rule for flag in flags.of_patient(session, paper.patient_id)} == saved.new_rules


def test_a_sign_that_was_mistyped_stays_on_the_worklist_until_a_person_closes_it(session, make, put_right):
    paper = make.transcript(answers=HEAVY, finished=True)
    found = flags.of_patient(session, paper.patient_id)
    put_right(paper, NONE)
    assert open_and_gone(session, paper)
    assert flags.open_flags(session) == found
    assert {flag.response.status for flag in found} == {responses.AMENDED}


def test_while_a_correction_is_typed_in_what_the_paper_raised_still_holds(session, make):
    paper = make.transcript(answers=HEAVY, finished=True)
    made = corrections.begin(session, paper, by=by(paper), now=make.now)
    typed(session, make, made, NONE)
    assert {flag.still_true for flag in flags.of_patient(session, paper.patient_id)} == {True}


def test_a_sign_that_was_corrected_away_holds_again_as_soon_as_it_is_typed_again(session, make, put_right):
    paper = make.transcript(answers=HEAVY, finished=True)
    second = put_right(paper, NONE)
    assert open_and_gone(session, paper)
    made = corrections.begin(session, second, by=by(paper), now=make.now)
    typed(session, make, made, HEAVY)
    assert {flag.still_true for flag in flags.of_patient(session, paper.patient_id)} == {True}


def test_a_sign_that_holds_before_and_after_keeps_its_one_entry(session, make, put_right):
    paper = make.transcript(answers={**HEAVY, **GOAL}, finished=True)
    found = flags.of_patient(session, paper.patient_id)
    worklist.acknowledge(session, found[0], by=by(paper), now=make.now)
    made = put_right(paper, RUN)
    assert flags.of_patient(session, paper.patient_id) == flags.of_response(session, made.id) == found
    assert all(flag.still_true for flag in found)


def test_a_correction_that_is_left_undone_changes_nothing_and_closes_nothing(session, make, paper):
    made = corrections.begin(session, paper, by=by(paper), now=make.now)
    typed(session, make, made, HEAVY)
    corrections.drop(session, made, by=by(paper), now=make.now)
    assert responses.asked(session, paper.visit_id) == [paper]
    assert responses.correction(session, paper.id) is None
    assert {(flag.closed_at, flag.still_true) for flag in flags.of_patient(session, paper.patient_id)} == {
        (None, False)
    }
    with pytest.raises(FinalError):
        corrections.drop(session, made, by=by(paper), now=make.now)


def test_a_sign_that_came_back_while_a_dropped_correction_was_typed_in_holds_no_more(session, make, put_right, clock):
    paper = make.transcript(answers=HEAVY, finished=True)
    clock.shift(timedelta(days=1))
    second = put_right(paper, NONE)
    clock.shift(timedelta(days=1))
    made = corrections.begin(session, second, by=by(paper), now=make.now)
    typed(session, make, made, HEAVY)
    assert not open_and_gone(session, paper)
    corrections.drop(session, made, by=by(paper), now=make.now)
    assert open_and_gone(session, paper)


def test_a_sign_typed_in_and_taken_back_before_the_end_holds_no_more_once_its_correction_is_dropped(
    session, make, clock
):
    paper = make.transcript(answers=GOAL)
    for said in (HEAVY, NONE):
        typed(session, make, paper, said)
    clock.shift(timedelta(minutes=1))
    finish(session, make, paper)
    clock.shift(timedelta(days=1))
    made = corrections.begin(session, paper, by=by(paper), now=make.now)
    typed(session, make, made, HEAVY)
    corrections.drop(session, made, by=by(paper), now=make.now)
    assert open_and_gone(session, paper)


def test_a_sign_that_a_correction_brought_stays_when_a_correction_of_that_one_is_dropped(
    session, make, put_right, paper, clock
):
    clock.shift(timedelta(days=1))
    second = put_right(paper, HEAVY)
    clock.shift(timedelta(days=1))
    made = corrections.begin(session, second, by=by(paper), now=make.now)
    typed(session, make, made, NONE)
    corrections.drop(session, made, by=by(paper), now=make.now)
    assert {flag.still_true for flag in flags.of_patient(session, paper.patient_id)} == {True}


# ---------------------------------------------------------------- agreements


def test_agreements_follow_the_correction(session, make, put_right):
    paper = make.transcript(answers={"cons_treat": {"value": "agree"}}, finished=True)
    signature = transcripts.Signature("Rowan Invented", make.now.date())
    made = put_right(paper, {"cons_treat": {"value": "discuss"}}, signature=signature)
    (kept,) = consents.of_patient(session, paper.patient_id)
    assert (kept.response_id, kept.decision) == (made.id, "discuss")
    assert [each.decision for each in consents.of_response(session, paper.id)] == ["agree"]


def test_an_agreement_that_a_correction_leaves_alone_stays_signed_and_noted_as_it_was(session, make, put_right, clock):
    paper = make.transcript(answers={"cons_photo": {"value": "yes"}, **GOAL}, finished=True)
    noted = consents.of_response(session, paper.id)[0].signed_at
    clock.shift(timedelta(days=5))
    make.intake(make.visit(paper.patient), {"cons_photo": {"value": "no"}}, submitted=True)
    clock.shift(timedelta(days=1))
    put_right(paper, RUN, signature=transcripts.Signature("Rowan Invented", paper.filled_on))
    found = [each for each in consents.of_patient(session, paper.patient_id) if each.question == "cons_photo"]
    assert [each.decision for each in found] == ["no", "yes"]
    assert found[1].signed_at == noted


@pytest.mark.parametrize("unsigned_first", [False, True])
@pytest.mark.parametrize(("signer", "days"), [("Rowan  Invented-Fern", 0), ("Rowan Invented", 1)])
def test_an_agreement_that_was_withdrawn_stays_so_however_its_signature_is_put_right(
    session, make, put_right, clock, signer, days, unsigned_first
):
    paper = make.transcript(answers={"cons_photo": {"value": "agree"}, **GOAL}, finished=True)
    (given,) = consents.of_response(session, paper.id)
    given.withdrawn_at = withdrawn_at = make.now
    session.commit()
    clock.shift(timedelta(days=5))
    if unsigned_first:
        paper = put_right(paper, {"fn_goal_top": {"value": "To swim"}})
    signature = transcripts.Signature(signer, paper.filled_on - timedelta(days=days))
    put_right(paper, RUN, signature=signature)
    (found,) = consents.of_patient(session, paper.patient_id)
    assert (found.signer, found.withdrawn_at) == (signer, withdrawn_at)


# ---------------------------------------------------------------- what the desk was told

WAYS = [{"method": way, "value": f"{way}-1", "safe": "safe"} for way in ("mobile", "email")]
NEITHER = {
    "id_contact_methods": {"value": ["mobile", "email"]},
    "id_safe_to_contact": {"value": {"mobile": "not-safe", "email": "not-safe"}},
    "id_name_used": {"value": "Ro"},
}


@pytest.fixture
def told(session, make):
    """A paper that calls no way to reach her safe, and gives a name."""
    paper = start(session, make, make.visit(make.patient(contacts=WAYS, name_used="")))
    for name, answer in NEITHER.items():
        typed(session, make, paper, {name: answer})
    finish(session, make, paper)
    assert safe(paper) == {"mobile": "not-safe", "email": "not-safe"}
    return paper


def safe(paper):
    return {each["method"]: each["safe"] for each in paper.patient.contacts}


def test_a_way_that_was_mistyped_as_unsafe_is_as_it_was_once_that_is_put_right(told, put_right):
    put_right(told, {"id_safe_to_contact": {"value": {"mobile": "not-safe", "email": "safe"}}})
    assert safe(told) == {"mobile": "not-safe", "email": "safe"}
    assert told.patient.name_used == "Ro"


def test_what_the_desk_was_told_from_somebody_elses_paper_is_as_it_was(told, take_out):
    take_out(told)
    assert safe(told) == {"mobile": "safe", "email": "safe"}
    assert told.patient.name_used == ""


def test_what_the_desk_changed_since_stays(session, told, take_out):
    told.patient.contacts = [{**each, "safe": "appointments-only"} for each in told.patient.contacts]
    told.patient.name_used = "Robin"
    session.commit()
    take_out(told)
    assert safe(told) == {"mobile": "appointments-only", "email": "appointments-only"}
    assert told.patient.name_used == "Robin"


def test_what_she_said_herself_stands_when_a_paper_is_taken_out(session, make, told, take_out):
    hers = make.intake(
        make.visit(told.patient, by(told)), {"id_safe_to_contact": {"value": {"mobile": "not-safe", "email": "safe"}}}
    )
    assert not hers.is_from_paper
    take_out(told)
    assert safe(told) == {"mobile": "not-safe", "email": "safe"}


def test_what_a_correction_told_the_desk_goes_with_it_when_it_is_left_undone(session, make):
    paper = make.transcript(make.visit(make.patient(contacts=WAYS)), answers=GOAL, finished=True)
    made = corrections.begin(session, paper, by=by(paper), now=make.now)
    for name, answer in NEITHER.items():
        typed(session, make, made, {name: answer})
    assert safe(paper) == {"mobile": "not-safe", "email": "not-safe"}
    corrections.drop(session, made, by=by(paper), now=make.now)
    assert safe(paper) == {"mobile": "safe", "email": "safe"}


def test_a_correction_left_undone_leaves_the_word_of_the_paper(session, make, told):
    made = corrections.begin(session, told, by=by(told), now=make.now)
    typed(session, make, made, {"id_safe_to_contact": {"value": {"mobile": "safe", "email": "not-safe"}}})
    corrections.drop(session, made, by=by(told), now=make.now)
    assert safe(told) == {"mobile": "not-safe", "email": "not-safe"}
    assert told.patient.name_used == "Ro"


# ---------------------------------------------------------------- taken out


def test_a_paper_of_somebody_else_is_out_of_everything_and_its_signs_stay(session, make, take_out):
    paper = make.transcript(answers={**HEAVY, "cons_treat": {"value": "agree"}}, finished=True)
    take_out(paper)
    assert paper.status == "entered-in-error"
    assert responses.intake(session, paper.id) is None
    assert responses.transcript(session, paper.id) is None
    assert responses.intakes(session, paper.patient_id) == responses.asked(session, paper.visit_id) == []
    assert history.told_the_clinic(session, paper.patient_id) == {}
    assert consents.of_patient(session, paper.patient_id) == []
    assert {(flag.closed_at, flag.still_true) for flag in flags.of_patient(session, paper.patient_id)} == {
        (None, False)
    }
    kept = amendments.of_response(session, paper.id)
    assert (kept.kind, kept.text) == ("not-hers", "Another name stands on it.")


def test_what_is_taken_out_stays_sealed_on_file_with_a_line_of_the_trail(session, take_out, paper):
    take_out(paper)
    assert responses.answers(session, paper.id)["fn_goal_top"]["value"] == "To lift"
    assert last(session) == "transcript.taken-out"
    line = session.query(audit.AuditEvent).order_by(audit.AuditEvent.seq.desc()).first()
    assert line.reason == "not-hers"


def test_the_visit_asks_for_the_form_again(session, make, take_out, paper):
    take_out(paper, amendments.NOT_OF_VISIT)
    (offer,) = transcripts.offered(session, paper.visit, make.now)
    assert (offer.name, offer.reason, offer.response) == ("intake", "", None)


def test_all_versions_go_and_the_one_being_typed_in_too(session, make, put_right, take_out, paper):
    second = put_right(paper, RUN)
    opened = corrections.begin(session, second, by=by(paper), now=make.now)
    take_out(second)
    assert {each.status for each in (paper, second, opened)} == {"entered-in-error"}
    with pytest.raises(FinalError):
        typed(session, make, opened, GOAL)


def test_what_a_patient_typed_herself_is_never_taken_out(session, make, take_out):
    hers = make.intake(submitted=True)
    with pytest.raises(FinalError):
        take_out(hers)
    assert hers.status == responses.COMPLETED


@pytest.fixture
def short(session, make):
    """A short form that the therapist asked for, handed in on paper."""

    def handed_in(visit):
        shortforms.ask(session, visit, "check-in", by=visit.therapist, now=make.now)
        return make.transcript(visit, form="check-in", answers={"ci_pain": {"value": 3}}, finished=True)

    return handed_in


def test_a_short_form_that_is_taken_out_is_asked_again(session, make, short, take_out):
    visit = make.visit()
    take_out(short(visit), amendments.NOT_OF_VISIT)
    (again,) = responses.asked(session, visit.id)
    assert (again.form, again.is_waiting, again.touched) == ("check-in", True, False)


def test_an_intake_that_is_taken_out_is_asked_again_where_another_form_of_the_visit_is_in(
    session, make, short, take_out
):
    """Else nothing would be left to ask: what the visit asks for by itself begins only with its first form."""
    visit = make.visit()
    paper = make.transcript(visit, answers=GOAL, finished=True)
    short(visit)
    take_out(paper)
    assert [each.form for each in responses.asked(session, visit.id) if each.is_waiting] == ["intake"]
    assert not responses.all_in(session, visit.id)


def test_a_part_that_is_asked_again_is_not_the_whole_form(session, make, take_out):
    visit = make.visit()
    paper = make.transcript(visit, answers=GOAL, finished=True)
    part = askings.ask_again(session, paper, "goals", visit=visit, by=visit.therapist, now=make.now)
    take_out(paper)
    waiting = [each for each in responses.asked(session, visit.id) if each.is_waiting]
    assert part in waiting
    assert [each.form for each in waiting if each.only is None] == ["intake"]


def test_what_waits_for_her_already_is_not_asked_twice(session, make, short, take_out):
    visit = make.visit()
    paper = short(visit)
    other = shortforms.ask(session, visit, "check-in", by=visit.therapist, now=make.now)
    take_out(paper)
    assert responses.asked(session, visit.id) == [other]


def test_a_short_form_of_a_visit_that_was_called_off_is_asked_no_more(session, make, short, take_out):
    paper = short(make.visit())
    paper.visit.cancelled_at = make.now
    session.commit()
    take_out(paper)
    assert responses.asked(session, paper.visit_id) == []


def test_a_short_form_that_is_moved_to_another_visit_is_asked_again_where_it_stood(session, make, short):
    paper = short(make.visit())
    visit = make.visit(paper.patient, by(paper))
    made = corrections.move(session, paper, visit, "x", by=by(paper), today=make.now.date(), now=make.now)
    assert responses.asked(session, visit.id) == [made]
    assert [(each.form, each.is_waiting) for each in responses.asked(session, paper.visit_id)] == [("check-in", True)]


# ---------------------------------------------------------------- thrown away while it is typed in


@pytest.fixture
def open_paper(session, make, clock):
    """Somebody else's sheet, half typed in, with a warning sign and a word for the desk."""
    paper = make.transcript(make.visit(make.patient(contacts=[{"method": "email", "value": "a@b.c", "safe": "safe"}])))
    typed(session, make, paper, HEAVY)
    typed(session, make, paper, {"id_safe_to_contact": {"value": {"email": "not-safe"}}})
    return paper


def throw_away(session, make, paper, kind=amendments.NOT_HERS):
    corrections.throw_away(session, paper, kind, "Another name stands on it.", by=by(paper), now=make.now)


def test_a_sheet_of_somebody_else_is_thrown_away_before_it_is_ended(session, make, open_paper):
    throw_away(session, make, open_paper)
    assert open_paper.status == "entered-in-error"
    assert safe(open_paper) == {"email": "safe"}
    assert open_and_gone(session, open_paper)
    assert responses.answers(session, open_paper.id)["rf_bleed"]["value"] == "heavy"
    kept = amendments.of_response(session, open_paper.id)
    assert (kept.kind, kept.text, kept.user_id) == ("not-hers", "Another name stands on it.", by(open_paper).id)
    line = session.query(audit.AuditEvent).order_by(audit.AuditEvent.seq.desc()).first()
    assert (line.action, line.reason) == ("transcript.thrown-away", "not-hers")
    with pytest.raises(FinalError):
        typed(session, make, open_paper, GOAL)


def test_a_short_form_that_is_thrown_away_is_asked_about_the_same_thing(session, make):
    visit = make.visit()
    shortforms.ask(session, visit, "check-in", measured="bowel", by=visit.therapist, now=make.now)
    throw_away(session, make, make.transcript(visit, form="check-in"))
    (again,) = responses.asked(session, visit.id)
    assert responses.answers(session, again.id)["ci_measure"]["value"] == "bowel"


@pytest.mark.parametrize(("form", "said"), [("intake", "fn_goal_top"), ("check-in", "ci_name_1")])
def test_the_patient_is_asked_what_was_thrown_away(session, make, clock, form, said):
    visit = make.visit()
    shortforms.ask(session, visit, form, by=visit.therapist, now=make.now)
    paper = make.transcript(visit, form=form)
    typed(session, make, paper, {said: {"value": "x"}})
    throw_away(session, make, paper, amendments.NO_PAPER)
    (hers,) = responses.asked(session, visit.id)
    assert (hers.form, hers.is_from_paper, hers.touched) == (form, False, False)


def test_what_is_in_is_hers_or_corrects_something_is_not_thrown_away(session, make, paper):
    for response in (paper, corrections.begin(session, paper, by=by(paper), now=make.now), make.intake()):
        with pytest.raises(FinalError):
            throw_away(session, make, response)


def test_a_visit_that_was_called_off_asks_for_nothing_that_is_thrown_away(session, make, open_paper):
    open_paper.visit.cancelled_at = make.now
    session.commit()
    throw_away(session, make, open_paper)
    assert responses.asked(session, open_paper.visit_id) == []


# ---------------------------------------------------------------- another visit


def test_a_paper_of_another_visit_stands_with_that_visit(session, make, clock):
    paper = make.transcript(answers={**HEAVY, "cons_treat": {"value": "agree"}}, finished=True)
    found = flags.of_patient(session, paper.patient_id)
    visit = make.visit(paper.patient, by(paper))
    made = corrections.move(
        session, paper, visit, "Two visits in a week.", by=by(paper), today=make.now.date(), now=make.now
    )
    assert responses.asked(session, paper.visit_id) == []
    assert responses.asked(session, visit.id) == [made]
    assert bare(session, made) == bare(session, paper)
    assert paper.status == responses.IN_ERROR
    assert flags.of_response(session, made.id) == found
    assert all(flag.still_true for flag in found)
    (agreed,) = consents.of_patient(session, paper.patient_id)
    assert (agreed.response_id, agreed.signer, agreed.seen_by) == (made.id, "Rowan Invented", by(paper).name)


def test_a_visit_that_has_the_form_was_called_off_or_is_another_patients_takes_none(session, make, paper):
    taken, off, other = make.visit(paper.patient), make.visit(paper.patient), make.visit()
    make.transcript(taken)
    off.cancelled_at = make.now
    session.commit()
    for visit in (taken, off, other, paper.visit):
        with pytest.raises(RefusedError):
            corrections.move(session, paper, visit, "x", by=by(paper), today=make.now.date(), now=make.now)
        session.rollback()
    assert paper.status == responses.COMPLETED


def test_a_paper_that_is_being_corrected_is_not_moved(session, make, paper):
    corrections.begin(session, paper, by=by(paper), now=make.now)
    with pytest.raises(RefusedError, match="correcting this form"):
        corrections.move(
            session, paper, make.visit(paper.patient), "x", by=by(paper), today=make.now.date(), now=make.now
        )
