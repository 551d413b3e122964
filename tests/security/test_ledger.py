"""The shred ledger only grows, names nobody, and is on the disk before anything else happens."""

from __future__ import annotations

import stat
import uuid
from datetime import date

from intake.security import ledger

KEY, DAY = bytes(32), date(2026, 9, 15)


def test_a_shredded_patient_is_found_again_and_nobody_else_is(tmp_path):
    path, patient, other = tmp_path / "deep" / "clinic.shredded", uuid.uuid4(), uuid.uuid4()
    assert ledger.marks(path) == frozenset()
    ledger.add(path, patient, key=KEY, on=DAY)
    before = path.read_text()
    ledger.add(path, other, key=KEY, on=DAY)
    assert path.read_text().startswith(before)
    assert ledger.marks(path) == {ledger.mark(patient, KEY), ledger.mark(other, KEY)}
    assert ledger.mark(uuid.uuid4(), KEY) not in ledger.marks(path)


def test_the_ledger_names_nobody_and_only_its_owner_reads_it(tmp_path):
    path, patient = tmp_path / "clinic.shredded", uuid.uuid4()
    ledger.add(path, patient, key=KEY, on=DAY)
    assert str(patient) not in path.read_text()
    assert ledger.mark(patient, KEY) != ledger.mark(patient, bytes(31) + b"\1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_ledger_beside_it_counts_too_and_a_damaged_line_fits_nobody(tmp_path):
    patient, lost = uuid.uuid4(), uuid.uuid4()
    ledger.add(tmp_path / "clinic.shredded", patient, key=KEY, on=DAY)
    (tmp_path / ledger.NAME).write_bytes(b"2026-09-15 \xff\n")
    assert ledger.missing([patient, lost], tmp_path / ledger.NAME, KEY) == [lost]
