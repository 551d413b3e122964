"""The timeline of a chart: what happened when, of what its reader may see, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l

from intake.clinical import timeline as rules
from intake.clinical.timeline import Event
from intake.store import notes, people, timeline
from intake.store.consents import Consent
from intake.store.flags import Flag
from intake.store.notes import Briefs
from intake.store.patients import Patient
from intake.store.plans import Document, Plan
from intake.store.responses import Response
from intake.web import actor, clock
from intake.web.actor import me
from intake.web.clinic import glances
from intake.web.database import session

NAMES = {
    "visits": _l("Visits"),
    "forms": _l("Intakes and short forms"),
    "notes": _l("Notes"),
    "plans": _l("Plans and documents"),
    "signs": _l("Warning signs"),
    "consents": _l("Consents"),
    "disclosures": _l("Printed and downloaded"),
}


def shown(
    patient: Patient, signs: Iterable[Flag], agreed: Iterable[Consent], known: Iterable[Response | Plan], briefs: Briefs
) -> dict[str, Any]:
    """What the page shows of it: the days of one page, their records, and the kinds one can keep to.

    `known` are the forms and plans the page has read already, `briefs` all notes of the patient (notes.briefs).
    """
    events = timeline.events(session, patient.id) + timeline.disclosures(session, patient.id)
    events += [Event("sign", sign.opened_at, sign.id, sign, sign.because_tier) for sign in signs]
    for each in agreed:
        tier = glances.tier(each)
        events.append(Event("consent", each.signed_at, each.id, each, tier))
        if each.withdrawn_at:
            events.append(Event("withdrawal", each.withdrawn_at, each.id, each, tier))
    kind = request.args.get("kind", "")
    found = rules.page(events, tiers=actor.tiers(), zone=clock.zone(), kind=kind, number=_number())
    records = timeline.records(session, found.events, {each.id: each for each in _with_documents(known)})
    return {
        "timeline": found, "records": records, "kind": kind if kind in NAMES else "",
        "timeline_kinds": [(name, NAMES[name], found.counts[name]) for name in NAMES if found.counts[name]],
        "whole": sum(found.counts.values()), "names_of": people.names(session, _signers(found.events, records)),
        "written": notes.written(briefs, me()),
    }  # fmt: skip


def _with_documents(known: Iterable[Response | Plan]) -> Iterator[Response | Plan | Document]:
    for each in known:
        yield from (each, *(each.documents if isinstance(each, Plan) else ()))


def _number() -> int:
    """The page that is asked for; the first where the address says none."""
    typed = request.args.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1  # noqa: PLR2004 - digits


def _signers(events: Iterable[Event], records: dict[Any, Any]) -> set[Any]:
    """Whose names the lines say beside those their records bring along."""
    later = {records[event.key].signer_id for event in events if event.what in {"addendum", "cosignature"}}
    return later | {event.record.actor_id for event in events if event.what == "disclosure"}
