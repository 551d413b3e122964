"""What an administrator does with forms of the clinic's own."""

from __future__ import annotations

from functools import partial

import pytest

from intake.actions import clinicforms as acts
from intake.actions.refusals import FinalError, NotReadyError, RefusedError
from intake.clinical.measures.pack import Said, form_text
from intake.store import audit, clinicforms, visitforms
from intake.store.audit import AuditEvent
from tests.forms.made import FEET, PACK, with_question

TOES = FEET.replace("Are your feet sore?", "Are your toes sore?")


@pytest.fixture
def admin(make):
    return make.admin()


def lines(session, action):
    return [(line.actor_kind, line.subject, line.reason) for line in session.query(AuditEvent).filter_by(action=action)]


def test_a_form_is_added_as_a_draft_with_who_and_when(session, make, admin):
    now = make.now
    row = acts.add(session, FEET, by=admin, now=now)
    assert (row.form, row.version, row.status, row.added_by_id, row.added_at) == (
        "clinic-feet", 1, "draft", admin.id, now,
    )  # fmt: skip
    assert lines(session, "form.added") == [("user", "clinicform", "")]


def test_everything_wrong_with_it_is_said_at_once_and_nothing_is_kept(session, make, admin):
    with pytest.raises(NotReadyError) as refused:
        acts.add(session, with_question("colour = 1").replace("en-US", "?"), by=admin, now=make.now)
    assert len(refused.value.reasons) == 2
    assert clinicforms.everything(session) == []


def test_line_ends_of_another_system_give_the_same_form(session, make, admin):
    row = acts.add(session, "\ufeff" + FEET.replace("\n", "\r\n"), by=admin, now=make.now)
    assert (row.text, row.sha256) == (FEET, clinicforms.digest(FEET))


def test_a_draft_is_replaced_and_a_published_version_gets_a_next_one(session, make, admin):
    first = acts.add(session, FEET, by=admin, now=make.now)
    assert acts.add(session, TOES, by=None, now=make.now).id == first.id
    assert (first.version, first.text, first.added_by_id) == (1, TOES, None)
    acts.publish(session, first, seen=first.sha256, by=admin, now=make.now)
    second = acts.add(session, FEET, by=admin, now=make.now)
    assert (second.version, second.id == first.id) == (2, False)
    assert [len(lines(session, f"form.{act}")) for act in ("added", "replaced", "published")] == [2, 1, 1]


@pytest.mark.parametrize(("said", "is_good"), [("1", True), ("2", False), ("7", False)])
def test_a_file_that_says_which_version_it_is_says_the_next_one(session, make, admin, said, is_good):
    checked = acts.check(session, f"version = {said}\n{FEET}")
    assert (checked.form is not None) is is_good
    if not is_good:
        assert f"version is {said}, and the next one is 1" in str(checked.faults[0])


@pytest.mark.parametrize("name", ["clinic-feet", "clinic-toes"])
def test_an_id_is_answered_in_one_way_in_all_versions_and_forms(session, make, admin, name):
    make.clinic_form(FEET)
    changed = FEET.replace('"yes-no"', '"scale"').replace("clinic-feet", name)
    with pytest.raises(NotReadyError) as refused:
        acts.add(session, changed, by=admin, now=make.now)
    assert "clinic_sore is answered in another way in clinic-feet, version 1" in str(refused.value.reasons[0])
    acts.retire(session, clinicforms.everything(session)[0], by=admin, now=make.now)
    assert acts.check(session, changed).form is None  # its answers are still there
    assert acts.check(session, TOES.replace("clinic-feet", name)).form is not None


def test_of_two_drafts_that_ask_one_id_in_two_ways_only_one_is_published(session, make, admin):
    changed = FEET.replace('"yes-no"', '"scale"').replace("clinic-feet", "clinic-toes")
    rows = [make.clinic_form(text, publish=False) for text in (FEET, changed)]
    acts.publish(session, rows[1], seen=rows[1].sha256, by=admin, now=make.now)
    with pytest.raises(NotReadyError):
        acts.publish(session, rows[0], seen=rows[0].sha256, by=admin, now=make.now)


def test_a_draft_is_thrown_away(session, make, admin):
    acts.discard(session, acts.add(session, FEET, by=admin, now=make.now), by=admin, now=make.now)
    assert clinicforms.everything(session) == []
    assert audit.has(session, "form.discarded")


