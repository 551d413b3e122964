"""The pages of questions. A page is saved whenever it is left, to the place it was opened from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from intake.actions import intakes
from intake.actions.intakes import Saved
from intake.actions.refusals import FinalError, StaleError
from intake.clinical import obstetrics, odd_dates
from intake.clinical.triage import Flag as Sign
from intake.clinical.triage import Severity, triage
from intake.forms import merge, recall, together
from intake.forms.conditions import given
from intake.forms.entry import Entry, is_write_only, read, without_entry
from intake.forms.model import Page, Question, Section
from intake.forms.problems import N_, MalformedError, Problem
from intake.forms.words import say
from intake.store import responses
from intake.web import clock, filters, visitors
from intake.web.database import session
from intake.web.patient import logs, notices, places, recollections, steps
from intake.web.patient.notices import Notice
from intake.web.patient.places import Place
from intake.web.patient.steps import Intake
from intake.web.say import said, translated
from intake.web.typed import in_the_other, one_more

LEAVE_SECTION, TOGETHER = "leave-section", "nothing"
Sent = Mapping[str, list[str]]
Typed = Mapping[str, Any]
EMPTY: Mapping[str, Any] = {}
CHANGED_SINCE = N_(
    "What is on file here has changed since you opened this page. Please read it once more: is it right?"
)
OWN = ("_", "csrf_token")  # how the names of fields begin that are no answers


def is_autosave() -> bool:
    """Whether the page's script sends this, while she is still on the page."""
    return bool(request.headers.get("X-Autosave"))


def show(intake: Intake, place: Place) -> Any:
    """One page of questions with what was answered so far."""
    return _page(intake, place)


def save(intake: Intake, place: Place, sent: Sent, *, late: bool = False) -> Any:
    """Keep what is good on the page; go on, or say what to mend.

    A page that comes in late was sent before she came in again. That somebody came in proves little: what cannot be
    kept of its private fields is not shown again.
    """
    if intake.response.status != responses.IN_PROGRESS:
        raise FinalError
    part, asked = steps.find(intake.form, place)
    action, target = _one(sent, "_action"), _one(sent, "_go")
    at_once, action = action == TOGETHER, "" if action == TOGETHER else action
    fields = {name: values for name, values in sent.items() if not name.startswith(OWN)}
    if logs.refuse_foreign(asked.questions, fields, intake.answers, intake.link):
        message = "an entry of another link"
        raise MalformedError(message)
    _leave_out(intake, asked, fields)
    kept, saved_answers = without_entry(fields, intake.answers, action)
    saved_answers = logs.turned(asked.questions, saved_answers, action, intake.link)
    entry = read(
        steps.sent(asked, intake, kept), kept,
        saved=saved_answers, today=clock.today(), born=intake.born,
        write_only=True, earlier=intake.earlier,
    )  # fmt: skip
    entry.answers = logs.stamped(asked.questions, entry.answers, intake.answers, intake.link)
    _look_again(intake, asked, fields, entry, _one(sent, "_read"))
    if at_once:
        _say_nothing_is_there(intake, asked, entry)
    entry.answers = _of_this_sitting(intake, entry.answers, late=late)
    leaving = not is_autosave() and not action and not target
    try:
        saved = intakes.save_page(
            session, intake.response, intake.form, part, asked, entry, intake.stored,
            base=_base(part, sent), leaving=leaving, link=intake.link, afresh=_afresh(intake, asked),
            today=clock.today(), now=clock.now(), known=intake.known, before=intake.before,
        )  # fmt: skip
        if action == LEAVE_SECTION and part.skippable:
            intakes.leave_for_visit(
                session, intake.response, part, base=saved.version, link=intake.link, now=clock.now()
            )
            last = places.of_page(intake.form, part, len(part.pages))
            return places.go(_at_once(place, _new(intake, saved)) or steps.following(intake, last, saved.answers))
    except StaleError as stale:
        found = [] if late else _unsaved(intake, asked, entry)
        return _stale(steps.opened(intake.response), place, _to_show(intake, fields, late=late), stale, found)
    entry.typed = _to_show(intake, entry.typed, late=late)
    if is_autosave():
        return _autosaved(intake, place, entry, saved)
    return _next(intake, place, entry, saved, action=action, target=places.read(target).plain if target else None)


