"""What it means: rules, scores and wording drawn from answers. Pure: no clock, no database, no request."""
