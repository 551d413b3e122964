"""What the pages for typing in a paper form are made of: its parts in their order, and what one page said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, request

from intake.clinical.triage import Message, message
from intake.clinical.values import value
from intake.forms import disclosure, merge, transcript
from intake.forms.entry import Entry, read, without_entry
from intake.forms.model import Kind, Page, Question, Section
from intake.forms.needs import settled
from intake.forms.paper import numbers
from intake.forms.problems import MalformedError
from intake.forms.words import say
from intake.store import responses
from intake.store.flags import Flag
from intake.store.responses import Response
from intake.web import actor, clock, told
from intake.web.clinic import glances
from intake.web.clinic.drafts import Draft, asked_of
from intake.web.database import session
from intake.web.say import translated

URGENT = frozenset({"EMERGENCY", "SAME_DAY"})
Asked = tuple[tuple[Page, tuple[Question, ...]], ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """A part with the numbers of the questions that are blank on the paper."""

    section: Section
    numbers: tuple[int, ...]


def parts(draft: Draft) -> list[Section]:
    """The parts in which its viewer has something to type in, in the order of the paper."""
    return [section for section in draft.form.sections if transcript.asked(section, draft.shown)]


def part(draft: Draft, name: str) -> Section:
    """The part of that name, or the first one; 404 where there is none."""
    found = [section for section in draft.form.sections if name in {"", section.id}]
    here = parts(draft) if not name else found
    return here[0] if here else abort(404)


def sent_from(draft: Draft) -> Section:
    """The part that the submitted page is about; MalformedError when no page of its viewer's is."""
    name = request.form.get("_part", "")
    found = next((section for section in draft.form.sections if section.id == name), None)
    if found is None:
        text = "no such part"
        raise MalformedError(text)
    return found


def after(draft: Draft, section: Section) -> Section | None:
    """The part that comes next on the paper."""
    order = draft.form.sections
    return next((each for each in parts(draft) if order.index(each) > order.index(section)), None)


def is_whole(draft: Draft) -> bool:
    """Whether its viewer may see everything that is asked on the paper."""
    return responses.form_of(draft.response).by_id.keys() == draft.form.by_id.keys()


def asked(draft: Draft, section: Section) -> Asked:
    """The pages of a part with their questions, each with its number on the paper."""
    whole = responses.form_of(draft.response)
    found = transcript.asked(section, draft.shown)
    return tuple((page, tuple(transcript.numbered(whole, q, translated) for q in several)) for page, several in found)


def submitted(draft: Draft, section: Section) -> tuple[Entry, frozenset[str]]:
    """What the page says, and the questions that stood on it."""
    fields = {name: request.form.getlist(name) for name in request.form if not name.startswith("_")}
    typed, saved = without_entry(fields, draft.answers, request.form.get("_action", ""))
    roots = {name.partition(".")[0] for name in fields}
    now = {question.id for _page, several in transcript.asked(section, draft.shown) for question in several}
    open_ones = (question for question in section.questions() if question.kind is not Kind.DISPLAY)
    held = [question for question in open_ones if question.id in now | roots]
    return read(held, typed, saved=saved, today=clock.today()), frozenset(question.id for question in held)


def unkept(response: Response) -> list[tuple[str, str]]:
    """What is typed on the submitted page and does not stand in the form, each with its question."""
    form = disclosure.restricted(asked_of(response), actor.ceiling())
    names = [name for name in request.form if name.partition(".")[0] in form.by_id]
    fields = {name: request.form.getlist(name) for name in names}
    held = [form.by_id[name] for name in dict.fromkeys(each.partition(".")[0] for each in names)]
    entry = read(held, fields, saved={}, today=clock.today())
    stands = responses.said(session, response) if response.is_from_paper else {}
    new = [
        q for q in held if "value" in entry.answers.get(q.id, {}) and value(entry.answers, q.id) != value(stands, q.id)
    ]
    unread = [(q, text) for q in held for name, text in entry.typed.items() if name.partition(".")[0] == q.id]
    rows = [*((q, say(q, entry.answers[q.id], translated)) for q in new), *unread]
    return [(translated(q.text), str(words)) for q, words in rows if words]


def base(section: Section) -> int:
    """The version of the part that the page was read at."""
    found = merge.bases(request.form.get("_version", "")).get(section.id)
    if found is None:
        text = "the page has no version"
        raise MalformedError(text)
    return found


def blanks(draft: Draft) -> Iterator[Blank]:
    """What is asked and not answered, part by part."""
    known = numbers(responses.form_of(draft.response))
    for section in parts(draft):
        left = [q.id for q in section.questions() if q.id in draft.shown and q.id in known]
        found = tuple(known[name] for name in left if not settled(draft.answers.get(name)))
        if found:
            yield Blank(section, found)


def is_mostly_blank(draft: Draft) -> bool:
    """Whether more than half of what the paper asks is blank: it may be the first sheet of several."""
    known = numbers(responses.form_of(draft.response))
    asked_now = [q.id for section in parts(draft) for q in section.questions() if q.id in draft.shown and q.id in known]
    return 2 * sum(len(each.numbers) for each in blanks(draft)) > len(asked_now)


def agreements(draft: Draft) -> list[Question]:
    """The agreements that the paper says something to."""
    return [q for q in draft.form.questions() if q.kind is Kind.CONSENT and q.id in draft.shown & draft.given]


def signs(response: Response) -> list[Flag]:
    """The warning signs of the paper that its viewer may see and that wait, gravest first."""
    return [flag for flag in glances.signs(response.patient, closed=False, of=response) if flag.still_true]


def urgent(response: Response, rules: Iterable[str]) -> list[Flag]:
    """Those of some rules that cannot wait until everything is typed in."""
    new = frozenset(rules)
    return [flag for flag in signs(response) if flag.rule in new and flag.severity in URGENT] if new else []


def to_tell(found: Iterable[Flag], answers: Mapping[str, Any]) -> list[tuple[Flag, Message, str]]:
    """Those nobody has taken on, each with what staff does and what the patient would have read."""
    values = told.values(answers)
    return [
        (flag, words, translated(words.patient).format(**values))
        for flag in found
        if flag.acknowledged_at is None and flag.severity in URGENT
        for words in (message(flag.rule),)
    ]