def test_a_published_form_is_final(session, make, admin):
    row = make.clinic_form(FEET)
    publish = partial(acts.publish, seen=row.sha256)
    for act in (publish, acts.discard):
        with pytest.raises(FinalError):
            act(session, row, by=admin, now=make.now)
    acts.retire(session, row, by=admin, now=make.now)
    for act in (publish, acts.discard, acts.retire):
        with pytest.raises(FinalError):
            act(session, row, by=admin, now=make.now)


def test_a_draft_is_not_retired(session, make, admin):
    with pytest.raises(FinalError):
        acts.retire(session, make.clinic_form(FEET, publish=False), by=admin, now=make.now)


def test_words_that_whoever_publishes_has_not_seen_are_not_published(session, make, admin):
    row = make.clinic_form(FEET, publish=False)
    seen = row.sha256
    acts.add(session, FEET.replace("Are your feet sore?", "Are they?"), by=make.admin(), now=make.now)
    with pytest.raises(RefusedError, match="replaced meanwhile"):
        acts.publish(session, row, seen=seen, by=admin, now=make.now)
    assert row.status == "draft"


def test_a_draft_that_is_not_good_any_more_is_not_published(session, make, admin):
    row = make.clinic_form(FEET, publish=False)
    row.text = FEET.replace("clinic_sore", "ft_sore")
    with pytest.raises(NotReadyError):
        acts.publish(session, row, seen=row.sha256, by=admin, now=make.now)
    assert row.status == "draft"


def test_a_retired_form_is_taken_off_the_visits_and_stays_off(session, make, admin):
    row = make.clinic_form(FEET)
    for name in ("intake", "clinic-feet"):
        acts.ask(session, "follow-up", name, by=admin, now=make.now)
    acts.retire(session, row, by=admin, now=make.now)
    assert visitforms.assigned(session, "follow-up") == ("intake",)


def test_retiring_an_older_version_leaves_the_visits_as_they_are(session, make, admin):
    older = make.clinic_form(FEET)
    make.clinic_form(TOES)
    acts.ask(session, "follow-up", "clinic-feet", by=admin, now=make.now)
    acts.retire(session, older, by=admin, now=make.now)
    assert visitforms.assigned(session, "follow-up") == ("clinic-feet",)


def test_forms_are_asked_for_moved_and_left_out(session, make, admin):
    make.clinic_form(FEET)
    by = {"by": admin, "now": make.now}
    for name in ("intake", "check-in", "clinic-feet", "intake"):
        acts.ask(session, "follow-up", name, **by)
    assert visitforms.assigned(session, "follow-up") == ("intake", "check-in", "clinic-feet")
    acts.move(session, "follow-up", "clinic-feet", -1, **by)
    acts.move(session, "follow-up", "intake", 1, **by)
    acts.move(session, "follow-up", "clinic-feet", -1, **by)
    acts.move(session, "follow-up", "nothing", 1, **by)
    assert visitforms.assigned(session, "follow-up") == ("clinic-feet", "intake", "check-in")
    acts.leave_out(session, "follow-up", "intake", **by)
    acts.leave_out(session, "follow-up", "intake", **by)
    assert visitforms.assigned(session, "follow-up") == ("clinic-feet", "check-in")
    assert lines(session, "form.assigned") == [("user", "", "follow-up")] * 6


@pytest.mark.parametrize("name", ["safety", "evaluation", "clinic-feet", "clinic-gone", "../keys"])
def test_what_is_answered_alone_and_what_is_not_published_is_never_asked_before_a_visit(session, make, admin, name):
    make.clinic_form(FEET, publish=False)
    with pytest.raises(RefusedError, match="cannot be asked"):
        acts.ask(session, "follow-up", name, by=admin, now=make.now)
    assert visitforms.assigned(session, "follow-up") == ()


def test_a_visit_asks_for_a_few_forms_at_most(session, make, admin):
    names = [f"clinic-feet-{number}" for number in range(acts.MOST_FORMS + 1)]
    for name in names:
        make.clinic_form(FEET.replace("clinic-feet", name))
    for name in names[:-1]:
        acts.ask(session, "follow-up", name, by=admin, now=make.now)
    with pytest.raises(RefusedError, match="as many forms"):
        acts.ask(session, "follow-up", names[-1], by=admin, now=make.now)


def test_a_form_that_is_called_a_measure_has_to_fit_its_slot(session, make):
    text = form_text(PACK, Said())
    wrong = text.replace('{ code = "3", text = "Only clouds" },', "", 1)
    assert wrong != text
    with pytest.raises(NotReadyError, match="a choice among the codes 0, 1, 2, 3"):
        acts.add(session, wrong, by=make.admin(), now=make.now)
    assert acts.add(session, text, by=make.admin(), now=make.now).form == "clinic-measure-phq-2"
