"""Why a warning sign was raised, in the words of the form."""

from __future__ import annotations

from collections.abc import Collection

from intake.forms.model import Form
from intake.forms.words import Translate


def words(form: Form, reasons: Collection[str], translate: Translate = str) -> tuple[str, ...]:
    """The options that were ticked, as the form words them; of those that two questions share none is named."""
    options = [option for question in form.questions() for option in question.options if option.code in reasons]
    codes = [option.code for option in options]
    return tuple(translate(option.text) for option in options if codes.count(option.code) == 1)
