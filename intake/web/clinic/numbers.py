"""The form for numbers of a measure: a field for each item, or a total."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, HiddenField, IntegerField, SelectField
from wtforms.validators import DataRequired, Optional

from intake.clinical.handwritten import WRITERS
from intake.clinical.measures import entering
from intake.clinical.measures.reading import Given
from intake.clinical.measures.table import Measure
from intake.forms.problems import Problem
from intake.store.patients import Patient
from intake.store.visits import Visit
from intake.web import clock, filters
from intake.web.inputs import PageForm, options
from intake.web.say import translated

NUMERIC = {"inputmode": "numeric", "size": "4", "autocomplete": "off"}


class Numbers(PageForm):
    """When, where from, and the total; the items are put in for each measure."""

    measure = HiddenField()
    on = DateField(_l("When it was answered"), [DataRequired(_l("Please give the day on which it was answered."))])
    source = SelectField(_l("Where the numbers come from"), choices=options(WRITERS))
    visit = SelectField(_l("For which visit"), [DataRequired(_l("Please choose a visit."))])
    total = DecimalField(_l("Or only the total"), [Optional()], render_kw={"inputmode": "decimal", "size": "6"})

    @property
    def items(self) -> list[Any]:
        """The fields of the items, in order."""
        return [field for field in self if field.short_name.startswith("item_")]

    def given(self) -> Given:
        """The numbers as they were typed."""
        total: Decimal | None = self.total.data
        return Given({field.short_name.removeprefix("item_"): field.data for field in self.items}, total)

    def say(self, reasons: Iterable[Problem]) -> None:
        """Put each reason to the field it is about."""
        for reason in reasons:
            name = reason.field if reason.field in self else f"item_{reason.field}"
            said = translated(reason.text)
            self[name].errors = [*self[name].errors, said % reason.values if reason.values else said]


def numbers_form(measure: Measure, patient: Patient, *, blank: bool = False) -> Numbers:
    """The form for one measure of a patient, as it was sent, or `blank` with the usual day and visit."""
    fields = {
        f"item_{item}": IntegerField(
            _l("Item %(number)s", number=item), [Optional()], description=entering.told(measure, item),
            render_kw=NUMERIC,
        )
        for item in measure.items
    }  # fmt: skip
    more = {"formdata": None} if blank else {}
    made: Numbers = type("NumbersOfOne", (Numbers,), fields)(**more)
    visits = sorted((each for each in patient.visits if each.cancelled_at is None), key=_starts, reverse=True)
    named = ((str(each.id), _("Visit on %(date)s", date=filters.moment(each.starts_at))) for each in visits)
    made.visit.choices = options(named)
    made.measure.data = measure.id
    if blank:
        made.on.data = clock.today()
        made.visit.data = next((str(each.id) for each in visits if each.starts_at <= clock.now()), None)
    return made


def _starts(visit: Visit) -> datetime:
    return visit.starts_at