def _afresh(intake: Intake, page: Page) -> list[str]:
    """The questions where giving the same answer again is giving it.

    Those whose old answer she cannot see, and those that ask who is there, which is about now.
    """
    again = [q.id for q in page.questions if is_write_only(q) or q.id in intake.about_now]
    return [name for name in again if not intake.is_of_sitting(name)]


def _of_this_sitting(intake: Intake, answers: Mapping[str, Any], *, late: bool) -> dict[str, Any]:
    """The answers with the mark of the sitting; not who was there as a page was sent that comes in late."""
    mark = {"in": visitors.mark()}
    return {
        name: answer if late and name in intake.about_now else {**answer, **mark, **_unread(intake, name)}
        for name, answer in answers.items()
    }


def _unread(intake: Intake, name: str) -> Mapping[str, bool]:
    """That a question asks whether something is still right and does not show it in words."""
    question = intake.form.by_id[name]
    return {recall.UNREAD: True} if question.recall and not intake.reads(question) else {}


def _say_nothing_is_there(intake: Intake, page: Page, entry: Entry) -> None:
    """Her one tap: what stands open on the page is answered, and nothing else; not what the page does not ask her."""
    if not page.none:
        message = "the page has no such button"
        raise MalformedError(message)
    asked = tuple(question for question in page.questions if recall.is_asked(question, intake.answers))
    found = together.answered(intake.form, replace(page, questions=asked), intake.answers, entry)
    entry.answers |= found
    entry.emptied -= found.keys()


def _leave_out(intake: Intake, page: Page, fields: dict[str, list[str]]) -> None:
    """What is not there any more is not called right: that part is asked anew by now."""
    found = [q.id for q in page.questions if q.recall and q.id in fields and not recall.is_asked(q, intake.answers)]
    for name in found:
        del fields[name]
    if found and not is_autosave():
        flash(_("What is on file here has changed since you opened this page, so we ask you about it anew."))


def _look_again(intake: Intake, page: Page, fields: dict[str, list[str]], entry: Entry, read: str) -> None:
    """What she calls right is what her page showed her: where that is not what stands, it is shown to her first."""
    found = [q.id for q in page.questions if q.recall and given(entry.answers.get(q.id)) == recall.RIGHT]
    if not found or read == recollections.mark(intake, page.questions):
        return
    for name in found:
        del entry.answers[name], fields[name]
        entry.problems.append(Problem(name, CHANGED_SINCE))


def _one(sent: Sent, name: str) -> str:
    return sent.get(name, [""])[0]


def _base(section: Section, sent: Sent) -> int:
    base = merge.bases(_one(sent, "_version")).get(section.id)
    if base is None:
        message = "the page has no version"
        raise MalformedError(message)
    return base


def _autosaved(intake: Intake, place: Place, entry: Entry, saved: Saved) -> Any:
    part, _asked = steps.find(intake.form, place)
    if saved.version > intake.versions[part.id]:  # what changes nothing does not make the sitting last
        visitors.stay()
    reply: dict[str, Any] = {
        **filters.saved_now(),
        "version": f"{part.id}:{saved.version}",
        "errors": {problem.field: said(problem) for problem in entry.problems},
        "left": visitors.left(),
    }
    if there := _at_once(place, _new(intake, saved)):
        places.move(there)
        reply["go"] = url_for("patient.form.show")
    return jsonify(reply)


def _at_once(place: Place, new: Sequence[Sign]) -> Place | None:
    """Where a new warning is shown: a page of its own for an emergency, on this page for a call today."""
    if any(sign.severity is Severity.EMERGENCY for sign in new):
        return Place("message", place.section, place.number)
    if any(sign.severity is Severity.SAME_DAY for sign in new):
        return Place("page", place.section, place.number)
    return None


