"""What she said in earlier forms, as far as it still stands: shown again with its date, and laid under what is new.

A question with `recall` names parts of its form. It asks whether what she said there last time is still right. If so,
her earlier answers stand and count in conditions; if something changed, the same questions are asked anew, empty.

The newest word on each question holds, as everywhere (effective.py). This adds what became of it since: a part that was
asked anew takes along what it hides, a whole intake begins anew, and what she called right has a day of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from intake.forms import conditions, moments
from intake.forms.conditions import Answer, Answers, given
from intake.forms.disclosure import tiers, within
from intake.forms.merge import BEFORE, START, bare
from intake.forms.model import Form, Need, Question, Section, Tier
from intake.forms.needs import settled

RIGHT, CHANGED = "right", "changed"
UNREAD = "unread"  # the mark of "still right" where the clinic shows no words: she says that nothing changed, no more
SHOWN_AGAIN = Tier.CARE  # what lies above is shown back to nobody
SKIPPED: Answer = {"status": "skipped", "by": BEFORE}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer with the question in the words of that time, when it was given, and when she last said it stands."""

    question: Question
    tier: Tier
    answer: Answer
    said_at: datetime
    confirmed_at: datetime
    came_in: datetime | None = None  # when the form came in that it stands in: nobody was shown it before


@dataclass(frozen=True, slots=True)
class Layer:
    """The answers of one form. `only` names the part that was asked alone; `is_whole` is one that asks everything.

    `at` is when they were said, which can be long before they came in. `shown` is when the form came in that it
    follows: what came in later was not shown to be called right.
    """

    form: Form
    answers: Answers
    at: datetime
    only: str = ""
    is_whole: bool = False
    shown: datetime | None = None
    came_in: datetime | None = None

    def when(self, name: str) -> datetime:
        """When it says what it says of a question; an answer it no longer asks for is gone with the whole."""
        return moments.said_at(self.answers.get(name, {}), self.at)


Before = Mapping[str, Said]
NOTHING: Before = MappingProxyType({})


@lru_cache(maxsize=64)
def parts(form: Form) -> Mapping[str, str]:
    """{section: the question that asks whether it is still right}."""
    return {name: question.id for question in form.questions() for name in question.recall}


def laid(form: Form, answers: Answers, before: Before) -> Answers:
    """The answers of a form, with those of earlier forms under them wherever she has not said that they changed."""
    found = dict(answers)
    for section in _not_asked(form, answers):
        for question in section.questions():
            if (old := _carried(question, before)) is not None:
                found[question.id] = old
    return found if parts(form) else answers


def _not_asked(form: Form, answers: Answers) -> Iterator[Section]:
    """The parts that are not asked anew."""
    for name, still in parts(form).items():
        if given(answers.get(still)) != CHANGED:
            yield form.section(name)


def _carried(question: Question, before: Before) -> Answer | None:
    """Her earlier answer; what was left open stays open, and what is only said unsaid. Where a form insists it asks."""
    old = before.get(question.id)
    if old is not None and old.question.kind is question.kind:
        return {**(bare(old.answer) or {}), "by": BEFORE}
    return SKIPPED if question.need is Need.OPTIONAL else None


def is_asked(question: Question, answers: Answers) -> bool:
    """Whether the patient is asked it at all: not what the clinic set, nor what she said before and stands."""
    return not question.preset and answers.get(question.id, {}).get("by") not in {START, BEFORE}


def counting(form: Form, counted: Answers) -> Answers:
    """What the rules look at: her answers, and of earlier ones those she has just seen and called right."""
    if not parts(form):
        return counted
    return {
        name: within(form.by_id[name], answer, SHOWN_AGAIN) if answer.get("by") == BEFORE else answer
        for name, answer in counted.items()
        if answer.get("by") != BEFORE or _is_confirmed(form, name, counted)
    }


def _is_confirmed(form: Form, name: str, answers: Answers) -> bool:
    still = parts(form)[form.section_of[name].id]
    return given(answers.get(still)) == RIGHT and tiers(form)[name].rank <= SHOWN_AGAIN.rank


def own(counted: Answers) -> Answers:
    """The answers that are kept with the form itself."""
    return {name: answer for name, answer in counted.items() if answer.get("by") != BEFORE}


def recalled(form: Form, still: Question, before: Before) -> list[Said]:
    """What may be shown again to ask whether it is right: given answers of the desk's and the care team's tiers."""
    questions = [question for name in still.recall for question in _open(form.section(name))]
    found = [before[question.id] for question in questions if question.id in before]
    shown = [said for said in found if "value" in said.answer and said.tier.rank <= SHOWN_AGAIN.rank]
    return [replace(said, answer=within(said.question, said.answer, SHOWN_AGAIN)) for said in shown]


