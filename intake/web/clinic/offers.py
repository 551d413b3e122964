"""What a note's page offers beside its questions: the value of the last signed note, and the patient's own words.

Each is taken over by a button of its own, which sends the page with it: so nothing that was typed is lost, and nothing
is taken over without script that could not be with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import g
from flask_babel import gettext as _

from intake.clinical import carrying, quotes, redundancy
from intake.clinical.carrying import Earlier, Last
from intake.clinical.free_text import is_written
from intake.clinical.redundancy import Length
from intake.forms import disclosure, reader
from intake.forms.conditions import Answer
from intake.forms.entry import Entry
from intake.forms.merge import CARRIED
from intake.forms.model import Kind, Question
from intake.forms.words import entry as entry_words
from intake.forms.words import say
from intake.security.seal import SealError
from intake.store import history, notes, responses, verdicts
from intake.store.notes import Note
from intake.store.responses import Response
from intake.store.signatures import Signature
from intake.web import actor, clock, filters
from intake.web.clinic.drafts import Draft, after
from intake.web.database import session
from intake.web.instance import instance
from intake.web.say import translated

TAKE, RIGHT, QUOTE, TODAY = "take", "right", "quote", "today"


@dataclass(frozen=True, slots=True)
class Offer:
    """What stands beside one question.

    `last` are the words of the last value and `on` the visit it is from; `how` it was measured, and whether the page
    says that otherwise. `newer` is what a later visit says in place of a value. `carried_on` is the visit that the
    answer itself was taken over from, where it was and was not edited since; `is_measured` says that this is a number,
    which may have been measured again.
    """

    question: str
    last: tuple[str, ...] = ()
    on: datetime | None = None
    can_take: bool = False
    is_added_to: bool = False
    how: str = ""
    is_otherwise: bool = False
    newer: str = ""
    newer_on: datetime | None = None
    carried_on: datetime | None = None
    is_unreviewed: bool = False
    is_measured: bool = False
    quotes: tuple[str, ...] = ()


def offers(note: Note, draft: Draft) -> dict[str, Offer]:
    """{question: what is offered beside it}; nothing of the chart for an author who left the patient's team."""
    lasts, said = last_values(note, draft), dict(_said(note, draft))
    names = lasts.keys() | said.keys() | {name for name, answer in draft.answers.items() if CARRIED in answer}
    return {name: _offer(draft.form.by_id[name], draft, lasts.get(name), said.get(name, ())) for name in names}


def _offer(question: Question, draft: Draft, last: Last | None, said: tuple[str, ...]) -> Offer:
    answer = draft.answers.get(question.id, {})
    mark = answer.get(CARRIED)
    otherwise = last is not None and carrying.is_otherwise(last, draft.answers)
    return Offer(
        question.id,
        last=tuple(last_words(last)) if last else (),
        on=last.visit_at if last else None,
        can_take=last is not None and last.fits and _is_blank(answer) and not otherwise,
        is_added_to=last is not None and last.is_added_to,
        how=_how(last) if last else "",
        is_otherwise=otherwise,
        newer=say(last.newer.question, last.newer.answer, translated) if last and last.newer else "",
        newer_on=last.newer.visit_at if last and last.newer else None,
        carried_on=datetime.fromisoformat(mark["on"]) if mark else None,
        is_unreviewed=carrying.is_unreviewed(answer),
        is_measured=mark is not None and carrying.is_measured(draft.form, question.id),
        quotes=said,
    )


def _is_blank(answer: Answer) -> bool:
    return "value" not in answer and answer.get("status", "skipped") == "skipped"


def last_words(last: Last) -> list[str]:
    """The last value in words, a line an entry."""
    if last.question.kind is Kind.GROUP:
        return [entry_words(last.question, item, translated) for item in last.answer["value"]]
    return say(last.question, last.answer, translated).splitlines()


def _how(last: Last) -> str:
    """In which position and by which method the last value was measured."""
    return "; ".join(
        say(each.question, each.answer, translated) if each.question else translated(each.words) for each in last.how
    )


