"""What of a patient's chart stands on a page: below its viewer's ceiling there, and told to the audit trail."""

from __future__ import annotations

from intake.clinical import summary as summaries
from intake.clinical.signed import ADDENDUM
from intake.clinical.summary import Summary
from intake.forms import disclosure, reader, recall
from intake.forms.conditions import Answers
from intake.forms.model import Form, Tier
from intake.security import policy
from intake.store import consents, flags, history, responses
from intake.store.consents import Consent
from intake.store.flags import Flag
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.responses import Response
from intake.store.signatures import Signature
from intake.web import actor, clock
from intake.web.actor import me
from intake.web.database import session


def summary(intake: Response) -> Summary | None:
    """The summary of what stands with a form; None for whoever may not see the chart."""
    ceiling = actor.chart_ceiling(intake.patient)
    if not ceiling:
        return None
    form, answers = _standing(intake)
    found = summaries.summary(form, answers, today=clock.today(), ceiling=ceiling)
    actor.saw(found.tiers)
    return found


def _standing(intake: Response) -> tuple[Form, Answers]:
    """A whole intake as it is. After a shorter form: the intake it builds on, with what she has said since."""
    latest = history.foundation(session, intake)
    if history.is_whole(latest):
        return reader.load(latest.form, latest.form_version), responses.answers(session, latest.id)
    layers = history.layers(session, latest)
    return layers[0].form, {name: said.answer for name, said in recall.effective(layers).items()}


def signs(patient: Patient, *, closed: bool = True) -> list[Flag]:
    """The warning signs of a patient, gravest first; the open ones only, where a page is no place for the others."""
    below = _below(patient)
    found = [
        (flag, flag.because_tier) for flag in flags.of_patient(session, patient.id) if closed or not flag.closed_at
    ]
    actor.saw(tier for _flag, tier in found if tier in below)
    return [flag for flag, tier in found if tier in below]


def agreed(patient: Patient) -> list[Consent]:
    """What the patient was asked to agree to, newest first."""
    below = _below(patient)
    found = [(consent, _tier(consent)) for consent in consents.of_patient(session, patient.id)]
    actor.saw(tier for _consent, tier in found if tier in below)
    return [consent for consent, tier in found if tier in below]


def added(note: Note) -> list[tuple[Signature, str]]:
    """The addenda of a note with their words; without them for whoever did not write them and may not see such things.

    What was added can be about anything, so it counts as private.
    """
    may_see = str(Tier.SENSITIVE) in _below(note.patient)
    entries = [entry for entry in note.signatures if entry.kind == ADDENDUM]
    found = [(entry, entry.said.text if may_see or entry.signer_id == me().id else "") for entry in entries]
    actor.saw({Tier.SENSITIVE for _entry, words in found if words})
    return found


def _below(patient: Patient) -> tuple[str, ...]:
    return policy.tiers_up_to(actor.chart_ceiling(patient))


def _tier(consent: Consent) -> str:
    """The tier of the question a consent answers."""
    answered = session.get_one(Response, consent.response_id)
    form = reader.load(answered.form, answered.form_version)
    return disclosure.tiers(form).get(consent.question, Tier.SAFETY)
