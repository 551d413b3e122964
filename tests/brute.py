"""Which questions a form shows, worked out the slow way: each question on its own, back through all it hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from intake.forms.model import Condition, Form, Kind, Question, When

Answer = Mapping[str, Any]


class Brute:
    """What one person's answers show of a form."""

    def __init__(self, form: Form, answers: Mapping[str, Answer]) -> None:
        self.form, self.answers = form, answers
        self.known: dict[str, bool] = {}
        self.places = {q.id: (part, page, q) for part in form.sections for page in part.pages for q in page.questions}

    def shown(self) -> set[str]:
        """The ids of the questions that are shown."""
        return {name for name in self.places if self.shows(name)}

    def counted(self) -> dict[str, Answer]:
        """The answers of what is shown, without what an entry of a group hides and without blank entries."""
        return {
            name: self._without_hidden(self.places[name][2], answer)
            for name, answer in self.answers.items()
            if self.shows(name)
        }

    def unanswered(self) -> set[str]:
        """Required questions that are shown and have no answer, a declined one being one; those in groups too."""
        asked = {name: place[2] for name, place in self.places.items() if self.shows(name)}
        found = {name for name, question in asked.items() if _insists(question) and name not in self.answers}
        for name, question in asked.items():
            for entry in filter(None, self.answers.get(name, {}).get("value", ()) if question.questions else ()):
                here = (each for each in question.questions if each.id not in entry and _insists(each))
                found |= {f"{name}.{each.id}" for each in here if self.shows_in(question, each, entry)}
        return found

    def shows(self, name: str) -> bool:
        """Whether a question of the form is shown."""
        if name not in self.known:
            part, page, question = self.places[name]
            private = not part.private or self._holds(self.form.private_when, None, {})
            whens = (part.when, page.when, question.when)
            self.known[name] = private and all(self._holds(when, None, {}) for when in whens)
        return self.known[name]

    def shows_in(self, group: Question, child: Question, entry: Mapping[str, Answer]) -> bool:
        """Whether a child is shown in one entry of its group."""
        return self._holds(child.when, group, entry)

    def _without_hidden(self, question: Question, answer: Answer) -> Answer:
        if question.kind is not Kind.GROUP or "value" not in answer:
            return answer
        children = {child.id: child for child in question.questions}
        entries = [
            {name: said for name, said in entry.items() if self.shows_in(question, children[name], entry)}
            for entry in answer["value"]
            if entry
        ]
        return {"value": entries}

    def _holds(self, when: When, group: Question | None, entry: Mapping[str, Answer]) -> bool:
        results = [self._is_true(condition, group, entry) for condition in when.conditions]
        return not results or (any(results) if when.any_of else all(results))

    def _is_true(self, condition: Condition, group: Question | None, entry: Mapping[str, Answer]) -> bool:
        if "." in condition.question:
            among = condition.answer in self._of_every_entry(*condition.question.split("."))
            return among == (condition.operator == "=")
        question, value = self._look(condition.question, group, entry)
        if condition.operator == "answered":
            return (value is not None) == condition.answer
        return value is not None and _compares(condition, question, value)

    def _of_every_entry(self, name: str, child: str) -> list[Any]:
        if not self.shows(name):
            return []
        group = self.places[name][2]
        asked = next(each for each in group.questions if each.id == child)
        entries = self.answers.get(name, {}).get("value", [])
        return [entry[child].get("value") for entry in entries if child in entry and self.shows_in(group, asked, entry)]

    def _look(self, name: str, group: Question | None, entry: Mapping[str, Answer]) -> tuple[Question, Any]:
        """A question and its value: of the same entry, or else of the form; None when it is hidden or has none."""
        for child in group.questions if group else ():
            if child.id == name:
                there = name in entry and self.shows_in(group, child, entry)
                return child, entry[name].get("value") if there else None
        return self.places[name][2], self.answers.get(name, {}).get("value") if self.shows(name) else None


def _insists(question: Question) -> bool:
    return question.need != "optional" and (question.kind is not Kind.GROUP or question.minimum_entries > 0)


def _compares(condition: Condition, question: Question, value: Any) -> bool:
    wanted = condition.answer
    if question.kind is Kind.NUMBER:
        unit = next((each for each in question.units if each.code == value.get("unit")), None)
        value = Decimal(value["number"]) * (unit.factor if unit else 1) + (unit.offset if unit else 0)
    table = {
        "=": lambda: value == wanted,
        "!=": lambda: value != wanted,
        ">": lambda: value > wanted,
        "<": lambda: value < wanted,
        ">=": lambda: value >= wanted,
        "<=": lambda: value <= wanted,
        "contains": lambda: wanted in value,
    }
    return bool(table[str(condition.operator)]())
