"""What a page tells of a paper form that was put right: the old words beside the new, who, when and why."""

from __future__ import annotations

from dataclasses import dataclass

from intake.clinical.corrections import Change, changes
from intake.forms.model import Tier
from intake.store import amendments, responses
from intake.store.amendments import Amendment
from intake.store.responses import AMENDED, COMPLETED, IN_PROGRESS, Response
from intake.web import actor
from intake.web.actor import me
from intake.web.clinic import drafts
from intake.web.database import session
from intake.web.say import translated


@dataclass(frozen=True, slots=True)
class Rewording:
    """A version that a form took the place of: what became of it, what was changed, and why where it may be told."""

    former: Response
    amendment: Amendment
    changes: list[Change]
    why: str

    @property
    def is_readable(self) -> bool:
        """Whether the former version has a page: one that was moved away from another visit has none."""
        return self.former.status == AMENDED


def of(response: Response) -> list[Rewording]:
    """The versions before this one, the newest first."""
    former = response.corrects
    found = amendments.of_response(session, former.id) if former else None
    if former is None or found is None:
        return []
    return [Rewording(former, found, against(response, former), why(found)), *of(former)]


def against(response: Response, former: Response | None) -> list[Change]:
    """What a version says otherwise than the one before, as far as its reader may see it."""
    if former is None:
        return []
    form = drafts.asked_of(response) if response.status == IN_PROGRESS else responses.form_of(response)
    before, now = (actor.disclosed(form, responses.said(session, each)) for each in (former, response))
    return list(changes(form, before, now, translated))


def why(amendment: Amendment) -> str:
    """The line that was written about it, which can say anything: for its writer, and who may see private answers."""
    if amendment.user_id != me().id and str(Tier.SENSITIVE) not in actor.tiers():
        return ""
    actor.saw((Tier.SENSITIVE,))
    return amendment.text


def newer(response: Response) -> Response | None:
    """What counts in place of a version that was put right."""
    found = responses.correction(session, response.id)
    return found if found is not None and found.status in {AMENDED, COMPLETED} else None


def open_one(response: Response) -> Response | None:
    """The correction that somebody is typing in."""
    found = responses.correction(session, response.id)
    return found if found is not None and found.status == responses.IN_PROGRESS else None
