"""Diagnosis and procedure codes: what a code means on a day, what goes together, and how minutes become units."""
