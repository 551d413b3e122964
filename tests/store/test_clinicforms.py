"""Forms of the clinic: kept as they were given, final once published, found by every process."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from intake.actions import clinicforms as acts
from intake.forms import reader, shelf
from intake.forms.errors import FormError
from intake.store import clinicforms
from intake.store.binding import ForgedError
from intake.store.clinicforms import ClinicForm
from tests.forms.made import FEET
from tests.tampering import unprotected

TOES = FEET.replace("Are your feet sore?", "Are your toes sore?")


@pytest.fixture
def published(session, make):
    return make.clinic_form(FEET)


def test_a_form_is_kept_word_for_word_with_its_hash(session, published):
    session.expire_all()
    row = clinicforms.get(session, published.id)
    assert (row.text, row.sha256) == (FEET, clinicforms.digest(FEET))
    assert clinicforms.read(row).by_id["clinic_sore"].text == "Are your feet sore?"


def test_the_newest_published_version_is_in_use(session, make, published):
    assert clinicforms.in_use(session, "clinic-feet") is published
    draft = make.clinic_form(TOES, publish=False)
    assert draft.version == 2
    assert clinicforms.in_use(session, "clinic-feet") is published
    acts.publish(session, draft, seen=draft.sha256, by=make.admin(), now=make.now)
    assert clinicforms.in_use(session, "clinic-feet") is draft
    assert clinicforms.newest(session, "clinic-feet").by_id["clinic_sore"].text == "Are your toes sore?"


def test_an_older_version_does_not_come_back_when_the_newest_is_retired(session, make, published):
    newer = make.clinic_form(TOES)
    acts.retire(session, newer, by=make.admin(), now=make.now)
    assert clinicforms.in_use(session, "clinic-feet") is None
    with pytest.raises(FormError, match="not in use"):
        clinicforms.newest(session, "clinic-feet")


def test_retired_and_replaced_versions_are_still_read_for_the_answers_given_to_them(session, make, published):
    acts.retire(session, make.clinic_form(TOES), by=make.admin(), now=make.now)
    shelf.forget()
    found = [clinicforms.fetch(session, "clinic-feet", number).by_id["clinic_sore"].text for number in (1, 2)]
    assert found == ["Are your feet sore?", "Are your toes sore?"]


@pytest.mark.parametrize(("form", "version"), [("clinic-feet", 2), ("clinic-feet", 9), ("clinic-hands", 1)])
def test_a_draft_and_what_is_not_there_is_no_form_to_answer(session, make, published, form, version):
    make.clinic_form(TOES, publish=False)
    with pytest.raises(FormError, match="never published"):
        clinicforms.fetch(session, form, version)


def test_our_own_forms_are_found_as_before(session):
    assert clinicforms.newest(session, "intake") is reader.latest("intake")


def test_another_process_finds_what_was_published_a_moment_ago(app, published):
    shelf.forget()
    with app.app_context():
        assert reader.load("clinic-feet", 1).by_id["clinic_sore"].text == "Are your feet sore?"


@pytest.mark.parametrize(
    "change", ["text = replace(text, 'feet', 'toes')", f"sha256 = '{'0' * 64}'", "version = 7", "status = 'retired'"]
)
def test_a_row_changed_behind_the_apps_back_is_an_error_and_never_a_form(app, session, published, change):
    with unprotected(session):
        session.execute(text(f"UPDATE clinic_forms SET {change}"))
        session.commit()
    session.expunge_all()
    shelf.forget()
    with app.app_context(), pytest.raises((ForgedError, FormError)):
        reader.load("clinic-feet", 1)
    with pytest.raises(ForgedError):
        clinicforms.everything(session)


def test_a_text_that_is_not_the_one_of_its_hash_is_an_error_even_with_the_right_mark(session, make):
    row = ClinicForm(form="clinic-feet", version=1, text=FEET, sha256="0" * 64, added_at=make.now)
    session.add(row)
    session.commit()
    with pytest.raises(ForgedError):
        clinicforms.read(row)
