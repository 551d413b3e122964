"""What the pages of notes and plans share: a whole form on one page, saved while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from flask import jsonify, request
from flask_babel import gettext as _

from intake.clinical import shorthand
from intake.clinical.signed import Signed
from intake.forms import conditions, disclosure, merge, reader
from intake.forms.entry import Entry, read, without_entry
from intake.forms.model import Form, Kind, Page, Question, Section
from intake.forms.problems import MalformedError
from intake.forms.transcript import said as said_on_paper
from intake.forms.transcript import without_words
from intake.forms.words import entry as entry_words
from intake.forms.words import say
from intake.store import beginnings, responses
from intake.store.notes import Note
from intake.store.responses import Response
from intake.web import actor, clock, filters
from intake.web.database import session
from intake.web.say import said, translated
from intake.web.typed import in_the_other, one_more

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Draft:
    """A form being written, as far as its viewer may see it: wording, answers, section versions, questions opened."""

    response: Response
    form: Form
    answers: Mapping[str, Any]
    versions: Mapping[str, int]
    shown: frozenset[str]

    @cached_property
    def given(self) -> frozenset[str]:
        """The ids of the questions with a value, shown or not."""
        return frozenset(name for name, answer in self.answers.items() if "value" in answer)

    @cached_property
    def open(self) -> frozenset[str]:
        """The sections whose fields the page holds: those that are asked, and any with findings that stand unasked."""
        held = self.shown | self.given
        return frozenset(section.id for section in self.form.sections if any(q.id in held for q in section.questions()))

    @property
    def version(self) -> str:
        """The versions as the page carries them: a section it does not hold must not be read as emptied."""
        return carried({name: version for name, version in self.versions.items() if name in self.open})


def signed(note: Note) -> tuple[Draft, Signed]:
    """A signed note as its bytes say it, whatever the rows it was written in hold; the bytes were checked before."""
    said = note.signatures[0].said
    return _limited(note.response, reader.load(said.form, said.form_version), said.answers), said


def signed_below(note: Note, most: str) -> tuple[Draft, Signed]:
    """The same with nothing above a tier, for a page or paper that holds less than its reader may see."""
    said = note.signatures[0].said
    whole = reader.load(said.form, said.form_version)
    form = disclosure.restricted(whole, most)
    mine = {name: answer for name, answer in said.answers.items() if name in form.by_id}
    actor.saw(disclosure.seen(form, mine))
    return Draft(note.response, form, mine, {}, conditions.visible(whole, said.answers) & form.by_id.keys()), said


def as_text(draft: Draft, text: Mapping[str, Any]) -> Draft:
    """A draft as the text somebody signs says it (signatures.read)."""
    answers = {name: answer for section in text["sections"] for name, answer in section["answers"].items()}
    return _limited(draft.response, draft.form, answers)


def carried(versions: Mapping[str, int]) -> str:
    """{section: version} as a page's hidden field."""
    return " ".join(f"{name}:{version}" for name, version in versions.items())


def form_of(response: Response) -> Form:
    """The questions of a draft that its viewer may see."""
    return disclosure.restricted(reader.load(response.form, response.form_version), actor.ceiling())


def is_wordless(response: Response) -> bool:
    """Whether it is typed in from paper by its numbers alone, as the clinic may not show its words any more."""
    return response.is_from_paper and not beginnings.is_permitted(session, response.form, clock.now())


def asked_of(response: Response) -> Form:
    """The whole form as it is written in."""
    form = responses.form_of(response)
    return without_words(form) if is_wordless(response) else form


def opened(response: Response) -> Draft:
    """Read the draft. Whoever may see only part of it gets a form and answers that hold no more than that part."""
    stored = responses.sections(session, response.id)
    answers = {name: answer for given, _version, _at in stored.values() for name, answer in given.items()}
    versions = {name: version for name, (_given, version, _at) in stored.items()}
    form = asked_of(response)
    return _limited(response, form, said_on_paper(form, answers) if response.is_from_paper else answers, versions)


def _limited(
    response: Response, whole: Form, answers: Mapping[str, Any], versions: Mapping[str, int] | None = None
) -> Draft:
    form = disclosure.restricted(whole, actor.ceiling())
    mine = {name: answer for name, answer in answers.items() if name in form.by_id}
    actor.saw(disclosure.seen(form, mine))
    return Draft(response, form, mine, versions or {}, conditions.visible(whole, answers) & form.by_id.keys())


def submitted(draft: Draft) -> Entry:
    """What the page says; MalformedError where it lacks the version of a section it writes in: that would be lost."""
    fields = {name: request.form.getlist(name) for name in request.form if not name.startswith("_")}
    shown, saved = without_entry(fields, draft.answers, request.form.get("_action", ""))
    entry = read(draft.form.questions(), shown, saved=saved, today=clock.today())
    shorthand.spread(draft.form, entry, stored=draft.answers.keys())
    written = {draft.form.section_of[name.partition(".")[0]].id for name in fields if name != "csrf_token"}
    if lost := sorted(written - bases().keys()):
        message = f"no version for {lost[0]}"
        raise MalformedError(message)
    return entry


