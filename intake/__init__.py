"""Fernleaf: clinical intake, notes and care plans for postpartum pelvic-health physical therapy."""
