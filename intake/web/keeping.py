"""Pages that arrive while the screen is locked or a factor is due: boxed, and shown again to be sent on by a click."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request

from intake.security import box
from intake.security.seal import SealError
from intake.store import kept
from intake.store.kept import KeptPage
from intake.store.people import User
from intake.web import clock, identity, intents, keyed
from intake.web.database import session, writing
from intake.web.returning import local

# Never kept: the page asks for them again.
SECRETS = frozenset({"csrf_token", "password", "new_password", "code", "credential"})
PAGE = "_kept"
DONE = range(200, 400)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, and where to."""

    path: str
    fields: tuple[tuple[str, str], ...]


def attach(app: Flask) -> None:
    """Forget a kept page once it was sent on."""
    app.after_request(_forget_sent)


def keep(user: User, path: str) -> uuid.UUID:
    """Keep what this request carries, as sent to `path`. It takes the place of the kept page it says it comes from."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in SECRETS]
    page = KeptPage(id=uuid.uuid4(), user_id=user.id, kept_at=clock.now())
    content = json.dumps({"path": path, "fields": [field for field in fields if field[0] != PAGE]}).encode()
    page.content = box.lock(keyed.box_key(), content, KeptPage.__tablename__, "content", page.id)
    if (earlier := request.form.get(PAGE, type=uuid.UUID)) is not None:
        kept.forget(session, user, earlier)
    kept.keep(session, page)
    session.commit()
    return page.id


def waiting(user: User) -> list[tuple[KeptPage, Any]]:
    """What is kept for somebody, the newest first, with what each would do; what cannot be read is left out."""
    found = []
    for page_id in kept.of(session, user, clock.now()):
        with suppress(box.BoxError, SealError):
            page = kept.get(session, page_id)
            content = sent(page) if page else None
            if page and content and (what := intents.words(content.path)):
                found.append((page, what))
    return found


def sent(page: KeptPage) -> Sent | None:
    """What was kept; None when it leads out of this site."""
    found = json.loads(box.unlock(keyed.box_key(), page.content, KeptPage.__tablename__, "content", page.id))
    path = local(found["path"])
    return Sent(path, tuple((name, value) for name, value in found["fields"])) if path else None


def _forget_sent(response: Response) -> Response:
    """A page that was accepted is done with; one that was refused may be wanted again."""
    if request.method != "POST" or response.status_code not in DONE or PAGE not in request.form:
        return response
    user, page_id = identity.staff(), request.form.get(PAGE, type=uuid.UUID)
    if user is not None and page_id is not None:
        with writing() as other:
            kept.forget(other, user, page_id)
            other.commit()
    return response
