"""What the desk is told from a form at once, ways to reach her and her name; from a paper so that it can be taken back.

What a paper says may be older than what is on file: it makes ways to reach her stricter, and never freer. A paper that
was typed in wrongly, or under the wrong name, leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from intake.clinical import contacts
from intake.clinical.values import value
from intake.forms.conditions import Answers
from intake.forms.entry import Entry
from intake.forms.merge import bare
from intake.store import history, responses
from intake.store.responses import Response

NAME = "id_name_used"
NOTHING: Answers = {}


def tell(session: Session, response: Response, entry: Entry, answers: Answers, earlier: Answers) -> None:
    """What a page of a form says of this counts at once, not only when the form is in. So does what is taken back."""
    if contacts.SAID & (entry.answers.keys() | entry.emptied):
        if response.is_from_paper:
            _on_paper(session, response, answers, _corrected(session, response))
        else:
            response.patient.contacts = contacts.with_her_word(response.patient.contacts, answers, earlier)
    if name := value(entry.answers, NAME):
        _call(response, name)


def _corrected(session: Session, response: Response) -> Answers:
    """What the transcript says that this one puts right; nothing where it puts none right."""
    return responses.said(session, response.corrects) if response.corrects is not None else NOTHING


def _on_paper(session: Session, response: Response, answers: Answers, earlier: Answers) -> None:
    """What it says now, not what it seemed to say a tick ago: its own earlier word on a way is taken back first."""
    stood = response.patient.contacts
    before = contacts.taken_back(stood, _own(response, response.corrects), NOTHING)
    found = _no_freer(session, response, contacts.with_word_on_paper(before, answers, earlier))
    response.reach = contacts.noted(response.reach, stood, found)
    response.patient.contacts = found


def _own(response: Response, former: Response | None) -> list[dict[str, Any]]:
    """What it changed itself; where it puts another one right, with what that one had told before."""
    told = former.reach if former is not None else []
    stood = {(each["method"], each["value"]): each["after"] for each in told}
    new = [each for each in response.reach if each not in told]
    return [{**each, "before": stood.get((each["method"], each["value"]), each["before"])} for each in new]


def _no_freer(session: Session, response: Response, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What she said of a way to reach her since she wrote a paper holds, also of one that came on file later."""
    return contacts.no_freer(found, *history.may_have_told(session, response.patient_id))


def _call(response: Response, name: str) -> None:
    """Her word stands; a paper only says what to call somebody of whom nobody else has said it."""
    patient = response.patient
    if not response.is_from_paper:
        patient.name_used = name
    elif not patient.name_used or patient.name_used == response.called:
        patient.name_used = response.called = name


def take_back(session: Session, response: Response) -> None:
    """What a paper changed stands as before, unless somebody changed it since; what her other forms say counts."""
    patient, others = response.patient, history.told_the_clinic(session, response.patient_id)
    found = contacts.taken_back(patient.contacts, response.reach, others)
    patient.contacts = _no_freer(session, response, found)
    if response.called and patient.name_used == response.called:
        patient.name_used = value(others, NAME) or ""


def tell_again(session: Session, response: Response, answers: Answers, earlier: Answers) -> None:
    """What a paper says now, in place of what it said in `earlier` answers; where both agree, nothing is touched."""
    if all(bare(answers.get(name)) == bare(earlier.get(name)) for name in (*contacts.SAID, NAME)):
        return
    take_back(session, response)
    response.reach, response.called = [], ""
    _on_paper(session, response, answers, NOTHING)
    if name := value(answers, NAME):
        _call(response, name)


def leave(session: Session, response: Response, former: Response) -> None:
    """What was told while a paper was put right is taken back to what it had told before: that is not kept."""
    patient, others = response.patient, history.told_the_clinic(session, response.patient_id)
    found = contacts.taken_back(patient.contacts, _own(response, former), others)
    patient.contacts = _no_freer(session, response, found)
    if response.called != former.called and patient.name_used == response.called:
        patient.name_used = former.called