def _new(intake: Intake, saved: Saved) -> list[Sign]:
    raised = [sign for sign in saved.signs if sign.rule in saved.new_rules]
    return notices.new(intake, replace(intake, answers=saved.answers), raised)


def _next(intake: Intake, place: Place, entry: Entry, saved: Saved, *, action: str, target: Place | None) -> Any:
    # A value that could not be read is on no other page: it is shown again first, with the warnings above it.
    if action:
        if entry.problems:
            return _mend(intake, place, entry)
        more = action.partition(":")[2].partition(".")[0] if action.startswith("add:") else logs.opened(action)
        return places.go(Place("page", place.section, place.number, more=more))
    new = _new(intake, saved)
    there = _at_once(place, new)
    if there and not entry.problems:
        return places.go(there)
    if target is None:
        troubled = {problem.field.partition(".")[0] for problem in entry.problems}
        entry.problems += [problem for problem in saved.missing if problem.field.partition(".")[0] not in troubled]
    if entry.problems:
        return _mend(intake, place, entry)
    if target is not None and target.section:
        steps.find(intake.form, target)
    if target is None:
        _ask_to_look_again(intake, place, saved)
    return places.go(target or _onward(intake, place, saved, new))


def _ask_to_look_again(intake: Intake, place: Place, saved: Saved) -> None:
    """A gentle line on the next page where the numbers just given do not fit together. It holds nobody up."""
    _part, page = steps.find(intake.form, place)
    after = replace(intake, answers=saved.answers)
    if any(question.id in obstetrics.COUNTS for question in page.questions):
        prompt = obstetrics.count_prompt(after.seen())
        if prompt:
            flash(translated(prompt))
    for prompt in _odd_dates(after, page):
        flash(f"{prompt} {_('You can go back for one more look, or go on.')}")


def _odd_dates(intake: Intake, page: Page) -> list[str]:
    """What to look at again in the dates of a page; each once."""
    asked = {question.id for question in page.questions}
    if asked.isdisjoint(odd_dates.ASKED):
        return []
    found = odd_dates.odd_dates(intake.seen(), clock.today(), intake.born)
    return [translated(each) for each in dict.fromkeys(odd.prompt for odd in found if not asked.isdisjoint(odd.asked))]


def _mend(intake: Intake, place: Place, entry: Entry) -> Any:
    errors = {problem.field: said(problem) for problem in entry.problems}
    return _again(steps.opened(intake.response), place, entry.typed, errors), 422


def _onward(intake: Intake, place: Place, saved: Saved, new: Sequence[Sign]) -> Place:
    """The page after this one; a message that can wait until then is shown on it.

    Where who is there was asked because she wanted to go on to a private page, that is next.
    """
    wanted = places.here().plain
    if wanted != place.plain and steps.is_behind_gate(intake, wanted):
        return wanted
    onward = steps.following(intake, place, saved.answers)
    if onward.view != "page" or not new:
        return onward
    return Place("page", onward.section, onward.number, told=(place.section, place.number))


def _told_before(intake: Intake, place: Place) -> list[Notice]:
    """The messages of the page that led here."""
    if place.told is None:
        return []
    _part_before, before = steps.find(intake.form, Place("page", *place.told))
    return notices.on_page(intake, before)


def _unsaved(intake: Intake, page: Page, entry: Entry) -> list[Notice]:
    """What a page that is not kept yet warns of besides what is kept: that cannot wait until she sends it once more."""
    earlier, said = notices.known(intake), {**intake.seen(), **entry.answers}
    found = triage(said, today=clock.today(), born=intake.born)
    new = [sign for sign in found if sign.severity >= Severity.SAME_DAY and sign.rule not in earlier]
    here = [sign for sign in new if notices.names(page) & set(sign.because)]
    return notices.worded(sorted(here, key=lambda sign: -sign.severity), said, intake.born)


def ask_for_all() -> Any:
    """Have the script send the whole page, as its button does: what has to be read at once is a page of its own."""
    return jsonify(saved=None, errors={}, send=True), 409


