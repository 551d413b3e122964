"""Drawing a question. The bare form of one that holds nothing is drawn once and kept: most of a page is bare.

Only questions without an answer, without typed text and without an error are kept, and none that is put in somebody's
own words, so nothing anybody said stays in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from flask import Flask, current_app
from flask_babel import get_locale
from markupsafe import Markup

from intake.forms.model import Question

# The questions are kept beside what was drawn of them: else another one could come to lie where one was.
Bare = dict[tuple[object, ...], tuple[Question, tuple[Question, ...], Markup]]
MOST = 20_000


def attach(app: Flask) -> None:
    """Give the templates `asked` and a place to keep bare questions."""
    app.extensions["bare"] = {}
    app.jinja_env.globals["asked"] = asked


def asked(
    question: Question,
    answer: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    prefix: str = "",
    today: date | None = None,
    peers: Iterable[Question] = (),
) -> Markup:
    """The question as HTML (templates/macros/question.html says what each argument holds)."""
    peers = tuple(peers)
    if answer or _is_wrong(f"{prefix}{question.id}", errors or {}) or any(each.words for each in (question, *peers)):
        return _drawn(question, answer, errors, prefix, today, peers)
    bare: Bare = current_app.extensions["bare"]
    key = (id(question), prefix, str(get_locale()), today.year if today else 0, tuple(id(peer) for peer in peers))
    if key not in bare:
        if len(bare) >= MOST:
            bare.clear()
        bare[key] = question, peers, _drawn(question, None, None, prefix, today, peers)
    return bare[key][-1]


def _is_wrong(name: str, errors: Mapping[str, str]) -> bool:
    return any(field == name or field.startswith(f"{name}.") for field in errors)


def _drawn(question: Question, *rest: Any) -> Markup:
    module = cast("Any", current_app.jinja_env.get_template("macros/question.html").module)
    return Markup(module.question(question, *rest))  # noqa: S704 - a macro's output is markup already, escaped inside