def last_values(note: Note, draft: Draft) -> dict[str, Last]:
    """{question: its value in the newest signed note that has one}, from notes that are what was signed, alone.

    A note that waits for a co-signature gives nothing: no therapist answers for what it says.
    """
    ceiling = actor.chart_ceiling(note.patient)
    if not ceiling:
        return {}
    entries = {entry.note_id: entry for entry in _signed_before(note, waiting=False)}
    added_to = notes.added_to(session, note.patient_id) if entries else frozenset()
    while True:  # ends: each turn but the last leaves one note out
        earlier = (_earlier(entry, ceiling, is_added_to=entry.note_id in added_to) for entry in entries.values())
        found = carrying.last_values(draft.form, (each for each in earlier if each is not None))
        read = {last.note for last in found.values()} | {last.newer.note for last in found.values() if last.newer}
        broken = [name for name in read if _is_broken(entries[name])]
        if not broken:
            actor.saw(last.question.tier for last in found.values())
            return found
        for name in broken:
            del entries[name]


def _signed_before(note: Note, *, waiting: bool = True) -> list[Signature]:
    """The notes that were signed before this one, looked up and opened once a request (notes.signed_before)."""
    held: dict[tuple[UUID, bool], list[Signature]] = g.setdefault("signed_before", {})
    if (note.id, waiting) not in held:
        held[note.id, waiting] = notes.signed_before(session, note, waiting=waiting)
    return held[note.id, waiting]


def _earlier(entry: Signature, ceiling: str, *, is_added_to: bool) -> Earlier | None:
    """A signed note as far as the viewer may see it; None where it cannot be read: its own page says so."""
    try:
        said = entry.said
    except (SealError, ValueError, KeyError, TypeError):
        return None
    form = disclosure.restricted(reader.load(said.form, said.form_version), ceiling)
    answers = {name: answer for name, answer in said.answers.items() if name in form.by_id}
    at = said.visit_at or said.signed_at
    return Earlier(entry.note_id, at, form, answers, is_added_to)


def _is_broken(entry: Signature) -> bool:
    return bool(verdicts.faults(entry, instance().trusted))


