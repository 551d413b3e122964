"""What a note page knows of codes and goals: lists to pick from, titles and numbers, units, what to look at again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from intake.clinical import goals
from intake.clinical.coding import codes as rules
from intake.clinical.coding import diagnoses, procedures
from intake.clinical.coding.codes import Lists
from intake.clinical.coding.diagnoses import Remark, Written
from intake.clinical.coding.procedures import Account
from intake.clinical.goals import Goal, Source
from intake.clinical.triage import latest_birth
from intake.clinical.values import number
from intake.forms import reader
from intake.forms.conditions import Answers
from intake.forms.disclosure import disclosed, restricted
from intake.forms.entry import Entry
from intake.forms.model import Form, Kind, Question, Tier
from intake.store import codes, notes, responses
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.web import actor, clock, filters
from intake.web.clinic.drafts import Draft
from intake.web.database import session
from intake.web.say import said, translated

DX, APART, PROCEDURES, PAYERS = "diagnoses", "diagnoses-apart", "procedures", "payers"
MINUTE = 60  # seconds
THEN = " \u2192 "
STATUSES = {
    "new": _l("New"),
    "progressing": _l("Progressing"),
    "no-change": _l("No change"),
    "partly": _l("Partly met"),
    "met": _l("Met"),
    "not-met": _l("Not met"),
    "stopped": _l("Given up or replaced"),
}
CODED = frozenset({"dx", "dx_apart", "pr"})


def picks(form: Form, note: Note) -> dict[str, list[str]]:
    """{list: what stands in it} for every list the form picks from."""
    wanted = {question.picks for question in _strings(form) if question.picks}
    on = notes.day(session, note) if wanted else None
    return {name: _offered(name, on) for name in sorted(wanted)} if on else {}


def _strings(form: Form) -> Iterator[Question]:
    for question in form.questions():
        yield from (question, *question.questions)


def _offered(name: str, on: date) -> list[str]:
    if name in {DX, APART}:
        known = rules.on_day(rules.ours(), on).values()
        return [c.words for c in known if rules.is_offered(c.code) and rules.is_apart(c.code) == (name == APART)]
    if name == PAYERS:
        return [code.code for code in codes.on_day(session, codes.PAYER, on)]
    return [code.words for code in rules.on_day(codes.on_day(session, codes.PROCEDURE, on), on).values()]


def complete(entry: Entry, draft: Draft, note: Note) -> None:
    """Give codes their titles and new goals their numbers, in what a page sent."""
    for question in draft.form.questions():
        answer = entry.answers.get(question.id)
        if answer is not None and "value" in answer:
            _complete(question, answer, entry, note)
    for group, prefix in goals.NAMES.items():
        has_numbers = any(child.id == f"{prefix}number" for child in _children(draft.form, group))
        if has_numbers and goals.numbered(entry.answers, group, ()) is not None:
            before = goals.over_time(sources(note.patient, note, Tier.SAFETY), group)
            entry.answers[group] = goals.numbered(entry.answers, group, before) or entry.answers[group]


def _children(form: Form, group: str) -> tuple[Question, ...]:
    return form.by_id[group].questions if group in form.by_id else ()


def _complete(question: Question, answer: Any, entry: Entry, note: Note) -> None:
    also = {each.code for each in diagnoses.written(entry.answers)}
    if question.picks:
        entry.answers[question.id] = {**answer, "value": _titled(question, answer["value"], note, also)}
    picked = [child for child in question.questions if child.picks]
    if question.kind is Kind.GROUP and picked:
        entries = [dict(each) for each in answer["value"]]
        for each in entries:
            for child in picked:
                if child.id in each and "value" in each[child.id]:
                    each[child.id] = {**each[child.id], "value": _titled(child, each[child.id]["value"], note, also)}
        entry.answers[question.id] = {**answer, "value": entries}


def _titled(question: Question, text: str, note: Note, also: Collection[str]) -> str:
    """A code alone, or words that fit one thing only, with what they stand for; anything else as it was typed.

    `also` are the codes that are looked up with it.
    """
    on = notes.day(session, note)
    if question.picks in {DX, APART}:
        code = rules.diagnosis(text)
        if not code:
            found = [each for each in codes.search(session, text, on, 2) if rules.is_offered(each.code)]
            return found[0].words if len(found) == 1 else text
        known = _known(note, {code, *also}).diagnoses.get(code)
        is_alone = code.replace(".", "") == text.strip().replace(".", "").upper()
        return known.words if known is not None and is_alone else text
    if question.picks == PROCEDURES:
        options = rules.on_day(codes.on_day(session, codes.PROCEDURE, on), on)
        return options[text.strip().upper()].words if text.strip().upper() in options else _only(options, text)
    names = {code.code.casefold(): code.code for code in codes.on_day(session, codes.PAYER, on)}
    return names.get(" ".join(text.split()).casefold(), text)


def _only(options: Mapping[str, rules.Code], text: str) -> str:
    found = [code.words for code in options.values() if text.casefold() in code.title.casefold()]
    return found[0] if len(found) == 1 and not rules.procedure(text) else text


def sources(patient: Patient, besides: Note | None = None, ceiling: str | None = None) -> list[Source]:
    """What the signed notes of a patient say, oldest first, as far as whoever asks may see the chart.

    `besides` is a note that is left out. With a `ceiling` of its own it is nothing to show: new goals go on counting
    after all there are, whoever writes them.
    """
    zone, found = clock.zone(), []
    most = actor.chart_ceiling(patient) if ceiling is None else ceiling
    for each in notes.to_check(session, patient.id):
        if not each.signatures or (besides is not None and each.id == besides.id):
            continue
        told = each.signatures[0].said
        if told.form and told.visit_at is not None:
            form = restricted(reader.load(told.form, told.form_version), most)
            mine = {name: answer for name, answer in told.answers.items() if name in form.by_id}
            found.append(Source(told.visit_at.astimezone(zone).date(), mine, each))
    return sorted(found, key=lambda source: source.on)


def followed(note: Note, form: Form) -> str:
    """How each goal stood in the signed notes up to this visit, in a line; nothing where there is none."""
    if not any(_children(form, group) for group in goals.NAMES):
        return ""
    on = notes.day(session, note)
    told = [each for each in sources(note.patient, note) if each.on <= on]
    lines = []
    for group, tier in ((goals.CARE, Tier.CARE), (goals.CLOSE, Tier.SENSITIVE)):
        found = goals.over_time(told, group) if _children(form, group) else ()
        steps = [line for goal in found if (line := _steps(goal))]
        actor.saw([tier] if steps else [])
        lines += steps
    return str(_("Until now: %(goals)s", goals="; ".join(lines))) if lines else ""


def _steps(goal: Goal) -> str:
    """The goal with what each note said of it."""
    said_then = [
        f"{filters.day(step.on)} {', '.join(filter(None, (step.now, str(STATUSES.get(step.status, '')))))}"
        for step in goal.steps
        if step.now or step.status
    ]
    return f"{goal.number}. {goal.text}: {THEN.join(said_then)}" if said_then else ""


def lists(note: Note, answers: Answers) -> Lists:
    """What is known of the codes of a note on the day of its visit."""
    return _known(note, diagnoses.mentioned(answers))


def _known(note: Note, written: Collection[str]) -> Lists:
    """The same of some codes, looked up once a request."""
    on, wanted = notes.day(session, note), frozenset(written)
    held: dict[tuple[date, frozenset[str]], Lists] = g.setdefault("codes", {})
    if (on, wanted) not in held:
        held[on, wanted] = codes.lists(session, on, wanted)
    return held[on, wanted]


def remarks(note: Note, answers: Answers) -> list[Remark]:
    """Everything to look at again before a note is signed."""
    found = list(goals.remarks(answers))
    lasted = int((clock.now() - note.visit.starts_at).total_seconds() // MINUTE)
    if CODED.isdisjoint(answers):
        return [*found, *procedures.beyond(int(number(answers, "pr_total") or 0), lasted)]
    on, known = notes.day(session, note), lists(note, answers)
    found += diagnoses.remarks(answers, known, on=on, birth=_birth(note, diagnoses.written(answers)))
    return [*found, *procedures.remarks(answers, known, lasted=lasted)]


def on_bill(note: Note, written: Sequence[Written]) -> tuple[Lists, tuple[Remark, ...]]:
    """What is known of the diagnoses of a bill on the day of the visit, and what is to be said of them."""
    on = notes.day(session, note)
    known = codes.lists(session, on, [each.code for each in written])
    return known, diagnoses.on_day(written, known, on=on, birth=_birth(note, written))


def _birth(note: Note, written: Sequence[Written]) -> date | None:
    """Her latest birth, as far as whoever asks may see it; looked up only where a code of childbirth is written."""
    chapter = rules.rules()["chapter"]
    if not any(rules.begins(each.code, chapter) for each in written):
        return None
    most = actor.chart_ceiling(note.patient)
    for intake in responses.intakes(session, note.patient_id):
        told = disclosed(responses.form_of(intake), responses.answers(session, intake.id), most)
        found = latest_birth(told, clock.today(), note.patient.birth_date)
        if found is not None:
            return found.last
    return None


def beside(draft: Draft, note: Note, *, answered: bool = False) -> dict[str, str]:
    """{question: what to look at again in it}, each with the entry it is about.

    A page that is read has no line for what was not `answered`: what is missing of minutes stands with the procedures.
    """
    found: dict[str, list[str]] = {}
    for remark in remarks(note, draft.answers):
        root, _dot, rest = remark.field.partition(".")
        if answered and root not in draft.answers and root.startswith("pr_"):
            root = "pr"
        if root in draft.form.by_id:
            found.setdefault(root, []).append(_placed(draft.form.by_id[root], rest, said(remark)))
    return {root: " ".join(words) for root, words in found.items()}


def _placed(question: Question, rest: str, words: str) -> str:
    number = rest.partition(".")[0]
    if not number:
        return words
    name = translated(question.entry_name or "entry").capitalize()
    return str(_("%(name)s %(number)s: %(words)s", name=name, number=int(number) + 1, words=words))


def account(note: Note, answers: Answers) -> Account | None:
    """What the procedures of a note come to; None where it has none."""
    return procedures.account(answers, lists(note, answers)) if "pr" in answers else None


def sums(found: Account | None) -> str:
    """The same in a line for the page."""
    if found is None:
        return ""
    units = ", ".join(f"{line.code} \u00d7 {line.units}" for line in found.lines)
    rule = _("midpoint rule") if found.rule == procedures.AMA else _("8-minute rule")
    minutes = _("Timed %(timed)s min, all %(total)s min.", timed=found.timed, total=found.total)
    return f"{minutes} {_('Units (%(rule)s): %(units)s', rule=rule, units=units or '0')}"
