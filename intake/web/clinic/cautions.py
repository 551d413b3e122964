"""Problems, precautions, medicines and allergies as a page may show them, and what must not touch the skin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from intake.clinical import cautions as rules
from intake.clinical.cautions import Origin, Source, Touch
from intake.forms import disclosure, effective, moments, reader
from intake.forms.model import Tier
from intake.security.policy import tiers_up_to
from intake.security.seal import SealError
from intake.store import history, notes, responses, verdicts
from intake.store.history import HandedIn
from intake.store.notes import Briefs, Note
from intake.store.patient_keys import CARE
from intake.store.patients import Patient
from intake.web import actor
from intake.web.clinic import corrected
from intake.web.clinic.drafts import Draft
from intake.web.database import session
from intake.web.instance import instance
from intake.web.say import translated

NAMES = {
    "problems": _l("Problems"),
    "precautions": _l("Precautions"),
    "medicines": _l("Medicines"),
    "allergies": _l("Allergies"),
}
ON_CONTACT = ("co_latex_checked", "co_glove", "co_lubricant")  # where a note writes down what touched her


def ceiling(patient: Patient) -> str:
    """The highest tier a list of the chart holds for whoever asks: what is about safety at home stands in none."""
    below = [tier for tier in tiers_up_to(actor.chart_ceiling(patient)) if tier != Tier.SAFETY]
    return below[-1] if below else ""


def glance(patient: Patient, opened: Sequence[HandedIn], briefs: Briefs, most: str | None = None) -> dict[str, Any]:
    """What the chart shows of them, and the signed notes that could not be used. `most` lowers what is shown."""
    most = ceiling(patient) if most is None else most
    if not most:
        return {"cautions_found": {}, "unusable": [], "touching": None}
    unusable: list[Note] = []
    told = _told(opened, most)
    noted = list(_noted(briefs, most, unusable, (*rules.PARTS, rules.TOUCH)))
    found = rules.cautions(told, noted, translated)
    actor.saw(tier for facts in found.values() for fact in facts for tier in fact.tiers)
    return {"cautions_found": found, "unusable": unusable, "touching": _touch(told, noted)}


def touching(patient: Patient) -> Touch | None:
    """What must not touch her skin, for the head of a page that is about something else; None for nothing known."""
    if not ceiling(patient):
        return None
    opened = history.every(session, responses.intakes(session, patient.id), (CARE,))
    briefs = notes.briefs(session, patient.id)
    found = _touch(_told(opened, Tier.CARE), list(_noted(briefs, Tier.CARE, [], (rules.TOUCH,))))
    actor.saw((Tier.CARE,) if found else ())
    return found or None


def _touch(told: Source | None, noted: Sequence[Source]) -> Touch | None:
    found = rules.touch(told.answers if told else {}, rules.spoken(noted))
    return found or None


def beside(draft: Draft, found: Touch | None) -> dict[str, str]:
    """{question: line} for the first place of a note that asks about gloves or lubricants."""
    place = next((name for name in ON_CONTACT if name in draft.form.by_id), "")
    return {place: " ".join(warnings(found))} if found and place else {}


def warnings(found: Touch) -> Iterator[str]:
    """The warning in words."""
    if found.latex:
        yield _("Latex allergy: no latex gloves, probe covers, condoms or dilators.")
    if found.lubricant:
        yield _("Lubricant allergy: check what is in it before it touches the skin.")
    if found.words:
        yield _("In their words: “%(words)s”.", words=found.words)
    if found.noted:
        yield _("In a signed note: “%(words)s”.", words="”, “".join(found.noted))


def _told(opened: Sequence[HandedIn], most: Tier | str) -> Source | None:
    """The newest word on each question the rules look at, as far as it is shown and may be seen."""
    if not opened:
        return None
    whole = next(
        (e.form for e in reversed(opened) if e.form.id == history.WHOLE and not e.response.only), opened[0].form
    )
    newest = effective.effective([each.answers for each in opened], [each.at for each in opened])
    wanted = [name for names in rules.TOLD.values() for name in names if name in newest]
    shown = disclosure.disclosed(whole, {name: answer for name, (answer, _place) in newest.items()}, most)
    origins = {name: _origin(newest[name][0], opened[newest[name][1]]) for name in wanted if name in shown}
    return Source(whole, {name: shown[name] for name in origins}, origins)


def _origin(answer: Any, stands_in: HandedIn) -> Origin:
    return Origin("form", stands_in.response.id, moments.said_at(answer, stands_in.at))


def _noted(briefs: Briefs, most: str, unusable: list[Note], parts: Sequence[str]) -> Iterator[Source]:
    """The signed notes the rules look at for some parts, the newest first; what does not hold is put aside.

    Of a part the newest that says anything is enough; what must not touch the skin stays so, whatever came after.
    """
    asking = _asking(briefs, parts)
    found = notes.some_signed(session, asking) if asking else {}
    left = set(parts)
    for note_id, asked in asking.items():
        if (
            note_id in found
            and (wanted := asked & left)
            and (source := _opened(found[note_id], wanted, most, unusable))
        ):
            left -= {part for part in wanted if part != rules.TOUCH and rules.says(source, part)}
            yield source


def _asking(briefs: Briefs, parts: Sequence[str]) -> dict[Any, set[str]]:
    """{signed note: the parts it asks about} of the newest few that ask about each part, the newest first."""
    left, found = dict.fromkeys(parts, rules.LOOKS_THROUGH), dict[Any, set[str]]()
    for brief in notes.newest_signed(briefs):
        form = reader.load(brief.form, brief.version)
        if asked := {part for part, more in left.items() if more and rules.asks(form, part)}:
            found[brief.id] = asked
            left |= {part: left[part] - 1 for part in asked}
    return found


def _opened(note: Note, parts: set[str], most: str, unusable: list[Note]) -> Source | None:
    """What a signed note says of some parts; only one that says something has to be checked, and is."""
    try:
        said = note.signatures[0].said
        form = reader.load(said.form, said.form_version)
    except (IndexError, LookupError, ValueError, TypeError, SealError):
        unusable.append(note)
        return None
    shown = disclosure.disclosed(form, said.answers, most)
    origins = dict.fromkeys(shown, Origin("note", note.id, said.signed_at))
    source = Source(form, shown, origins, corrected.lines(note, tiers_up_to(most)))
    if not any(rules.says(source, part) for part in parts):
        return None
    if verdicts.note_faults(session, note, instance().trusted):
        unusable.append(note)
        return None
    return source
