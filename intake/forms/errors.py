"""What can be wrong with a form file."""

from __future__ import annotations


class FormError(ValueError):
    """A form file cannot be used; the message names the file, the question and what to mend."""
