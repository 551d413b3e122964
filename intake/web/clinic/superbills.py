"""The superbill of a signed visit, as a page, a table for other programs and a document.

Nothing above the care tier, except a diagnosis that is kept apart and that the patient wants on the bill.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask import Response as Answer
from flask_babel import gettext as _

from intake.clinical.additions import Change
from intake.clinical.coding import codes, diagnoses, procedures
from intake.clinical.coding.codes import Lists
from intake.clinical.coding.diagnoses import Written
from intake.clinical.coding.files import money
from intake.clinical.coding.procedures import Account
from intake.clinical.goals import Source
from intake.forms.conditions import Answers
from intake.pdf.model import BilledCode, BilledFact, Superbill
from intake.pdf.press import press
from intake.security.limits import Bucket
from intake.security.policy import Permission
from intake.store import notes
from intake.store.notes import Note
from intake.web import actor, clock, limits
from intake.web.actor import me
from intake.web.clinic import coding, corrected, proofs
from intake.web.database import session
from intake.web.guard import allow
from intake.web.say import said, translated

bp = Blueprint("superbills", __name__, url_prefix="/clinic/notes")
Paper = Literal["letter", "a4"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would work out
MODIFIER = "GP"  # under a plan of care of physical therapy
# What is billed from the note the diagnoses are from, and what from the note of the visit alone.
OPEN, NOTES_OWN = frozenset({"dx"}), frozenset({"dx_apart", "pr", "pr_total", "pr_payer", "pr_tied"})
BOM = "\ufeff"  # without it Excel takes the letters of a name for others
HEAD = (
    "kind",
    "code",
    "title",
    "modifier",
    "minutes",
    "units",
    "charge",
    "date_of_service",
    "patient",
    "born",
    "payer",
)


@bp.get("/<uuid:note_id>/superbill")
@allow(Permission.BILL_NOTE, note=notes.get)
def show(note: Note) -> Any:
    """What would be billed, and what to look at again before."""
    if not _is_final(note):
        return _not_yet(note)
    bill, account = _bill(note)
    left_out = _is_some_left_out(note, bill)
    return render_template("clinic/superbills/show.html", note=note, bill=bill, account=account, left_out=left_out)


@bp.get("/<uuid:note_id>/superbill/table")
@allow(Permission.BILL_NOTE, note=notes.get)
def table(note: Note) -> Any:
    """The same as CSV, a row for each code."""
    if not _is_final(note):
        return _not_yet(note)
    bill, account = _bill(note)
    written = io.StringIO(BOM, newline="")
    written.seek(0, io.SEEK_END)
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(HEAD)
    rows.writerows([_plain(cell) for cell in row] for row in _rows(bill, account))
    headers = {"Content-Disposition": f'attachment; filename="superbill-{bill.visit_on}.csv"'}
    return Answer(written.getvalue(), mimetype="text/csv", headers=headers)


@bp.get("/<uuid:note_id>/superbill/<any(letter, a4):paper>")
@allow(Permission.BILL_NOTE, note=notes.get)
def document(note: Note, paper: Paper) -> Any:
    """The same as a PDF."""
    if not _is_final(note):
        return _not_yet(note)
    bill, _account = _bill(note)
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    headers = {"Content-Disposition": f'inline; filename="superbill-{bill.visit_on}.pdf"'}
    return Answer(press.print(bill, paper=paper), mimetype="application/pdf", headers=headers)


def _rows(bill: Superbill, account: Account) -> Iterator[tuple[str, ...]]:
    of_visit = bill.visit_on.isoformat(), bill.name, bill.birth_date.isoformat(), account.payer
    for each in bill.diagnoses:
        yield "diagnosis", each.code, each.title, "", "", "", "", *of_visit
    for each in (each for each in bill.procedures if each.units != "0"):
        yield "procedure", each.code, each.title, each.modifier, each.minutes, each.units, each.charge, *of_visit
    for line in bill.corrections:
        yield "correction", "", line, "", "", "", "", *of_visit


def _plain(cell: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _is_final(note: Note) -> bool:
    return note.is_signed and not note.waiting


def _not_yet(note: Note) -> Any:
    """No claim goes out before the note is complete: back to the note, which says what it waits for."""
    flash(_("A visit is billed from its signed note. This one is not final yet."))
    return redirect(url_for("clinic.notes.show", note_id=note.id), 303)


def _bill(note: Note) -> tuple[Superbill, Account]:
    """What a final note says that is billed; 409 for one that is not what was signed."""
    if proofs.verdict(note).faults:
        abort(409)
    said = note.signatures[0].said
    found = coding.account(note, said.answers) or procedures.account({}, coding.lists(note, {}))
    written, origin = _diagnoses(note, said.answers)
    tiers = ["care", *(["sensitive"] if any(each.is_apart for each in written) else [])]
    actor.saw(tiers)
    billed = {each.code for each in written}
    since, sheet = tuple(_corrected(note, origin, tiers, billed)), _sheet(note, found, written)
    return replace(sheet, remarks=(*since, *sheet.remarks), corrections=since), found


def _corrected(note: Note, origin: Note, tiers: Collection[str], billed: Collection[str]) -> Iterator[str]:
    """What was corrected since in what is billed, both wordings: nothing is billed by a correction, a person does.

    A code that is kept apart and not `billed` gets on no bill in the words of a correction either, and neither does
    anything else that is said of those codes. Own words stay in the note: a bill has none.
    """
    for source, names in ((origin, OPEN), (note, NOTES_OWN)):
        own = {corrected.told(entry, change) for entry, change in corrected.changes(source) if _has_own_words(change)}
        for name, lines in corrected.lines(source, tiers).items():
            for told in lines if name in names else ():
                named = any(codes.is_apart(code) and code not in billed for code in codes.within(told))
                if named or name == "dx_apart" or told in own:
                    yield _("The diagnoses were corrected since they were signed: read the note before this goes out.")
                else:
                    yield _("Billed here as it was signed: put it right before it goes out. %(told)s", told=told)


def _has_own_words(change: Change) -> bool:
    """Whether a correction of diagnoses says more than codes with the titles of our list."""
    titles = {code.code: code.title.casefold() for code in codes.ours()}
    there = [(codes.diagnosis(words), codes.words_behind(words).casefold()) for words in (change.old, change.new)]
    return change.question in OPEN and any(not code or words not in {"", titles.get(code)} for code, words in there)


def _diagnoses(note: Note, answers: Answers) -> tuple[tuple[Written, ...], Note]:
    """The note's own diagnoses, with the open ones of the newest note before it where it has none; and whose those are.

    What is kept apart comes from the very note in which it was ticked: the patient agreed to that bill alone.
    """
    own, mine = diagnoses.on_claim(answers), diagnoses.written(answers)
    if any(not each.is_apart and not codes.is_apart(each.code) for each in mine):
        return own, note
    apart = {each.code for each in mine}
    for each in reversed(_before(note)):
        if found := tuple(code for code in diagnoses.on_claim(each.answers) if not code.is_apart):
            return (*(code for code in found if code.code not in apart), *own), each.note
    return own, note


def _before(note: Note) -> list[Source]:
    """What the signed notes up to the day of the visit say, the note itself left out."""
    on = notes.day(session, note)
    return [each for each in coding.sources(note.patient, note) if each.on <= on]


def _is_some_left_out(note: Note, bill: Superbill) -> bool:
    """Whether diagnoses are kept apart that are not on the bill: in the note, or before it where the bill has none."""
    here = note.signatures[0].said.answers
    found = [here] if bill.diagnoses else [here, *(each.answers for each in _before(note))]
    billed = {each.code for each in bill.diagnoses}
    there = (each for answers in found for each in diagnoses.written(answers) if each.is_apart or not each.on_bill)
    return any(each.code not in billed for each in there)


def _sheet(note: Note, account: Account, written: tuple[Written, ...]) -> Superbill:
    clinic, signature = clock.clinic() or abort(404), note.signatures[0]
    author = signature.said
    signer = ", ".join(part for part in (author.author_name, author.credentials) if part)
    listed, told = _checked(note, written)
    on = notes.day(session, note)
    return Superbill(
        clinic_name=clinic.name, clinic_lines=(clinic.address, clinic.phone),
        name=note.patient.legal_name, birth_date=note.patient.birth_date, visit_on=on,
        facts=(
            BilledFact(_("Place"), note.visit.location.name),
            BilledFact(_("Provider"), signer),
            BilledFact(_("Payer"), account.payer),
            BilledFact(_("Signed note"), signature.code),
        ),
        diagnoses=listed,
        procedures=tuple(
            BilledCode(line.code, line.title, str(line.minutes or ""), str(line.units), money(line.charge), MODIFIER)
            for line in account.lines
        ),
        sums=_sums(account),
        remarks=(*told, *_remarks(account, coding.lists(note, {}))),
    )  # fmt: skip


def _checked(note: Note, written: Sequence[Written]) -> tuple[tuple[BilledCode, ...], tuple[str, ...]]:
    """The diagnoses as the lists of the day of service have them, and what to look at again.

    A code that does not stand on that day is not billed: a remark says which, and why.
    """
    known, remarks = coding.on_bill(note, written)
    titled = [BilledCode(each.code, diagnoses.title(each, known)) for each in written]
    told: list[str] = []
    for remark in remarks:
        if remark.stops:
            place = titled[int(remark.field)]
            name = f"{place.code} {place.title}".strip()
            told.append(_("Not billed, and in no row of the table: %(name)s. %(why)s", name=name, why=said(remark)))
        else:
            told.append(said(remark))
    stopped = {int(remark.field) for remark in remarks if remark.stops}
    return tuple(each for place, each in enumerate(titled) if place not in stopped), tuple(told)


def _sums(account: Account) -> tuple[str, ...]:
    rule = _("midpoint rule") if account.rule == procedures.AMA else _("8-minute rule")
    minutes = _("Timed minutes: %(timed)s. All treatment minutes: %(total)s.", timed=account.timed, total=account.total)
    charge = [_("All charges: %(sum)s", sum=money(account.charge))] if account.charge else []
    return f"{minutes} {_('Units by the %(rule)s.', rule=rule)}", *charge


def _remarks(account: Account, known: Lists) -> tuple[str, ...]:
    unknown = ", ".join(account.unknown)
    told = _("Not billed, because the list of the clinic has no such code on this day: %(codes)s.", codes=unknown)
    is_known = not account.payer or procedures.payer(account.payer, known) is not None
    return (*([told] if unknown else []), *([] if is_known else [translated(procedures.NO_PAYER)]))