def bases() -> dict[str, int]:
    """The versions the page was read at."""
    return merge.bases(request.form.get("_version", ""))


def errors_of(entry: Entry) -> dict[str, str]:
    """{field: message} for what could not be kept."""
    return {problem.field: said(problem) for problem in entry.problems}


def changed_elsewhere(response: Response, questions: Iterable[str]) -> dict[str, str]:
    """{question: message} for what another window changed meanwhile, with the words that are kept from there."""
    draft = opened(response)
    text = _("This was changed in another window. What you see here is not saved yet. Save again to keep it.")
    there = {name: say(draft.form.by_id[name], draft.answers.get(name), translated) for name in questions}
    return {name: f"{text} {in_the_other(words)}" for name, words in there.items()}


def after(draft: Draft, entry: Entry) -> Draft:
    """The draft with what a page said of the sections it holds, without reading it again."""
    there = bases()
    held = {name for name, section in draft.form.section_of.items() if section.id in there}
    left = {name: answer for name, answer in draft.answers.items() if name not in entry.emptied & held}
    answers = left | {name: answer for name, answer in entry.answers.items() if name in held}
    return replace(draft, answers=answers, shown=conditions.visible(draft.form, answers))


def autosaved(versions: Mapping[str, int], entry: Entry, **live: Any) -> Any:
    """The answer to the script: when it was saved, what could not be, and what the page shows of it."""
    held = {name: versions[name] for name in bases() if name in versions}
    return jsonify(**filters.saved_now(), version=carried(held), errors=errors_of(entry), **live)


def to_show(
    draft: Draft, typed: Mapping[str, Any], more: str = "", offers: Mapping[str, Any] = NOTHING
) -> dict[str, Any]:
    """{question: answer} for the page: what was typed where it could not be kept, and one entry more in a group.

    `offers` is what stands beside a question, for those that have anything.
    """
    shown = {}
    for question in draft.form.questions():
        own = {
            name: value for name, value in typed.items() if name == question.id or name.startswith(f"{question.id}.")
        }
        answer = draft.answers.get(question.id)
        if question.id == more and not own:
            own = one_more(question, answer)
        shown[question.id] = {**(answer or {}), "raw": own} if own else answer
        if question.id in offers:
            shown[question.id] = {**(shown[question.id] or {}), "offer": offers[question.id]}
    return shown


def as_read(
    draft: Draft, beside: Mapping[str, str] = NOTHING, since: Mapping[str, str] = NOTHING
) -> list[tuple[Section, list[dict[str, Any]]]]:
    """The sections with what was written, for a page that is only read.

    `beside` is {question: line to add to it}, `since` what became of its value since the last note.
    """
    parts = [
        (section, [row for page in section.pages for row in _rows(page, draft, beside, since)])
        for section in draft.form.sections
    ]
    return [(section, rows) for section, rows in parts if rows or _is_examination(section)]


def _rows(page: Page, draft: Draft, beside: Mapping[str, str], since: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """What was written on a page; before findings, how they were made, where the form says that in words."""
    said = [question for question in page.questions if _is_said(question, draft)]
    if any("value" in draft.answers[question.id] for question in said if question.examined):
        how = [translated(words) for words in (page.position, page.method) if words]
        if how:
            yield {
                "question": _("How it was measured: %(part)s", part=translated(page.title)),
                "answers": how,
                "beside": "",
                "since": "",
            }
    for question in said:
        yield _row(question, draft.answers[question.id], beside, since)


def _is_examination(section: Section) -> bool:
    """Whether silence about the section has to be read as "not examined"."""
    return any(question.examined for question in section.questions())


def _is_said(question: Question, draft: Draft) -> bool:
    answer = draft.answers.get(question.id)
    return (
        question.id in draft.shown
        and question.kind is not Kind.DISPLAY
        and answer is not None
        and answer.get("status") != "skipped"
    )


def _row(question: Question, answer: Any, beside: Mapping[str, str], since: Mapping[str, str]) -> dict[str, Any]:
    more = {"beside": beside.get(question.id, ""), "since": since.get(question.id, "")}
    return {"question": translated(question.text), "answers": lines(question, answer), **more}


def lines(question: Question, answer: Any) -> list[str]:
    """An answer in words, an entry of a group a line."""
    if question.kind is Kind.GROUP and "value" in answer:
        return [entry_words(question, item, translated) for item in answer["value"]]
    return say(question, answer, translated).splitlines()