def _stale(intake: Intake, place: Place, fields: Typed, stale: StaleError, found: Sequence[Notice]) -> Any:
    text = _(
        "This answer was changed in another window. What you see here is not saved yet. Press Continue to keep it."
    )
    errors = {name: " ".join((str(text), *_in_the_other(intake, name))) for name in stale.questions}
    if is_autosave():
        return ask_for_all() if found else (jsonify(saved=None, errors=errors), 409)
    return _again(intake, place, _single(fields), errors, found), 409


def _in_the_other(intake: Intake, name: str) -> Iterator[str]:
    """The words that are kept from the other window, where her own screen may show them."""
    question = intake.form.by_id[name]
    answer = steps.masked(intake, question)
    is_hidden = question.log or any(is_write_only(each) for each in (question, *question.questions))
    if not is_hidden and "saved" not in (answer or {}):
        yield in_the_other(say(question, answer, translated))


def _single(fields: Typed) -> Typed:
    """Fields as the templates read them: several values as a list, one as itself."""
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def _to_show(intake: Intake, typed: Typed, *, late: bool) -> dict[str, Any]:
    if not late:
        return dict(typed)
    if intake.link != visitors.link():  # typed in a sitting that somebody else may have had
        return {}
    private = {each.id for q in intake.form.questions() for each in (q, *q.questions) if is_write_only(each)}
    return {name: text for name, text in typed.items() if private.isdisjoint(name.split("."))}


def _again(intake: Intake, place: Place, typed: Typed, errors: Mapping[str, str], found: Sequence[Notice] = ()) -> str:
    """The page once more, with what is wrong and what was typed there, and what that warns of."""
    places.move(place)
    return _page(intake, place, typed, errors, found)


def _page(
    intake: Intake, place: Place, typed: Typed = EMPTY, errors: Mapping[str, str] = EMPTY, found: Sequence[Notice] = ()
) -> str:
    _part, page = steps.find(intake.form, place)
    return render_template(
        "patient/pages/show.html",
        **parts_of(intake, place, typed, errors), back=steps.before(intake, place),
        notices=[*found, *notices.on_page(intake, page)] or _told_before(intake, place),
        prompts=_odd_dates(intake, page),
    )  # fmt: skip


def parts_of(intake: Intake, place: Place, typed: Typed, errors: Mapping[str, str]) -> dict[str, Any]:
    """What a page of questions is made of, but for where it leads back to and what it warns of."""
    part, page = steps.find(intake.form, place)
    questions = [steps.worded(intake, question) for question in steps.askable(page, intake)]
    return {
        "intake": intake, "section": part, "page": page, "place": place.plain, "questions": questions,
        "answers": {question.id: _answer(intake, question, typed, place.more) for question in questions},
        "recalled": recollections.of_page(intake, questions), "errors": errors,
        "read": recollections.mark(intake, page.questions),
        "texts": {question.id: question.text for question in questions},
        "version": f"{part.id}:{intake.versions[part.id]}", "today": clock.today(),
        "private": any(is_write_only(q) for question in questions for q in (question, *question.questions)),
        "earlier": any(steps.is_from_before(intake, question) for question in questions),
    }  # fmt: skip


def _answer(intake: Intake, question: Question, typed: Typed, more: str) -> Any:
    own = {name: value for name, value in typed.items() if name == question.id or name.startswith(f"{question.id}.")}
    answer = steps.masked(intake, question)
    if question.log:
        return _log(intake, question, answer, own, more)
    if question.id == more and not own:
        own = one_more(question, answer)
    return {**(answer or {}), "raw": own} if own else answer


def _log(intake: Intake, question: Question, answer: Any, own: Typed, more: str) -> Any:
    saved = intake.answers.get(question.id)
    lines = logs.lines(question, saved, intake.link)
    others = sum(map(bool, (saved or {}).get("value", ()))) - len(lines)
    shown = {"lines": lines, "number": logs.number(question, more), "others": others}
    return {**(answer or {}), **({"raw": own} if own else {}), "log": shown}
