"""What the codes of the audit trail mean in plain words, and which of them hand a record on.

A new code gets its line in WORDS; a test looks through the program for codes that have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from intake.forms.problems import N_

LOOKS_BACK = timedelta(days=6 * 365 + 2)  # six years: 45 CFR 164.528(a)(1)


class Kind(StrEnum):
    """What an act is, for whoever looks through the trail."""

    READ = "read"
    CHANGE = "change"
    DISCLOSURE = "disclosure"
    GIVEN = "given"
    EMERGENCY = "emergency"
    WARNING = "warning"
    SIGN_IN = "sign-in"
    UPKEEP = "upkeep"


KINDS: tuple[tuple[Kind, str], ...] = (
    (Kind.READ, N_("Looked at a record")),
    (Kind.CHANGE, N_("Wrote or changed something")),
    (Kind.DISCLOSURE, N_("Took a record out of Fernleaf")),
    (Kind.GIVEN, N_("Made a document for the patient")),
    (Kind.EMERGENCY, N_("Opened a chart in an emergency")),
    (Kind.WARNING, N_("Refused, or out of the ordinary")),
    (Kind.SIGN_IN, N_("Signed in, factors, sessions")),
    (Kind.UPKEEP, N_("People, settings, keys, upkeep")),
)
WORDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.READ: {
        "read.see-patients": N_("Looked through the list of patients"),
        "read.see-patient": N_("Opened contact details"),
        "read.manage-patients": N_("Opened contact details to change them"),
        "read.manage-team": N_("Opened the care team"),
        "read.invite": N_("Opened a visit"),
        "read.see-worklist": N_("Looked through the worklist"),
        "read.act-on-flag": N_("Opened a warning sign"),
        "read.hand-over-flag": N_("Opened a warning sign to give it to a colleague"),
        "read.read-chart": N_("Opened the chart"),
        "read.search-chart": N_("Looked for words in the chart"),
        "read.review-intake": N_("Opened answers to mark them as reviewed"),
        "read.ask-again": N_("Opened answers to ask a part of them again"),
        "read.print-sensitive": N_("Opened the page to print sensitive answers"),
        "read.read-note": N_("Opened a note"),
        "read.start-note": N_("Began a note"),
        "read.write-note": N_("Opened a note to write"),
        "read.sign-note": N_("Read a note before signing"),
        "read.follow-plan": N_("Opened a plan of care to record what happened to it"),
        "read.add-to-note": N_("Opened a signed note to add to it"),
        "read.cosign-note": N_("Read a note before co-signing"),
        "read.verify-note": N_("Checked the code on a printed note"),
        "read.read-safety": N_("Opened what was answered alone"),
        "read.record-safety": N_("Opened what was answered alone"),
        "read.hand-over": N_("Opened a visit to hand a device over"),
        "safety.searched": N_("Looked for what was answered alone"),
        "read.read-plan": N_("Opened a care plan"),
        "read.ask-form": N_("Asked a patient for a short form"),
        "read.enter-paper": N_("Opened a paper form to type it in"),
        "read.take-out-paper": N_("Looked at what taking a paper form out means"),
        "read.start-plan": N_("Began a care plan"),
        "read.write-plan": N_("Opened a care plan to write"),
        "read.issue-plan": N_("Looked at the preview of a care plan"),
        "read.end-emergency": N_("Closed a chart that was opened in an emergency"),
        "read.review-emergency": N_("Looked through the emergencies"),
        "read.read-audit": N_("Looked through the audit trail"),
    },
    Kind.CHANGE: {
        "care-team.joined": N_("Put somebody on the care team"),
        "care-team.left": N_("Took somebody off the care team"),
        "draft.saved": N_("Wrote in a note or plan"),
        "device.handed-over": N_("Handed a device to the patient"),
        "device.opened-at-home": N_("Opened at home what is asked alone"),
        "device.given-back": N_("The form that is answered alone was closed"),
        "device.answers-noted": N_("What was answered alone counts as read"),
        "safety.written": N_("Wrote down what was done after asking alone"),
        "flag.acknowledged": N_("Took on a warning sign"),
        "flag.alerted": N_("Reminded somebody of a warning sign"),
        "flag.closed": N_("Closed a warning sign"),
        "flag.given": N_("Gave a warning sign to a colleague"),
        "flag.mistake": N_("Said a warning was ticked by mistake"),
        "flag.opened": N_("An answer raised a warning sign"),
        "flag.read": N_("Read a warning"),
        "form.asked": N_("Asked a patient for a short form"),
        "intake.held-pages-dropped": N_("Left out pages that were kept aside"),
        "intake.page-held": N_("A page of the intake was kept aside"),
        "intake.asked-again": N_("Asked a part of the intake again"),
        "intake.begun-anew": N_("The forms of a visit began anew, after a paper was taken out"),
        "intake.reviewed": N_("Marked the answers as reviewed"),
        "intake.section-left": N_("Left a part of the intake"),
        "intake.submitted": N_("Handed in the intake"),
        "invitation.mailed": N_("Sent an invitation by e-mail"),
        "intake.withdrawn": N_("Took back a part that was asked again"),
        "transcript.begun": N_("Began to type in a paper form"),
        "transcript.corrected": N_("Corrected what was typed in from paper"),
        "transcript.correction-begun": N_("Began to correct what was typed in from paper"),
        "transcript.correction-dropped": N_("Left a paper form as it was typed in first"),
        "transcript.moved": N_("Moved a paper form to the visit it belongs to"),
        "transcript.taken-out": N_("Took out a paper form that was typed in in the wrong place"),
        "transcript.thrown-away": N_("Threw away what was typed in of a paper form"),
        "transcript.finished": N_("Typed in a paper form to its end"),
        "transcript.handed-back": N_("Gave a form back to the patient"),
        "transcript.saved": N_("Typed in a part of a paper form"),
        "invitation.opened": N_("Came in with an invitation"),
        "invitation.revoked": N_("Took an invitation back"),
        "invitation.sent": N_("Sent an invitation"),
        "mail.sent": N_("An e-mail to the patient went out"),
        "measure.entered": N_("Typed in the numbers of a measure"),
        "measure.taken-out": N_("Took out numbers of a measure that were typed in wrongly"),
        "note.added-to": N_("Added to a signed note"),
        "note.cosigned": N_("Co-signed a note"),
        "note.signed": N_("Signed a note"),
        "plan-of-care.sent": N_("Recorded that a plan of care was sent"),
        "plan-of-care.returned": N_("Recorded that a plan of care came back signed"),
        "plan-of-care.order": N_("Recorded that a signed order is on file"),
        "plan-of-care.verbal": N_("Recorded an order by word of mouth"),
        "plan-of-care.taken-back": N_("Took back an entry about a plan of care"),
        "note.started": N_("Started a note"),
        "patient.changed": N_("Changed contact details"),
        "patient.created": N_("Added the patient"),
        "plan.started": N_("Started a care plan"),
        "visit.cancelled": N_("Cancelled a visit"),
        "visit.scheduled": N_("Scheduled a visit"),
    },
    Kind.DISCLOSURE: {
        "read.bill-note": N_("Opened or took out a superbill"),
        "read.export-note": N_("Downloaded a signed note with its proof"),
        "read.print-intake": N_("Printed the answers of a form"),
        "intake.printed": N_("Printed the answers of a form, sensitive ones too"),
        "read.print-chart": N_("Printed the chart"),
        "chart.printed": N_("Printed the chart, sensitive parts too"),
    },
    Kind.GIVEN: {
        "plan.issued": N_("Issued a care plan"),
        "plan.reprinted": N_("Printed a care plan again"),
        "read.read-document": N_("Opened an issued document to print or hand over"),
        "read.export-audit": N_("Downloaded the accounting of disclosures"),
    },
    Kind.EMERGENCY: {
        "emergency.searched": N_("Searched for a chart in an emergency"),
        "emergency.opened": N_("Opened the chart in an emergency"),
        "emergency.ended": N_("Ended an emergency"),
        "emergency.reviewed": N_("Looked at an emergency afterwards"),
    },
    Kind.WARNING: {
        "access.denied": N_("Asked for something that is not theirs"),
        "alert.admin-treats": N_("An administrator has a role that charts can be opened to"),
        "alert.invited-again": N_("Sent another invitation after answers had come in"),
        "alert.opened-alone": N_("A visit with oneself opened a chart, as nobody else works here"),
        "alert.door-unreadable": N_("A patient could not come in, because a record could not be opened"),
        "alert.patients-read": N_("Opened 30 or more charts in an hour"),
        "alert.entry-network": N_("Very many tries of access codes"),
        "alert.sign-in-clinic": N_("Very many tries to sign in"),
        "account.sign-in-failed": N_("Wrong password or code"),
        "clock.regression": N_("The clock went back"),
        "invitation.wrong-try": N_("Wrong access code or date of birth"),
        "keys.refused": N_("Wrong password for the keys"),
        "mail.not-sent": N_("An e-mail did not go out"),
        "note.broken": N_("A signed note is no longer what was signed"),
        "owner-key.refused": N_("Wrong owner's key"),
        "record.unreadable": N_("A record could not be opened"),
    },
    Kind.SIGN_IN: {
        "account.authenticator-added": N_("Added an authenticator app"),
        "account.authenticator-offered": N_("Was offered an authenticator app"),
        "account.authenticator-removed": N_("Removed an authenticator app"),
        "account.locked": N_("Locked the screen"),
        "account.passkey-added": N_("Added a passkey"),
        "account.passkey-removed": N_("Removed a passkey"),
        "account.passkey-renamed": N_("Renamed a passkey"),
        "account.password-accepted": N_("Gave the right password"),
        "account.password-changed": N_("Changed the password"),
        "account.password-chosen": N_("Chose a password"),
        "account.recovery-codes-made": N_("Made recovery codes"),
        "account.session-ended": N_("Ended a session"),
        "account.sessions-ended": N_("Ended the other sessions"),
        "account.signed-in": N_("Signed in"),
        "account.signed-out": N_("Signed out"),
        "account.stepped-up": N_("Gave a factor once more"),
        "account.unlocked": N_("Unlocked the screen"),
        "signing-key.made": N_("Made a key to sign with"),
    },
    Kind.UPKEEP: {
        "audit.verified": N_("Tested the audit trail"),
        "clinic.safety-lead": N_("Named who looks after safety"),
        "clinic.changed": N_("Changed the settings"),
        "clinic.set-up": N_("Set up the clinic"),
        "clinic.setup-offered": N_("Made the link to set up the clinic"),
        "codes.loaded": N_("Loaded a list of codes"),
        "codes.stopped": N_("Stopped using a code"),
        "form.added": N_("Added a draft of a form"),
        "form.assigned": N_("Changed which forms a kind of visit asks for"),
        "form.discarded": N_("Threw a draft of a form away"),
        "form.published": N_("Published a form"),
        "phrase.removed": N_("Took a phrase for notes away"),
        "phrase.saved": N_("Wrote a phrase for notes"),
        "form.replaced": N_("Replaced a draft of a form"),
        "form.retired": N_("Retired a form"),
        "demo.loaded": N_("Loaded the fictional clinic"),
        "keys.hold-lifted": N_("Lifted a hold on a record"),
        "keys.hold-placed": N_("Put a hold on a record"),
        "keys.moved": N_("Brought the root keys to another place"),
        "keys.recovered": N_("Typed in the recovery sheet"),
        "keys.rewrapped": N_("Wrapped keys anew"),
        "keys.root-made": N_("Made a root key"),
        "keys.sheet-printed": N_("Printed the recovery sheet"),
        "keys.shred-asked": N_("Asked to destroy the keys of a record"),
        "keys.shred-refused": N_("Tried to destroy the keys of a record, and was refused"),
        "keys.shredded": N_("Destroyed the keys of a record"),
        "clinic.alerts-changed": N_("Changed hours, holidays or who is on call"),
        "location.added": N_("Added a place"),
        "mail.put-away": N_("Put an e-mail away that did not go out"),
        "mail.tried-again": N_("Tried an e-mail again that did not go out"),
        "notes.verified": N_("Tested the signed notes"),
        "owner-key.kept": N_("Said that the owner's key is written down"),
        "owner-key.made": N_("Made an owner's key"),
        "person.added": N_("Added a person"),
        "person.changed": N_("Changed a person's roles"),
        "person.disabled": N_("Switched a person off"),
        "person.enabled": N_("Switched a person on"),
        "person.password-offered": N_("Made a link to choose a password"),
        "person.reset-approved": N_("Approved a reset of factors"),
        "person.reset-asked": N_("Asked for a reset of factors"),
        "person.reset-dropped": N_("Dropped a reset of factors"),
    },
}
KIND_OF = {code: kind for kind, codes in WORDS.items() for code in codes}


def words(code: str) -> str:
    """What a code means, to be translated; the code itself when nobody gave it words."""
    return WORDS[KIND_OF[code]][code] if code in KIND_OF else code


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person of the clinic did with a record: how often, from when to when, and which parts were shown."""

    actor_id: Any
    times: int
    first: datetime
    last: datetime
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accounting:
    """The lines about one patient by what they are; `inside` sums up the work of the clinic, most recent first."""

    disclosed: Sequence[Any]
    given: Sequence[Any]
    emergencies: Sequence[Any]
    inside: Sequence[Seen]


