"""The chart to print: every signed note as signed, on a page and as a PDF; sensitive parts by an act with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import Blueprint, Response, abort, g, render_template, request
from flask_babel import gettext as _

from intake.actions import printouts as acts
from intake.clinical import signed as rules
from intake.clinical.cautions import Origin
from intake.clinical.chart_numbers import chart_number
from intake.clinical.signed import Signed
from intake.forms.model import Tier
from intake.pdf.model import AnsweredPart, AnsweredRow, ChartAddition, ChartNote, ChartRecord
from intake.pdf.press import press
from intake.security import policy
from intake.security.limits import Bucket
from intake.security.policy import Permission, may, tiers_up_to
from intake.store import amendment_requests, history, notes, patients, responses, verdicts
from intake.store.amendment_requests import AmendmentRequest
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.signatures import Signature
from intake.web import clock, filters, limits
from intake.web.actor import me
from intake.web.clinic import amounts, cautions, corrected, drafts, offers, printed_additions, unprintable
from intake.web.clinic.drafts import Draft
from intake.web.clinic.inputs import PrintSensitive
from intake.web.clinic.unprintable import Lost
from intake.web.database import session
from intake.web.fresh import fresh
from intake.web.guard import allow
from intake.web.instance import instance
from intake.web.say import translated

bp = Blueprint("chart_prints", __name__, url_prefix="/clinic/charts/<uuid:patient_id>/print")
Paper = Literal["letter", "a4"]
NOTES_EACH = 20  # signed notes a part: what the press sets well within its time


@dataclass(frozen=True)
class Part:
    """One part of the chart, as it is printed: its notes, which part of how many, and the sheet."""

    notes: list[Note]
    number: int
    parts: int
    sheet: ChartRecord


@bp.get("")
@allow(Permission.READ_CHART, patient=patients.get)
def show(patient: Patient) -> Any:
    """The chart as it is printed, nothing above the care tier, and the ways to print it."""
    part = _part(patient, Tier.CARE)
    return render_template(
        "clinic/chart_prints/show.html",
        patient=patient, piece=part, sheet=part.sheet, lost=_lost(part.sheet),
        may_print=may(me(), Permission.PRINT_CHART, patient),
        may_print_sensitive=may(me(), Permission.PRINT_SENSITIVE, patient), paper=_paper(),
    )  # fmt: skip


@bp.get("/<any(letter, a4):paper>")
@allow(Permission.PRINT_CHART, patient=patients.get)
def document(patient: Patient, paper: Paper) -> Any:
    """The same as a PDF."""
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    return _pdf(press.print(_part(patient, Tier.CARE).sheet, paper=paper))


@bp.get("/sensitive")
@allow(Permission.PRINT_SENSITIVE, patient=patients.get)
def ask(patient: Patient) -> Any:
    """What printing sensitive parts means, and the form for the reason."""
    return _ask(patient, PrintSensitive(formdata=None, paper=_paper()))


@bp.post("/sensitive")
@allow(Permission.PRINT_SENSITIVE, patient=patients.get)
@fresh
def create(patient: Patient) -> Any:
    """The chart as a PDF, sensitive parts too; who printed them and why stays on record."""
    form = PrintSensitive()
    if not form.validate_on_submit():
        return _ask(patient, form), 422
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    part = _part(patient, Tier.SENSITIVE)
    content = press.print(part.sheet, paper=form.paper.data)
    acts.keep_chart(
        session, patient, [each.response for each in part.notes], reason=form.reason.data, text=form.text.data,
        categories=sorted(g.get("seen", ()), key=policy.TIERS.index), by=me(), now=clock.now(),
    )  # fmt: skip
    return _pdf(content)


def _ask(patient: Patient, form: PrintSensitive) -> str:
    return render_template("clinic/chart_prints/ask.html", patient=patient, form=form, number=_number())


def _paper() -> str:
    return (clock.clinic() or abort(404)).paper


def _number() -> int:
    typed = request.args.get("page", "1")
    return max(1, int(typed)) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1  # noqa: PLR2004 - digits


def _pdf(content: bytes) -> Response:
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="chart.pdf"'}
    )


def _part(patient: Patient, tier: Tier) -> Part:
    most, number = _most(patient, tier), _number()
    found, total = notes.signed_of(session, patient.id, (number - 1) * NOTES_EACH, NOTES_EACH)
    parts = max(1, -(-total // NOTES_EACH))
    if number > parts:
        abort(404)
    clinic, is_first = clock.clinic(), number == 1
    sheet = ChartRecord(
        clinic_name=clinic.name if clinic else "", name=patient.name, birth_date=patient.birth_date,
        number=chart_number(patient.id), printed_on=clock.today(), part=number, parts=parts, remarks=_remarks(most),
        cautions=_cautions(patient, most) if is_first else (), visits=_visits(patient) if is_first else (),
        notes=tuple(_note(each, most) for each in found), holds_sensitive=most == Tier.SENSITIVE,
    )  # fmt: skip
    return Part(found, number, parts, sheet)


def _most(patient: Patient, tier: Tier) -> str:
    """The tier that was asked for, or what whoever asks may see where that is less."""
    return min((str(tier), cautions.ceiling(patient)), key=lambda each: len(tiers_up_to(each)))


def _remarks(most: str) -> tuple[str, ...]:
    left = _("What is about intimacy, trauma, relationship and mental health is left out of this copy.")
    never = _("What was answered about violence is never printed.")
    unsigned = _("Notes that are not signed yet are not in it.")
    return (*(() if most == Tier.SENSITIVE else (left,)), never, unsigned)


def _cautions(patient: Patient, most: str) -> tuple[AnsweredPart, ...]:
    opened = history.every(session, responses.intakes(session, patient.id))
    found = cautions.glance(patient, opened, notes.briefs(session, patient.id), most)["cautions_found"]
    return tuple(
        AnsweredPart(
            str(cautions.NAMES[part]),
            tuple(AnsweredRow(fact.question, (*fact.lines, *fact.beside, _source(fact.origin))) for fact in facts),
        )
        for part, facts in found.items()
    )


def _source(origin: Origin) -> str:
    day = filters.day(origin.at)
    words = _("Signed note of %(date)s", date=day) if origin.kind == "note" else _("Told %(date)s", date=day)
    return f"({words})"


def _visits(patient: Patient) -> tuple[str, ...]:
    kept = [each for each in sorted(patient.visits, key=lambda each: each.starts_at) if not each.cancelled_at]
    return tuple(f"{filters.day(each.starts_at)}, {each.therapist.name}" for each in kept)


def _note(note: Note, most: str) -> ChartNote:
    told = _("Visit on %(date)s", date=filters.day(note.visit.starts_at))
    if verdicts.note_faults(session, note, instance().trusted):
        broken = _("This note is not as it was signed, so it is not printed. Tell the privacy lead.")
        return ChartNote(_("Note"), str(told), (str(broken),), (), "")
    draft, said = drafts.signed_below(note, most)
    return ChartNote(
        title=translated(draft.form.title), told=str(told),
        remarks=_late(said),
        parts=tuple(_findings(note, draft, most)),
        signed=_signed(note.signatures[0]),
        additions=(
            *(_addition(each, said, most) for each in note.signatures[1:]),
            *(_wish(each, most) for each in amendment_requests.open_of_note(session, note.id)),
        ),
    )  # fmt: skip


def _findings(note: Note, draft: Draft, most: str) -> Iterator[AnsweredPart]:
    """What was found as the page of the note has it: with what was corrected, taken over, and worked out from it."""
    beside = corrected.beside(note, draft, tiers_up_to(most))
    worked_out, since = amounts.lines(note, draft), corrected.amounts(note, draft)
    for section, rows in drafts.as_read(draft, beside, offers.taken_over(draft)):
        found = [AnsweredRow(row["question"], _lines(row)) for row in rows]
        if found and (line := amounts.until(draft, section)):
            found.insert(0, AnsweredRow(_("Consent"), (line,)))
        if section.id in worked_out:
            told = (worked_out[section.id], since.get(section.id, ""))
            found.append(AnsweredRow(_("Worked out"), tuple(filter(None, told))))
        yield AnsweredPart(translated(section.title), tuple(found))


def _lines(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (*row["answers"], *filter(None, (row["since"], *row["beside"].splitlines())))


def _late(said: Signed) -> tuple[str, ...]:
    """How late it was begun and signed, where it was."""
    if said.visit_at is None:
        return ()
    found = []
    if said.is_late_entry and said.started_at is not None:
        dates = {"visit": filters.moment(said.visit_at), "begun": filters.moment(said.started_at)}
        found.append(f"{_('Late entry')}: {_('visit on %(visit)s, begun on %(begun)s.', **dates)}")
    if said.was_signed_late:
        found.append(_("Signed %(time)s after the visit.", time=filters.waited(said.visit_at, said.signed_at)))
    return tuple(map(str, found))


def _addition(entry: Signature, note: Signed, most: str) -> ChartAddition:
    return ChartAddition(printed_additions.title(entry), printed_additions.words(entry, note, most), _signed(entry))


def _wish(wish: AmendmentRequest, most: str) -> ChartAddition:
    told = _("Received on %(date)s, noted by %(name)s.", date=filters.day(wish.received_on), name=wish.user.name)
    return ChartAddition(str(_("The patient asks for a change")), printed_additions.wish(wish, most), str(told))


def _signed(entry: Signature) -> str:
    said = entry.said
    name = f"{said.author_name}, {said.credentials}" if said.credentials else said.author_name
    words = {
        rules.SIGNED: _("Signed by %(name)s", name=name),
        rules.AWAITS: _("Signed by %(name)s, to be co-signed", name=name),
        rules.ADDED: _("Added and signed by %(name)s", name=name),
        rules.COSIGNED: _("Co-signed by %(name)s", name=name),
    }.get(said.meaning, name)
    return f"{words}, {filters.moment(said.signed_at)}. {_('Code')} {entry.code}"


def _lost(sheet: ChartRecord) -> list[Lost]:
    """Letters that no face on paper has, and where they stand."""
    rows = [(row.question, " ".join(row.lines)) for note in sheet.notes for part in note.parts for row in part.rows]
    return unprintable.lost([(str(_("Name")), sheet.name), *rows])
