"""What a clinic's form may call its questions: names of its own, or ours where they mean exactly what ours mean.

Warning rules, summaries and lists know questions by id. A question of ours that is asked in another way would silence
or fake what they say, so it is refused. Ids that begin with clinic_ are the clinic's; none of ours ever does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from intake.forms import reader
from intake.forms.faults import Fault, shown, within
from intake.forms.model import Form, Kind, Question, Section, Tier
from intake.forms.problems import N_
from intake.forms.shelf import CLINICS, is_of_clinic

OWN, CLINICIAN = "clinic_", "clinician"
NOT_LENT = frozenset({"care-plan", reader.LATE_ENTRY[0]})
LONGEST_NOTE = 60 - len(reader.LATE)  # a note that is begun late has a longer name
NOTES_ONLY = ("examined", "quotes", "prefill")
# What follows a patient from form to form, or a day long, is made of our questions alone.
OURS_ALONE = ("recall", "quiet", "hushed", "preset", "words", "log", "time")


def head(table: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the head of a clinic's form."""
    name = table.get("id", "")
    if name and not is_of_clinic(name):
        yield Fault(
            "",
            N_("the id %(id)s may be one of ours. Begin it with %(begin)s, for example %(better)s."),
            {"id": shown(name), "begin": CLINICS, "better": f"{CLINICS}{name}"[:60]},
        )
    is_note = table.get("audience") == CLINICIAN
    if is_note and len(str(name)) > LONGEST_NOTE:
        yield Fault("", N_("the id of a form for notes has at most %(most)s characters."), {"most": LONGEST_NOTE})
    if "based_on" in table:
        yield Fault("", N_("based_on is for forms of many files. Put every section into this file, and take it away."))
    for section, source in table.get("borrows", {}).items():
        form_id = source.partition("/")[0]
        there = note_lenders() if is_note else lenders()
        if is_of_clinic(form_id) or form_id not in there:
            yield Fault(
                section,
                N_("%(source)s lends nothing. A section can be borrowed from: %(lenders)s."),
                {
                    "source": shown(source),
                    "lenders": ", ".join(f"{each}/{reader.latest(each).version}" for each in there),
                },
            )


def lenders() -> tuple[str, ...]:
    """Our forms for patients that are asked anywhere: not the one that is answered alone in the room."""
    names = dict.fromkeys(name for name, _version in reader.published())
    return tuple(name for name in names if for_patients(reader.latest(name)))


def note_lenders() -> tuple[str, ...]:
    """Our forms for notes that lend their sections: not the plan a patient takes home, nor the start of a late note."""
    names = dict.fromkeys(name for name, _version in reader.published())
    return tuple(name for name in names if name not in NOT_LENT and reader.latest(name).audience == CLINICIAN)


@lru_cache(maxsize=64)
def for_patients(form: Form) -> bool:
    """Whether patients can be asked to fill a form in before a visit."""
    return form.audience == "patient" and not any(tier is Tier.SAFETY for tier in _tiers(form))


def _tiers(form: Form) -> Iterator[Tier]:
    for section in form.sections:
        yield section.tier
        for question in section.questions():
            yield from (part.tier for part in (question, *question.questions, *question.columns))


def known() -> Mapping[str, Question]:
    """Every question of ours that a clinic may ask too, as it is asked now; that of the intake where forms differ."""
    return _known(_lent())


def _lent() -> tuple[Form, ...]:
    return tuple(reader.latest(name) for name in sorted(lenders(), key=lambda each: each != "intake"))


@lru_cache(maxsize=8)
def _known(forms: tuple[Form, ...]) -> Mapping[str, Question]:
    found: dict[str, Question] = {}
    for form in forms:
        for question in form.questions():
            found.setdefault(question.id, question)
    return found


def faults(own: Iterable[Section], audience: str = "patient") -> Iterator[Fault]:
    """What is wrong with the sections that the clinic wrote itself, for patients or for notes."""
    is_note = audience == CLINICIAN
    for section in own:
        if section.tier is Tier.SAFETY:
            yield _safety(section.id)
        for number, page in enumerate(section.pages, 1):
            for question in page.questions:
                place = within(section.id, f"page {number}", question.id)
                yield from _named(question, place, {} if is_note else known())
                yield from _tiered(question, place, inherited=section.tier is Tier.SAFETY)
                yield from _note(question, place, is_note=is_note)
        if section.quotes and not is_note:
            yield _notes_only("quotes", section.id)


