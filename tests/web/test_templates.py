"""The templates hold to our content policy, and anyone can read and fill in every kind of question."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from intake.forms.bodymap import bodymap
from intake.forms.model import Condition, Kind, Need, Operator, Option, Question, Tier, Unit, When

FOLDER = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
FORBIDDEN = {
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "inline style": re.compile(r"\sstyle\s*=|<style\b"),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']"),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)|<script[^>]*>(?!</script>)|javascript:"),
    "something from elsewhere": re.compile(r"(?:src|href)=[\"'](?:https?:)?//"),
}
OPTIONS = (
    Option("walk", "Walking"),
    Option("lift", "Lifting"),
    Option("none", "None of these", exclusive=True),
)


def ask(kind: Kind, **rest: Any) -> Question:
    return Question(f"q_{kind.replace('-', '_')}", kind, f"A question of kind {kind}?", Tier.CARE, **rest)


CELLS = (
    replace(ask(Kind.CHOICE, options=OPTIONS), id="left"),
    replace(ask(Kind.NUMBER, units=(Unit("deg", "°"),)), id="range"),
    replace(ask(Kind.SCALE), id="pain"),
    replace(ask(Kind.YES_NO, not_sure=True), id="sore"),
)
CHILDREN = (replace(ask(Kind.DATE, approximate=True), id="when"), replace(ask(Kind.YES_NO), id="tear"))
QUESTIONS = {
    "display": ask(Kind.DISPLAY, body="One paragraph.\n\nAnother."),
    "yes-no": ask(Kind.YES_NO, not_sure=True, may_decline=True, may_tell_in_person=True, why="Because."),
    "choice": ask(Kind.CHOICE, options=OPTIONS, other=True, hint="Pick one."),
    "choices": ask(Kind.CHOICES, options=OPTIONS, other=True, need=Need.OR_DECLINED),
    "number": ask(Kind.NUMBER, units=(Unit("kg", "kg"), Unit("[lb_av]", "lb")), may_decline=True),
    "date": ask(Kind.DATE, autocomplete="bday"),
    "string": ask(Kind.STRING, may_tell_in_person=True),
    "text": ask(Kind.TEXT, max_length=2000, examined=True),
    "scale": ask(Kind.SCALE, low_label="none", high_label="worst", examined=True),
    "grid": ask(Kind.GRID, rows=OPTIONS[:2], options=OPTIONS),
    "grid of inputs": ask(Kind.GRID, rows=OPTIONS[:2], columns=CELLS),
    "group": ask(Kind.GROUP, questions=CHILDREN, entry_name="birth", minimum_entries=2, may_decline=True),
    "map": ask(Kind.MAP, map="body"),
    "rated map": ask(Kind.MAP, map="pelvis", rated=True),
    "consent": ask(Kind.CONSENT, body="What is agreed to.", options=OPTIONS, need=Need.REQUIRED),
}
WRONG = dict.fromkeys(("yes-no", "choices", "number", "string", "text", "scale", "consent"), "") | {
    "choice": ".other",
    "date": ".day",
    "grid": ".walk",
    "grid of inputs": ".walk.range",
    "group": ".0.when.month",
}


class Reader(HTMLParser):
    """Collects what a page offers to somebody who cannot see it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        if tag == "label":
            self.labelled.add(found.get("for") or "")
        if tag in {"input", "select", "textarea"} and found.get("type") != "hidden":
            self.fields.append(found)
        elif tag == "fieldset" and "aria-describedby" in found:
            self.fields.append({**found, "grouped": "yes"})


@pytest.fixture(scope="module")
def templates() -> Environment:
    """The templates as the app loads them, in English."""
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, extensions=["jinja2.ext.i18n"])
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.filters["translated"] = str
    environment.globals.update(bodymap_of=bodymap, csrf_token=lambda: "token")
    environment.globals["asked"] = lambda question, *rest: Markup(shown(environment, question, *rest))
    return environment


