"""What of a patient's chart stands on a page: below its viewer's ceiling there, and told to the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from intake.clinical import summary as summaries
from intake.clinical.signed import ADDENDUM
from intake.clinical.summary import Summary
from intake.forms import disclosure
from intake.forms.model import Tier
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

WHOLE = "intake"  # the form that asks everything


def summary(intake: Response) -> Summary | None:
    """The summary of an intake; None for whoever may not see the chart."""
    ceiling = actor.chart_ceiling(intake.patient)
    if not ceiling:
        return None
    form = responses.form_of(intake)
    found = summaries.summary(form, responses.answers(session, intake.id), today=clock.today(), ceiling=ceiling)
    actor.saw(found.tiers)
    return found


def newest(intakes: Sequence[Response]) -> Summary | None:
    """The summary of all a patient was asked, newest first: of each question the newest word, of a later form too."""
    ceiling = actor.chart_ceiling(intakes[0].patient) if intakes else ""
    if not ceiling:
        return None
    whole = next((each for each in intakes if each.form == WHOLE and each.only is None), intakes[0])
    answers = history.newest([history.opened(session, each) for each in sorted(intakes, key=_moment)])
    form = responses.form_of(whole)
    found = summaries.summary(form, answers, today=clock.today(), ceiling=ceiling)
    actor.saw(found.tiers)
    return found


def _moment(asked: Response) -> tuple[bool, datetime, int]:
    """Those that are in come first: what is being answered now is newer."""
    return asked.completed_at is None, asked.completed_at or asked.started_at, asked.number


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
    form = responses.form_of(answered)
    return disclosure.tiers(form).get(consent.question, Tier.SAFETY)
