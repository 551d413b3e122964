"""What of a patient's chart stands on a page: below its viewer's ceiling there, and told to the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from intake.clinical import review
from intake.clinical import summary as summaries
from intake.clinical.additions import ADDITIONS, Addition, Change
from intake.clinical.review import Review
from intake.clinical.signed import Signed
from intake.clinical.summary import Summary
from intake.forms import disclosure, moments, reader
from intake.forms.model import Tier
from intake.forms.recall import Before
from intake.forms.words import say
from intake.security import policy
from intake.store import amendment_requests, consents, flags, history, responses
from intake.store.amendment_requests import AmendmentRequest
from intake.store.consents import Consent
from intake.store.flags import Flag
from intake.store.history import HandedIn
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.responses import Response
from intake.store.signatures import Signature
from intake.web import actor, clock
from intake.web.actor import me
from intake.web.database import session
from intake.web.say import translated

WHOLE = "intake"  # the form that asks everything


def summary(intake: Response) -> Summary | None:
    """The summary of an intake; None for whoever may not see the chart."""
    ceiling = actor.chart_ceiling(intake.patient)
    if not ceiling:
        return None
    form = responses.form_of(intake)
    answers = moments.as_of(responses.answers(session, intake.id), intake.filled_on)
    born = intake.patient.birth_date
    found = summaries.summary(form, answers, today=clock.today(), ceiling=ceiling, born=born)
    actor.saw(found.tiers)
    return found


def newest(intakes: Sequence[HandedIn]) -> Summary | None:
    """The summary of all a patient was asked (history.every): of each question the newest word, of a later form too."""
    ceiling = actor.chart_ceiling(intakes[0].response.patient) if intakes else ""
    if not ceiling:
        return None
    begun = sorted(intakes, key=lambda each: (each.response.started_at, -each.response.number), reverse=True)
    whole = next((e.response for e in begun if e.response.form == WHOLE and e.response.only is None), begun[0].response)
    answers = history.newest([_as_of(each) for each in intakes])
    form, born = responses.form_of(whole), whole.patient.birth_date
    found = summaries.summary(form, answers, today=clock.today(), ceiling=ceiling, born=born)
    actor.saw(found.tiers)
    return found


def _as_of(each: HandedIn) -> HandedIn:
    """What a paper says is reckoned from the day it was filled in."""
    return replace(each, answers=moments.as_of(each.answers, each.response.filled_on))


def stood(response: Response) -> Before:
    """What a form asks about whether it is still right, as far as the viewer of this request may see it."""
    below = actor.tiers()
    if not below:
        return {}
    return {
        name: replace(said, answer=disclosure.within(said.question, said.answer, Tier(below[-1])))
        for name, said in history.stood(session, response).items()
        if said.tier in below
    }


def called_right(found: Review) -> None:
    """Note what a review shows again of what was called right."""
    actor.saw(each.tier for part in found.parts for row in part.rows for each in row.confirmed)


def signs(patient: Patient, *, closed: bool = True, of: Response | None = None) -> list[Flag]:
    """The warning signs of a patient, gravest first; the open ones only, where a page is no place for the others.

    `of` is the form they were raised by, where a page is about one.
    """
    below = _below(patient)
    rows = flags.of_patient(session, patient.id) if of is None else flags.of_response(session, of.id)
    found = [(flag, flag.because_tier) for flag in rows if closed or not flag.closed_at]
    actor.saw(tier for _flag, tier in found if tier in below)
    return [flag for flag, tier in found if tier in below]


def agreed(patient: Patient) -> list[Consent]:
    """What the patient was asked to agree to, newest first."""
    below = _below(patient)
    found = [(consent, tier(consent)) for consent in consents.of_patient(session, patient.id)]
    actor.saw(tier for _consent, tier in found if tier in below)
    return [consent for consent, tier in found if tier in below]


@dataclass(frozen=True, slots=True)
class Ticked:
    """An agreement that is ticked on a paper without a signature."""

    response: Response
    title: str
    said: str


def ticked(patient: Patient, intakes: Sequence[Response]) -> list[Ticked]:
    """What is ticked on papers without a signature, and was signed nowhere since."""
    papers = [each for each in intakes if each.is_from_paper]
    below, signed = _below(patient), consents.of_patient(session, patient.id) if papers else []
    found: list[Ticked] = []
    for paper in papers:
        if names := consents.unsigned(session, paper) - consents.signed_since(session, paper, signed):
            found += _ticked(paper, names, below)
    return found


def _ticked(paper: Response, names: Collection[str], below: Collection[str]) -> Iterator[Ticked]:
    form, answers = responses.form_of(paper), responses.said(session, paper)
    for question in form.questions():
        if question.id in names and question.tier in below and "value" in answers.get(question.id, {}):
            actor.saw([question.tier])
            said = review.ticked(say(question, answers[question.id], translated), translated)
            yield Ticked(paper, translated(question.text), said)


@dataclass(frozen=True, slots=True)
class Added:
    """One addition to a note: what was signed, and what of it the viewer sees. `field` names what was corrected."""

    entry: Signature
    words: Addition | None
    change: Change | None
    field: str


def added(note: Note) -> list[Added]:
    """What was added to a note; without its words for whoever did not write them and may not see such things.

    It goes as far as its signer said. What was corrected goes as far as what it corrects: whoever reads the wrong
    words reads the right ones.
    """
    below = _below(note.patient)
    entries = [entry for entry in note.signatures if entry.kind in ADDITIONS]
    return [_added(entry, below, note.signatures[0].said) for entry in entries]


def _added(entry: Signature, below: Collection[str], note: Signed) -> Added:
    said, is_mine = entry.said.addition, entry.signer_id == me().id
    question = (
        reader.load(note.form, note.form_version).by_id.get(said.change.question) if said and said.change else None
    )
    words = said if said is None or is_mine else said.below(below, question)
    change = said.change if said and question and (question.tier in below or is_mine) else None
    actor.saw(words.tiers(question) if words else {question.tier} if question and change else ())
    return Added(entry, words, change, translated(question.text) if question and change else "")


def wished(note: Note, *, may_answer: bool) -> list[AmendmentRequest]:
    """What the patient asked to have changed in a note: for whoever answers it all, for others what waits for it.

    They read its words, where those are for everybody; an answer says them itself.
    """
    if may_answer:
        return amendment_requests.of_note(session, note.id)
    below = _below(note.patient)
    found = [each for each in amendment_requests.open_of_note(session, note.id) if each.words_tier in below]
    actor.saw(each.words_tier for each in found)
    return found


def _below(patient: Patient) -> tuple[str, ...]:
    return policy.tiers_up_to(actor.chart_ceiling(patient))


def tier(consent: Consent) -> str:
    """The tier of the question a consent answers."""
    answered = session.get_one(Response, consent.response_id)
    form = responses.form_of(answered)
    return disclosure.tiers(form).get(consent.question, Tier.SAFETY)