def ungated(form: Form) -> Iterator[Fault]:
    """Private parts, borrowed ones too, that would be asked of somebody who is not alone."""
    gate, opens = reader.latest("intake").private_when.conditions, form.private_when
    is_closed = not opens.any_of and set(gate) <= set(opens.conditions)
    private = _private(_lent())
    for section in form.sections:
        asked = [question.id for question in section.questions() if question.id in private]
        if section.private and not opens.conditions:
            yield Fault(section.id, N_("the section is private, and the form lacks private_when. Add it."))
        elif asked and not section.private:
            yield Fault(
                section.id,
                N_("%(ids)s is asked only of somebody who is alone. Give the section private = true."),
                {"ids": ", ".join(asked)},
            )
        elif asked and not is_closed:
            names = ", ".join(condition.question for condition in gate)
            text = N_("private_when lacks what opens our private parts: the conditions on %(names)s. Copy both.")
            yield Fault(section.id, text, {"names": names})


@lru_cache(maxsize=8)
def _private(forms: tuple[Form, ...]) -> frozenset[str]:
    """The questions that are asked of somebody alone; what the intake says counts first."""
    found: dict[str, bool] = {}
    for section in (section for form in forms for section in form.sections):
        for question in section.questions():
            found.setdefault(question.id, section.private)
    return frozenset(name for name, is_private in found.items() if is_private)


def _safety(place: str) -> Fault:
    return Fault(place, N_('tier "safety" is kept for our own questions, which are asked alone. Choose "sensitive".'))


def _tiered(question: Question, place: str, *, inherited: bool) -> Iterator[Fault]:
    for part in (question, *question.questions, *question.columns):
        if part.tier is Tier.SAFETY and not inherited:
            yield _safety(place if part is question else within(place, part.id))


def _note(question: Question, place: str, *, is_note: bool) -> Iterator[Fault]:
    for part in (question, *question.questions):
        for key in () if is_note else NOTES_ONLY:
            if getattr(part, key):
                yield _notes_only(key, place)
        for key in OURS_ALONE:
            if getattr(part, key):
                yield Fault(place, N_("%(key)s is for forms of ours alone. Take it away."), {"key": key})


def _notes_only(key: str, place: str) -> Fault:
    return Fault(place, N_("%(key)s is for notes of therapists. Take it away."), {"key": key})


def _named(question: Question, place: str, known: Mapping[str, Question]) -> Iterator[Fault]:
    if question.id.startswith(OWN):
        yield from (fault for child in question.questions for fault in _child(child, place))
    elif question.id not in known:
        yield Fault(
            place,
            N_("%(id)s may be an id of ours. Begin ids of your own with %(begin)s: %(better)s."),
            {"id": shown(question.id), "begin": OWN, "better": f"{OWN}{question.id}"[:60]},
        )
    else:
        yield from _same(question, known[question.id], place)


def _child(child: Question, place: str) -> Iterator[Fault]:
    if not child.id.startswith(OWN):
        yield Fault(
            within(place, child.id),
            N_("%(id)s may be an id of ours. Begin ids of your own with %(begin)s: %(better)s."),
            {"id": shown(child.id), "begin": OWN, "better": f"{OWN}{child.id}"[:60]},
        )


def _same(question: Question, ours: Question, place: str) -> Iterator[Fault]:
    """A question of ours is asked with the very same answers, and kept at least as private."""
    mine, theirs = meaning(question), meaning(ours)
    if different := [name for name, value in theirs.items() if mine[name] != value]:
        yield Fault(
            place,
            N_(
                "%(id)s is a question of ours, which warnings and summaries read, and is asked differently here "
                "(%(different)s). Ask it exactly as ours, borrow its section, or give yours another id: %(better)s."
            ),
            {"id": question.id, "different": ", ".join(different), "better": f"{OWN}{question.id}"[:60]},
        )
    pairs = zip((question, *question.questions), (ours, *ours.questions), strict=False)
    if any(mine.tier.rank < theirs.tier.rank for mine, theirs in pairs):
        yield Fault(
            place,
            N_("%(id)s is a question of ours with the tier %(tier)s. Here it would be less private: keep that tier."),
            {"id": question.id, "tier": ours.tier},
        )


def meaning(question: Question) -> dict[str, Any]:
    """{key: what it says} of all that decides what an answer is and means; the words may differ."""
    return {
        "kind": question.kind,
        "options": frozenset((option.code, option.exclusive, option.score) for option in question.options),
        "rows": frozenset(row.code for row in question.rows),
        "columns": {column.id: meaning(column) for column in question.columns},
        "questions": {child.id: meaning(child) for child in question.questions},
        "units": tuple((unit.code, unit.factor, unit.offset) for unit in question.units),
        "bounds": (question.minimum, question.maximum) if question.kind is Kind.SCALE else None,
        "map": (question.map, question.rated),
        **{key: getattr(question, key) for key in ("not_sure", "other", "past", "approximate")},
        "body": question.body if question.kind is Kind.CONSENT else "",
    }
