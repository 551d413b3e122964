"""What the two pages of phrases share, one's own and the clinic's: a list, a form for a new one and one for each."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from intake.actions import phrases as acts
from intake.actions.refusals import RefusedError, StaleError
from intake.clinical.phrases import MOST, WORD
from intake.library import phrases as library
from intake.store import phrases
from intake.store.people import User
from intake.store.phrases import LONGEST_WORD
from intake.web import clock
from intake.web.actor import me
from intake.web.database import session
from intake.web.inputs import PageForm, line, settled, writable
from intake.web.say import translated

SAVED, REFUSED, STALE = 303, 422, 409


class PhraseForm(PageForm):
    """One phrase. `version` is that of the phrase as it was read, 0 for a new one."""

    word: Any = line(_l("Word"), LONGEST_WORD, hint=_l("What you type, with its dot: .kegel"))
    stands_for: Any = TextAreaField(
        _l("Stands for"),
        [DataRequired(_l("Please fill this in.")), Length(max=MOST), writable],
        filters=[settled],
        description=_l("Put what changes each time in braces, like {n}. A note cannot be signed while one is open."),
    )
    version: Any = IntegerField(validators=[InputRequired()], default=0)

    @staticmethod
    def validate_word(_form: Any, field: Any) -> None:
        """A dot, then small letters, digits and hyphens."""
        if not WORD.fullmatch(field.data or ""):
            raise ValidationError(
                _l("Begin with a dot and a letter, then small letters, digits and hyphens, like .kegel.")
            )


class Gone(PageForm):
    """A phrase to take away."""

    word = StringField(validators=[InputRequired()])
    version = IntegerField(validators=[InputRequired()])


def listed(owner: User | None, form: PhraseForm | None = None) -> dict[str, Any]:
    """What the page shows: the phrases of one person, or of the clinic where there is no owner."""
    own, others = phrases.of(session, owner), dict(library.starters())
    if owner:
        others |= {each.word: each.stands_for for each in phrases.of(session, None)}
    return {
        "form": form or PhraseForm(formdata=None),
        "own": own,
        "others": sorted(others.items()),
        "mine": {each.word for each in own},
    }


def save(owner: User | None, form: PhraseForm) -> int:
    """Keep one: 303, or what is wrong, which stands in the form then. What was typed is there to be sent again."""
    if not form.validate_on_submit():
        return REFUSED
    word, over = form.word.data, form.version.data
    try:
        acts.save(session, owner, word, form.stands_for.data, over=over, by=me(), now=clock.now())
    except StaleError:
        session.rollback()
        row = phrases.named(session, owner, word)
        form.version.data, form.version.raw_data = row.version if row else 0, None
        form.stands_for.errors = [_("This phrase was changed meanwhile. Look at it below, then save yours again.")]
        return STALE
    except RefusedError as refusal:
        form.word.errors = [translated(str(refusal))]
        return REFUSED
    flash(_("Phrase saved."))
    return SAVED


def remove(owner: User | None) -> int:
    """Take one away: 303, or 422 where the page says none. Notes keep what they hold."""
    form = Gone()
    if not form.validate_on_submit():
        return REFUSED
    try:
        acts.remove(session, owner, form.word.data or "", over=form.version.data or 0, by=me(), now=clock.now())
        flash(_("Phrase removed."))
    except StaleError:
        flash(_("This phrase was changed meanwhile, so it is still here."))
    return SAVED