def _open(section: Section) -> Iterator[Question]:
    return (question for question in section.questions() if not (section.private or question.hushed))


def carried(form: Form, answers: Answers, before: Before) -> dict[str, Answer]:
    """The earlier answers alone that stand under those of a form."""
    return {name: answer for name, answer in laid(form, answers, before).items() if answer.get("by") == BEFORE}


def start(form: Form, before: Before) -> dict[str, dict[str, Answer]]:
    """{section: answers} a form begins with: a part of which nothing can be shown again is asked anew."""
    asked = [q for q in form.questions() if q.recall and not recalled(form, q, before)]
    found: dict[str, dict[str, Answer]] = {}
    for question in asked:
        found.setdefault(form.section_of[question.id].id, {})[question.id] = {"value": CHANGED, "by": START}
    return found


def since_the_last_whole(layers: Sequence[Layer]) -> list[Layer]:
    """Those from the last whole intake on, of layers in the order in which they came in.

    One that is older than what came in before it, on paper, makes nothing begin anew.
    """
    places = [place for place, each in enumerate(layers) if each.is_whole and _is_newest(each, layers[:place])]
    return list(layers[places[-1] if places else 0 :])


def _is_newest(layer: Layer, before: Iterable[Layer]) -> bool:
    return not any(moments.is_older(layer.at, each.at) for each in before)


def standing(layers: Iterable[Layer]) -> dict[str, Said]:
    """What stands after several forms, in the order they came in: the newest word; nothing is lost or added."""
    found: dict[str, Said] = {}
    since: datetime | None = None
    for layer in layers:
        if since is not None and moments.is_older(layer.at, since):
            continue
        if layer.is_whole:
            since, found = layer.at, {n: said for n, said in found.items() if _is_newer(said, layer.when(n))}
        _lay(layer, found)
    return found


def _is_newer(said: Said, at: datetime) -> bool:
    return moments.is_older(at, said.confirmed_at)


def _lay(layer: Layer, found: dict[str, Said]) -> None:
    answers = {**_around(layer, found), **layer.answers} if layer.only else laid(layer.form, layer.answers, found)
    newer = frozenset(name for name, said in found.items() if _is_newer(said, layer.when(name)))
    shown, counted = conditions.walk(layer.form, {**answers, **_over(layer.form, newer, found)})
    for section in layer.form.sections:
        if layer.only in {"", section.id}:
            still = "" if layer.only else parts(layer.form).get(section.id, "")
            if not still or given(answers.get(still)) == CHANGED:
                asked = [each for each in section.questions() if not each.recall and each.id not in newer]
                _replace(asked, layer, found, shown, counted, asks_all=not still and not layer.only)
            elif given(answers.get(still)) == RIGHT and UNREAD not in answers[still]:
                _confirm(layer, still, found)


def _over(form: Form, newer: Iterable[str], found: Before) -> Answers:
    """What was said later than this form says it: conditions hang on that."""
    known = ((name, found[name]) for name in newer if name in form.by_id)
    return {name: {**said.answer, "by": BEFORE} for name, said in known if said.question.kind is form.by_id[name].kind}


def _around(layer: Layer, found: Before) -> Answers:
    """What a part that was asked by itself hangs on: her answers to the other parts."""
    others = layer.form.by_id.keys()
    return {
        name: {**said.answer, "by": BEFORE}
        for name, said in found.items()
        if name in others and layer.form.section_of[name].id != layer.only
    }


def _replace(
    asked: Iterable[Question],
    layer: Layer,
    found: dict[str, Said],
    shown: set[str],
    counted: Answers,
    *,
    asks_all: bool,
) -> None:
    """Answers to a part that was asked. What she left open of something she said before stands with its old date."""
    for question in asked:
        answer = counted.get(question.id)
        if answer is not None and settled(answer) and (question.preset or is_asked(question, counted)):
            tier, at = tiers(layer.form)[question.id], layer.when(question.id)
            found[question.id] = Said(question, tier, bare(answer) or {}, at, at, layer.came_in)
        elif question.id not in shown or asks_all:
            found.pop(question.id, None)


def _confirm(layer: Layer, still: str, found: dict[str, Said]) -> None:
    """She saw these and called them right."""
    seen = (said for said in recalled(layer.form, layer.form.by_id[still], found) if _was_shown(layer, said))
    for said in seen:
        if not _is_newer(said, layer.at):
            found[said.question.id] = replace(found[said.question.id], confirmed_at=layer.at)


def _was_shown(layer: Layer, said: Said) -> bool:
    """Whether it had been said when the form began: a part can be asked again while that one waits."""
    return layer.shown is None or (said.came_in or said.said_at) <= layer.shown
