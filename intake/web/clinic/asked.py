"""What a patient was asked to fill in, by name: no two links of a page may read alike."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence

from flask_babel import gettext as _

from intake.forms import reader
from intake.store.responses import Response
from intake.web import filters
from intake.web.say import translated


def title(response: Response) -> str:
    """The name of the form, and whether only one part of it is asked."""
    found = translated(reader.load(response.form, response.form_version).title)
    return str(_("%(form)s, one part again", form=found)) if response.only else found


def names(found: Sequence[Response]) -> dict[uuid.UUID, str]:
    """{id: the form and the day it came in or was begun}, with a number where two would be the same."""
    named: dict[uuid.UUID, str] = {}
    times: Counter[str] = Counter()
    for each in sorted(found, key=lambda each: (each.started_at, each.number)):
        name = str(_("%(form)s, %(date)s", form=title(each), date=filters.day(each.completed_at or each.started_at)))
        times[name] += 1
        named[each.id] = f"{name} ({times[name]})" if times[name] > 1 else name
    return named