def shown(templates: Environment, question: Question, answer: Any = None, *rest: Any, **more: Any) -> str:
    macro = templates.get_template("macros/question.html").module.question  # type: ignore[attr-defined]  # a macro
    return str(macro(question, answer, *rest, **more))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_to_the_content_policy(name: str, templates: Environment) -> None:
    source = (FOLDER / name).read_text(encoding="utf-8")
    templates.parse(source)
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source)] == []


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("answer", [None, {"saved": True}, {"status": "declined"}, {"raw": {}}])
def test_every_field_has_an_id_of_its_own_and_a_label(name: str, answer: Any, templates: Environment) -> None:
    page = Reader(shown(templates, QUESTIONS[name], answer, prefix="form.0."))
    assert len(page.ids) == len(set(page.ids))
    assert not [i for i in page.ids if not i or " " in i]
    for field in page.fields:
        assert "grouped" in field or field["id"] in page.labelled, field
        pointed = (field.get("aria-describedby") or "").split() + (field.get("aria-labelledby") or "").split()
        assert set(pointed) <= set(page.ids), field


@pytest.mark.parametrize(("name", "part"), WRONG.items())
def test_an_error_stands_before_its_field_and_is_tied_to_it(name: str, part: str, templates: Environment) -> None:
    question = QUESTIONS[name]
    field = question.id + part
    html = shown(templates, question, errors={field: "Please look again."})
    marked = [found for found in Reader(html).fields if found.get("aria-describedby") and "aria-invalid" in found]
    grouped = [found for found in Reader(html).fields if "grouped" in found]
    spots = [
        i for found in marked or grouped for i in (found["aria-describedby"] or "").split() if i.endswith(":error")
    ]
    assert spots
    place = html.index(f'id="{spots[0]}"')
    assert html.index("Please look again.") > place
    assert "<input" in html[place:] or "<textarea" in html[place:]
    assert html.count("Please look again.") == 1
    assert field in Reader(html).ids, "the error summary links to the field by its name"


def test_no_position_of_a_scale_is_set_beforehand(templates: Environment) -> None:
    html = shown(templates, QUESTIONS["scale"])
    assert " checked" not in html
    assert html.count('type="radio"') == len(range(11))


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("yes-no", {"value": "no"}, 'value="no" checked'),
        ("yes-no", {"status": "in-person"}, 'value="~in-person" checked'),
        ("choice", {"value": {"other": "Swimming"}}, 'value="~other" checked'),
        ("choices", {"value": ["walk", {"other": "Swimming"}]}, 'value="Swimming"'),
        ("number", {"value": {"number": "70", "unit": "[lb_av]"}}, 'value="[lb_av]" data-beside checked'),
        ("date", {"value": "1990-04-12"}, 'value="12"'),
        ("text", {"value": "<b>bold</b>"}, "&lt;b&gt;bold&lt;/b&gt;"),
        ("text", {"status": "not-examined", "reason": "unable"}, 'value="unable" selected'),
        ("scale", {"value": 0}, 'value="0" checked'),
        ("grid of inputs", {"value": {"walk": {"pain": 0}}}, 'value="0" selected'),
        ("group", {"value": [{"when": {"value": "2026-03"}}, {}, {}]}, 'name="q_group.count" value="3"'),
        ("rated map", {"raw": {f"q_map.{bodymap('pelvis').regions[0].code}": "4"}}, 'value="4" selected'),
        ("date", {"raw": {"q_date.month": "Febuary"}}, 'value="Febuary"'),
    ],
)
def test_what_was_answered_is_shown_again(name: str, answer: Any, expected: str, templates: Environment) -> None:
    assert expected in re.sub(r"\s+", " ", shown(templates, QUESTIONS[name], answer))


def test_an_answer_that_is_never_shown_again_can_be_left_or_cleared(templates: Environment) -> None:
    html = shown(templates, QUESTIONS["text"], {"saved": True})
    assert "Answered. Leave it, replace it or clear it." in html
    assert 'name="q_text.status" value="clear"' in html


def test_a_question_that_depends_on_another_says_so_without_a_script(templates: Environment) -> None:
    first = QUESTIONS["yes-no"]
    when = When((Condition(first.id, Operator.EQUAL, "yes"),))
    html = shown(templates, replace(QUESTIONS["string"], when=when), peers=(first,))
    assert "If yes to “A question of kind yes-no?”" in html
    assert f'[{{"answer": "yes", "operator": "=", "question": "{first.id}"}}]' in html


def test_enter_in_a_group_does_not_remove_an_entry(templates: Environment) -> None:
    html = shown(templates, QUESTIONS["group"])
    assert 0 < html.index("<button") < html.index('value="remove:q_group.0"')
    assert 'name="_action"' not in html[html.index("<button") : html.index("</button>")]