def accounting(lines: Iterable[Any], tiers: Sequence[str]) -> Accounting:
    """The lines about a patient (in the order they were written) as a patient may ask for them.

    What was refused showed nothing, and what the patient did herself hands nothing on: both are left out.
    """
    apart: dict[Kind | None, list[Any]] = {Kind.DISCLOSURE: [], Kind.GIVEN: [], Kind.EMERGENCY: [], None: []}
    for line in lines:
        if line.outcome == "done" and line.actor_kind == "user":
            kind = KIND_OF.get(line.action)
            apart[kind if kind in apart else None].append(line)
    return Accounting(apart[Kind.DISCLOSURE], apart[Kind.GIVEN], apart[Kind.EMERGENCY], _by_person(apart[None], tiers))


def _by_person(lines: Iterable[Any], tiers: Sequence[str]) -> list[Seen]:
    people: dict[Any, list[Any]] = {}
    for line in lines:
        people.setdefault(line.actor_id, []).append(line)
    found = [_seen(actor_id, mine, tiers) for actor_id, mine in people.items()]
    return sorted(found, key=lambda seen: seen.last, reverse=True)


def _seen(actor_id: Any, mine: Sequence[Any], tiers: Sequence[str]) -> Seen:
    parts = {part for line in mine for part in line.categories.split()}
    moments = [line.at for line in mine]
    return Seen(actor_id, len(mine), min(moments), max(moments), tuple(tier for tier in tiers if tier in parts))
