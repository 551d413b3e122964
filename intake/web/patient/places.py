"""Where somebody is in her form. The address of every page is the same, so the place is kept in her session's row."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import Any, cast

from flask import g, redirect, request, url_for

from intake.forms.model import Form, Section
from intake.forms.problems import MalformedError
from intake.security import box
from intake.store.sessions import Login
from intake.web import keyed, visitors
from intake.web.database import session

WRITTEN = re.compile(
    r"(tasks|check|done|start|alone)|"
    r"(page|message) ([1-9]\d?)\.([1-9]\d?)(?: more ([a-z0-9_]{1,60}(?:\.\d{1,4})?)| told ([1-9]\d?)\.([1-9]\d?))?"
)
WHICH = "_form"  # the field that says which of a visit's forms a page belongs to
NUMBERED = re.compile(r"(.*?)(?: in ([1-9]\d?))?", re.DOTALL)

LONGEST = 100  # letters; every place takes as many, so that the length says nothing


@dataclass(frozen=True, slots=True)
class Place:
    """A view, and the page of the form it is about: the one shown, or the one that gave rise to a message.

    `more` is a group that shows one empty entry more, or the entry of a log that is open; `told` the page before, whose
    messages are shown on this one. `form` says which of the visit's forms it is in, counted from 1; 0 is the one at
    hand. Pages tell it in a field of their own, so it stands only in the session's row.
    """

    view: str = "tasks"
    section: int = 0
    number: int = 0
    more: str = ""
    told: tuple[int, int] | None = None
    form: int = 0

    def __str__(self) -> str:
        """As it stands in a form's hidden field and in the session's row: "page 2.3"."""
        inside = f" in {self.form}" if self.form else ""
        if not self.section:
            return f"{self.view}{inside}"
        more = f" more {self.more}" if self.more else ""
        told = f" told {self.told[0]}.{self.told[1]}" if self.told else ""
        return f"{self.view} {self.section}.{self.number}{more}{told}{inside}"

    @property
    def plain(self) -> Place:
        """The place in the form at hand, without what is only shown once."""
        return replace(self, more="", told=None, form=0)


TASKS, CHECK, DONE, START, ASIDE = (Place(view) for view in ("tasks", "check", "done", "start", "alone"))


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


def elsewhere(text: str) -> Place:
    """The same for a place that may be in another of the visit's forms: "tasks in 2"."""
    place, number = cast("re.Match[str]", NUMBERED.fullmatch(text)).groups()
    return replace(read(place), form=int(number or 0))


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
        return _unboxed(login) if login.place else TASKS
    except box.BoxError:
        return TASKS  # from there she finds every page; her answers are bound to their own rows


def _unboxed(login: Login) -> Place:
    return elsewhere(box.unlock(keyed.box_key(), login.place or b"", *_row(login)).decode().strip())


def _row(login: Login) -> tuple[str, str, uuid.UUID]:
    return Login.__tablename__, "place", login.id


def sent_from() -> Place:
    """The page that the submitted form stands on, whatever another tab shows."""
    return replace(read(request.form.get("_at", "")).plain, form=numbered(request.form.get(WHICH, "1")))


def numbered(text: str) -> int:
    """The number of a form as a page sends it; MalformedError when no page of ours would write it."""
    if not re.fullmatch(r"[1-9]\d?", text, re.ASCII):
        message = "no such form"
        raise MalformedError(message)
    return int(text)


def which() -> int:
    """Which of the visit's forms this request is about; 1 at the door."""
    return int(g.get(WHICH, 1))


def within(number: int) -> None:
    """From here on this request is about that form."""
    setattr(g, WHICH, number)


def asked_for() -> Place | None:
    """Where a button of the submitted page leads, when it is one that only leads somewhere."""
    text = request.form.get("_go", "")
    return replace(elsewhere(text), more="", told=None) if text else None


def go(place: Place) -> Any:
    """Lead on. Every page has the same address: a reload is safe, and neither history nor address bar says anything."""
    move(place)
    return redirect(url_for("patient.form.show"), 303)


def move(place: Place) -> None:
    """Note where she is now."""
    visitor, here = visitors.visitor(), replace(place, form=place.form or int(g.get(WHICH, 0)))
    if visitor is not None and of(visitor.login) != here:
        visitor.login.place = box.lock(keyed.box_key(), str(here).ljust(LONGEST).encode(), *_row(visitor.login))
        session.commit()