def _said(note: Note, draft: Draft) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(question, the patient's words about it that its answer lacks): of this visit, or what stands from before."""
    ceiling = actor.chart_ceiling(note.patient)
    asking = [each for each in draft.form.questions() if each.quotes and is_written(each)]
    if not ceiling or not asking:
        return
    texts = {each.id: str(draft.answers.get(each.id, {}).get("value", "")) for each in asking}
    lines: dict[str, tuple[str, ...]] = {}
    for response in _handed_in(note):
        form, on = responses.form_of(response), _day_of(response).isoformat()
        answers = disclosure.disclosed(form, responses.said(session, response), ceiling)
        for question in asking:
            found = quotes.offered(question, form, answers, texts[question.id])
            new = tuple(quotes.attributed(line, response.form, on) for line in found)
            lines[question.id] = (*lines.get(question.id, ()), *new)
    if responses.intake_of(session, note.visit_id) is None:
        before = history.stands_at(session, note.visit, ceiling)
        for question in asking:
            found_before = quotes.offered_again(question, before, texts[question.id])
            new = tuple(
                quotes.attributed(line, quotes.SAID, _local(said.said_at).isoformat()) for line, said in found_before
            )
            lines[question.id] = lines.get(question.id) or new
    found_in = {name: said for name, said in lines.items() if said and name in draft.shown}
    actor.saw(draft.form.by_id[name].tier for name in found_in)
    yield from found_in.items()


def _handed_in(note: Note) -> list[Response]:
    """What the patient handed in for the visit of a note."""
    return [each for each in responses.asked(session, note.visit_id) if each.status == responses.COMPLETED]


def _local(moment: datetime) -> date:
    return moment.astimezone(clock.zone()).date()


def _day_of(response: Response) -> date:
    """The day she said it."""
    return response.filled_on or _local(response.completed_at or response.started_at)


def is_act(action: str) -> bool:
    """Whether a button beside a question was pressed."""
    return action.partition(":")[0] in {TAKE, RIGHT, QUOTE, TODAY}


def act(note: Note, draft: Draft, entry: Entry, action: str) -> str:
    """Put into what the page said what a button beside a question asks for; why not, where it cannot be done."""
    verb, _colon, name = action.partition(":")
    if name not in draft.form.by_id or any(problem.field.partition(".")[0] == name for problem in entry.problems):
        return str(_("Nothing was taken over."))
    if verb == TODAY:  # the page says the result itself; see measured_today
        return ""
    do = {TAKE: _take, RIGHT: _still_right, QUOTE: _quote}[verb]
    return do(note, draft, entry, name)


def measured_today(draft: Draft, action: str) -> frozenset[str]:
    """The number whose author says with a button that it was measured again: it counts as given now.

    A page that is sent with the same number does not tell whether anybody measured. With the button it is no value of
    the earlier note any more, whatever position the page says now.
    """
    verb, _colon, name = action.partition(":")
    return frozenset({name}) if verb == TODAY and carrying.is_measured(draft.form, name) else frozenset()


def _take(note: Note, draft: Draft, entry: Entry, name: str) -> str:
    last = last_values(note, draft).get(name)
    if last is None or not last.fits:
        return str(_("There is no earlier value to take over here."))
    if name in entry.answers:
        return str(_("Something is written there already, so nothing was taken over. Empty the field first."))
    said, at = after(draft, entry).answers, clock.now()
    if carrying.is_otherwise(last, said):
        return str(_("It was measured otherwise (%(how)s), so nothing was taken over.", how=_how(last)))
    coming = {name: carrying.taken(last, at=at), **carrying.together(last, said, at=at)}
    entry.answers.update(coming)
    entry.emptied.difference_update(coming)
    return ""


def _still_right(_note: Note, draft: Draft, entry: Entry, name: str) -> str:
    """Of what was edited in the same breath nothing is left to say: it is reviewed by that."""
    saved = draft.answers.get(name, {})
    if carrying.is_unreviewed(saved) and entry.answers.get(name, {}).get("value") == saved["value"]:
        if name in carrying.measured_otherwise({**after(draft, entry).answers, name: saved}):
            return str(
                _("It was measured otherwise. If you measured again, press \u201cMeasured today\u201d beside it.")
            )
        entry.answers[name] = carrying.still_right(saved, at=clock.now())
    return ""


def _quote(note: Note, draft: Draft, entry: Entry, name: str) -> str:
    """Below what is written; a line that is there by now is not put there twice."""
    text = str(entry.answers.get(name, {}).get("value", ""))
    lines = [line for line in dict(_said(note, draft)).get(name, ()) if line not in text]
    whole = "\n".join([*([text] if text else []), *lines])
    if not lines:
        return str(_("These words are there already."))
    if len(whole) > draft.form.by_id[name].max_length:
        return str(_("There is no room for these words. Make the text shorter first."))
    entry.answers[name] = {"value": whole}
    entry.emptied.discard(name)
    return ""


def length(note: Note, draft: Draft) -> Length:
    """How long the note is, and what of it its author has copied from their last one of the patient."""
    shown = {name: answer for name, answer in draft.answers.items() if name in draft.shown}
    for entry in _signed_before(note) if actor.chart_ceiling(note.patient) else ():
        if entry.signer_id == note.author_id:
            before = _earlier(entry, actor.chart_ceiling(note.patient), is_added_to=False)
            if before is not None:
                return redundancy.of_note(draft.form, shown, (before.form, before.answers))
    return redundancy.of_note(draft.form, shown)


def since(note: Note, draft: Draft) -> Mapping[str, str]:
    """{question: line} for a note as it is read: what was taken over and looked at, and what changed since the last."""
    lasts = last_values(note, draft)
    changed = carrying.changed(draft.form, draft.answers, lasts)
    return {name: line for name in draft.answers if (line := _since(draft, name, changed.get(name)))}


def taken_over(draft: Draft) -> Mapping[str, str]:
    """{question: line} for a signed note on paper: what was taken over, from which visit, and that it was looked at."""
    return {name: line for name in draft.answers if (line := _since(draft, name, None))}


def _since(draft: Draft, name: str, last: Last | None) -> str:
    mark = draft.answers[name].get(CARRIED)
    if mark is not None:
        on = filters.day(datetime.fromisoformat(mark["on"]))
        if "right" in mark:
            return str(_("Taken over from the note of %(date)s, looked at and still right.", date=on))
        return str(_("Taken over from the note of %(date)s, not reviewed yet.", date=on))
    if last is None or is_written(last.question):
        return ""
    words = "; ".join(last_words(last))
    if carrying.is_otherwise(last, draft.answers):
        words = f"{words} ({_how(last)})"
    return str(_("Changed. %(date)s: %(words)s", date=filters.day(last.visit_at), words=words))
