"""What has to be so before a paper form is typed in, and how it was written."""

from __future__ import annotations

from datetime import date, timedelta

from intake.forms.problems import N_

OLDEST = timedelta(days=365)  # older answers say little about today; a choice of this product
WRITERS = (
    ("paper", N_("The patient")),
    ("helped", N_("Somebody who helped the patient")),
    ("read-aloud", N_("Staff, who read the questions aloud to the patient")),
)
SIGNED = (("yes", N_("Yes")), ("no", N_("No: the agreements are for the visit")))

NOT_HERS = "not-hers"
WRONG_PLACE = (
    (NOT_HERS, N_("Somebody else\u2019s")),
    ("not-of-visit", N_("This patient\u2019s, of another visit")),
)
NOT_TYPED_HERE = (*WRONG_PLACE, ("no-paper", N_("Nobody\u2019s: there is no such paper")))


def reason_not_to_date(filled_on: date, today: date) -> str | None:
    """Why a paper form cannot be of that day; None when it can."""
    if filled_on > today:
        return N_("This day is still to come. Please check it.")
    if today - filled_on > OLDEST:
        return N_("This is more than a year ago. Please check the date, or ask for a new form.")
    return None


def reason_not_to_move(what: str, visit: str) -> str | None:
    """Why a sheet of somebody else cannot go to a visit of this patient; None where nothing is in the way."""
    return N_("A sheet of somebody else goes to no visit of this patient.") if what == NOT_HERS and visit else None
