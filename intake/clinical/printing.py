"""Why sensitive answers may leave on paper. Each printing names one of these reasons and a sentence."""

from __future__ import annotations

from intake.forms.problems import N_

REASONS = (
    ("request", N_("The patient asked for it")),
    ("referral", N_("For a clinician the patient is sent to, who needs it")),
    ("record", N_("For the record on paper that the clinic has to keep")),
    ("law", N_("The law or a court asks for it")),
    ("other", N_("Something else")),
)
