"""What was added to a signed note, as the words a printed chart has for it."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from intake.clinical import additions
from intake.clinical.additions import Addition
from intake.clinical.signed import COSIGNATURE, Signed
from intake.forms import reader
from intake.forms.model import Question
from intake.security.policy import tiers_up_to
from intake.store.amendment_requests import AmendmentRequest
from intake.store.signatures import Signature
from intake.web import actor, filters
from intake.web.say import translated


def title(entry: Signature) -> str:
    """What kind of addition it is."""
    words = {
        COSIGNATURE: _("Co-signature"),
        additions.ADDENDUM: _("Addendum"),
        additions.LATE: _("Late entry"),
        additions.CORRECTION: _("Correction"),
        additions.AMENDMENT: _("Answer to the patient\u2019s request"),
        additions.DISAGREEMENT: _("The patient\u2019s statement of disagreement"),
    }[entry.kind]
    return str(words)


def words(entry: Signature, note: Signed, most: str) -> str:
    """Its words, as far as they may be printed below `most`; what is left out is said.

    It goes as far as its signer said, the words of a wish as far as was said when it was received, and old and new
    words as far as what they correct.
    """
    said = entry.said.addition
    if said is None:
        return ""
    question = _question(said, note)
    below = tiers_up_to(most)
    shown, has_change = said.below(below, question), question is not None and question.tier in below
    if shown is None and not has_change:
        return str(_("What was added is left out of this copy."))
    actor.saw(shown.tiers(question) if shown else {question.tier} if question else ())
    lines = (*_change(said, question, shown=has_change), *(_whole(shown) if shown else ()))
    return "\n".join(map(str, lines))


def wish(row: AmendmentRequest, most: str) -> str:
    """The words of a wish that is not answered yet, as far as they may be printed below `most`."""
    if row.words_tier not in tiers_up_to(most):
        return str(_("What was added is left out of this copy."))
    actor.saw((row.words_tier,))
    return row.text


def _question(said: Addition, note: Signed) -> Question | None:
    return reader.load(note.form, note.form_version).by_id.get(said.change.question) if said.change else None


def _change(said: Addition, question: Question | None, *, shown: bool) -> Iterator[str]:
    if said.change is not None and question is not None and shown:
        yield _("%(field)s. It said: \u201c%(old)s\u201d", field=translated(question.text), old=said.change.old)
        yield _("It says now: \u201c%(new)s\u201d", new=said.change.new)


def _whole(said: Addition) -> Iterator[str]:
    if said.asked is not None:
        asked = {"date": filters.day(said.asked.received_on), "words": said.asked.words}
        if said.kind == additions.AMENDMENT:
            if said.asked.words:
                yield _("Request received on %(date)s: \u201c%(words)s\u201d", **asked)
            else:
                yield _("Request received on %(date)s. Its words are left out of this copy.", date=asked["date"])
            ground = f": {translated(additions.NAMES[said.ground])}" if said.ground else ""
            yield f"{_('Accepted') if said.decision == additions.ACCEPTED else _('Denied')}{ground}"
        else:
            yield _("To the denial of the request received on %(date)s.", date=asked["date"])
    if said.text:
        yield said.text
    if said.reason:
        yield _("Reason: %(words)s", words=said.reason)
    if said.source:
        yield _("Written from: %(source)s", source=translated(additions.NAMES[said.source]))
