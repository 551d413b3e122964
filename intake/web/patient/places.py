"""Where somebody is in her form. The address of every page is the same, so the place is kept in her session's row."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, request, url_for

from intake.forms.model import Form, Section
from intake.forms.problems import MalformedError
from intake.security import box
from intake.store.sessions import Login
from intake.web import keyed, visitors
from intake.web.database import session

WRITTEN = re.compile(
    r"(tasks|check|done|start)|"
    r"(page|message) ([1-9]\d?)\.([1-9]\d?)(?: more ([a-z0-9_]{1,60})| told ([1-9]\d?)\.([1-9]\d?))?"
)

LONGEST = 100  # letters; every place takes as many, so that the length says nothing


@dataclass(frozen=True, slots=True)
class Place:
    """A view, and the page of the form it is about: the one shown, or the one that gave rise to a message.

    `more` is a group that shows one empty entry more; `told` the page before, whose messages are shown on this one.
    """

    view: str = "tasks"
    section: int = 0
    number: int = 0
    more: str = ""
    told: tuple[int, int] | None = None

    def __str__(self) -> str:
        """As it stands in a form's hidden field and in the session's row: "page 2.3"."""
        if not self.section:
            return self.view
        more = f" more {self.more}" if self.more else ""
        told = f" told {self.told[0]}.{self.told[1]}" if self.told else ""
        return f"{self.view} {self.section}.{self.number}{more}{told}"

    @property
    def plain(self) -> Place:
        """The place without what is only shown once."""
        return replace(self, more="", told=None)


TASKS, CHECK, DONE, START = Place("tasks"), Place("check"), Place("done"), Place("start")


def read(text: str) -> Place:
    """The place a form or a row names; MalformedError when no page of ours would write it."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        message = "no such place"
        raise MalformedError(message)
    view, with_page, section, number, more, told_section, told_number = found.groups()
    if view:
        return Place(view)
    told = (int(told_section), int(told_number)) if told_section else None
    return Place(with_page, int(section), int(number), more or "", told)


def of_page(form: Form, section: Section, number: int, view: str = "page") -> Place:
    """The place of a page, by its section."""
    return Place(view, form.sections.index(section) + 1, number)


def here() -> Place:
    """Where she is."""
    visitor = visitors.visitor()
    return of(visitor.login) if visitor else START


def of(login: Login) -> Place:
    """Where a sitting is. It is boxed: that of a message says that a warning sign was raised."""
    try:
        return read(box.unlock(keyed.box_key(), login.place, *_row(login)).decode().strip()) if login.place else TASKS
    except box.BoxError:
        return TASKS  # from there she finds every page; her answers are bound to their own rows


def _row(login: Login) -> tuple[str, str, uuid.UUID]:
    return Login.__tablename__, "place", login.id


def sent_from() -> Place:
    """The page that the submitted form stands on, whatever another tab shows."""
    return read(request.form.get("_at", "")).plain


def asked_for() -> Place | None:
    """Where a button of the submitted page leads, when it is one that only leads somewhere."""
    text = request.form.get("_go", "")
    return read(text).plain if text else None


def go(place: Place) -> Any:
    """Lead on. Every page has the same address: a reload is safe, and neither history nor address bar says anything."""
    move(place)
    return redirect(url_for("patient.form.show"), 303)


def move(place: Place) -> None:
    """Note where she is now."""
    visitor = visitors.visitor()
    if visitor is not None and of(visitor.login) != place:
        visitor.login.place = box.lock(keyed.box_key(), str(place).ljust(LONGEST).encode(), *_row(visitor.login))
        session.commit()
