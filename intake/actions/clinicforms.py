"""What an administrator does with forms of the clinic's own: add, publish, retire, and ask for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, NotReadyError, RefusedError, ReplacedError
from intake.clinical import plainness
from intake.clinical.measures import pack, reading
from intake.forms import checking, files, namesakes
from intake.forms.checking import Checked
from intake.forms.faults import Fault
from intake.forms.problems import N_
from intake.store import audit, clinicforms, visitforms
from intake.store.clinicforms import DRAFT, PUBLISHED, RETIRED, ClinicForm
from intake.store.people import User

MOST_FORMS = 5  # for one visit
REPLACED = N_("The draft was replaced meanwhile. Look at it again, then publish it.")


def check(session: Session, text: str) -> Checked:
    """A form's text, looked at as the next version of its form, with warnings."""
    name = str(checking.of_text(text).head.get("id", ""))
    number = _next(session, name)
    checked = checking.of_text(text, number)
    return plainness.with_warnings(_alike(session, _numbered(checked, text, number)))


def _next(session: Session, name: str) -> int:
    """The number after the last version that was published."""
    return max((each.version for each in clinicforms.versions(session, name) if each.status != DRAFT), default=0) + 1


def _numbered(checked: Checked, text: str, number: int) -> Checked:
    """A file need not say which version it is; where it does, it says the right one."""
    table = files.table(files.plain(text), "")
    said = table.get("version", number) if isinstance(table, dict) else number
    if checked.form is None or said == number:
        return checked
    text = N_("version is %(said)s, and the next one is %(next)s. Change it, or take it away.")
    wrong = Fault("", text, {"said": said, "next": number})
    return Checked(None, (wrong, *checked.faults), checked.head)


def _alike(session: Session, checked: Checked) -> Checked:
    """An id of the clinic's is answered in one way in all its forms; what is called a measure fits its slot."""
    found = () if checked.form is None else tuple(namesakes.faults(checked.form, clinicforms.published(session)))
    if checked.form is not None and checked.form.id.startswith(reading.PACK):
        found = (*found, *pack.faults(checked.form))
    return Checked(None, (*found, *checked.faults), checked.head) if found else checked


def add(session: Session, text: str, *, by: User | None, now: datetime) -> ClinicForm:
    """Keep a form as a draft, in place of an earlier draft of it. NotReadyError with everything that is wrong."""
    checked = check(session, text)
    if checked.form is None:
        raise NotReadyError(checked.faults)
    form, given = checked.form, files.plain(text)
    there = next((each for each in clinicforms.versions(session, form.id) if each.status == DRAFT), None)
    row = there or ClinicForm(form=form.id, version=form.version)
    row.text, row.sha256 = given, clinicforms.digest(given)
    row.added_at, row.added_by_id = now, by.id if by else None
    session.add(row)
    session.flush()
    audit.record(session, "form.replaced" if there else "form.added", actor=by, subject=row, now=now)
    session.commit()
    return row


def discard(session: Session, row: ClinicForm, *, by: User, now: datetime) -> None:
    """Throw a draft away."""
    _refuse_unless(row, DRAFT)
    audit.record(session, "form.discarded", actor=by, subject=row, now=now)
    session.delete(row)
    session.commit()


def publish(session: Session, row: ClinicForm, *, seen: str, by: User, now: datetime) -> None:
    """Let visits ask for it. From then on its words are final. NotReadyError when it is not good any more.

    `seen` is the fingerprint of what whoever publishes looked at: ReplacedError when the draft is another since.
    """
    _refuse_unless(row, DRAFT)
    if seen != row.sha256:
        raise ReplacedError(REPLACED)
    checked = check(session, row.text)
    if checked.form is None:
        raise NotReadyError(checked.faults)
    row.status, row.published_at, row.published_by_id = PUBLISHED, now, by.id
    audit.record(session, "form.published", actor=by, subject=row, now=now)
    session.commit()


def retire(session: Session, row: ClinicForm, *, by: User, now: datetime) -> None:
    """No new visit gets it; what was answered stays. A form without a version in use is asked for nowhere any more."""
    _refuse_unless(row, PUBLISHED)
    row.status, row.retired_at, row.retired_by_id = RETIRED, now, by.id
    session.flush()
    if clinicforms.in_use(session, row.form) is None:
        for kind in visitforms.kinds_of(session, row.form):
            visitforms.assign(session, kind, [each for each in visitforms.assigned(session, kind) if each != row.form])
    audit.record(session, "form.retired", actor=by, subject=row, now=now)
    session.commit()


def _refuse_unless(row: ClinicForm, status: str) -> None:
    if row.status != status:
        raise FinalError


def ask(session: Session, kind: str, name: str, *, by: User, now: datetime) -> None:
    """Let visits of a kind ask for one form more, after those they ask for already."""
    names = visitforms.assigned(session, kind)
    if name in names:
        return
    if not visitforms.may_be_asked(session, name):
        message = "This form cannot be asked before a visit. Choose a published one."
        raise RefusedError(message)
    if len(names) >= MOST_FORMS:
        message = "That is as many forms as a visit can ask for. Take one away first."
        raise RefusedError(message)
    _assign(session, kind, (*names, name), by, now)


def leave_out(session: Session, kind: str, name: str, *, by: User, now: datetime) -> None:
    """Let visits of a kind ask for one form less."""
    names = visitforms.assigned(session, kind)
    if name in names:
        _assign(session, kind, tuple(each for each in names if each != name), by, now)


def move(session: Session, kind: str, name: str, by_places: int, *, by: User, now: datetime) -> None:
    """Ask for a form earlier (-1) or later (1) than it was."""
    names = list(visitforms.assigned(session, kind))
    if name not in names or not 0 <= names.index(name) + by_places < len(names):
        return
    place = names.index(name)
    names[place], names[place + by_places] = names[place + by_places], names[place]
    _assign(session, kind, tuple(names), by, now)


def _assign(session: Session, kind: str, names: tuple[str, ...], by: User, now: datetime) -> None:
    visitforms.assign(session, kind, names)
    audit.record(session, "form.assigned", actor=by, reason=kind, now=now)
    session.commit()
