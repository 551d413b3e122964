"""Sealed columns: what a row keeps in them is opened when it is asked for and sealed again before it is written.

A mapped class names its sealed columns with `sealed` and what stands inside them with `Inside`. Each value is bound to
its table, column, row, patient, compartment and row version (intake/security/seal.py), so a row that has a version is
sealed anew with every change. Code that writes such rows past the mapper seals with `seal_value`. Whoever refreshes the
version of such a row refreshes its sealed columns too.
"""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast, overload

from sqlalchemy import Connection, LargeBinary, event, inspect
from sqlalchemy.orm import MappedColumn, Mapper, Session, mapped_column, object_session

from intake.security import seal as seals
from intake.security.keys import KeyRing
from intake.security.seal import OTHER_TYPES, Place, SealError
from intake.store.patient_keys import DestroyedError, Keys

T = TypeVar("T")
SEALED: Final = "sealed"  # in a column's info: the compartment, or BY_ROW
BY_ROW: Final = "by row"  # the row's own `tier` says which
OPENED: Final = "_opened"  # beside a row's mapped attributes: {column: [what is inside, whether it was changed]}
KEYS: Final = "keys"


class UnreadableError(SealError):
    """Something of this patient does not open."""

    def __init__(self, patient_id: uuid.UUID) -> None:
        super().__init__()
        self.patient_id = patient_id


def sealed(compartment: str, name: str, *, always: bool = True) -> MappedColumn[Any]:
    """A sealed column: always full, so that its presence says nothing, unless the form decides what is asked."""
    return mapped_column(name, LargeBinary, nullable=not always, info={SEALED: compartment})


# ---------------------------------------------------------------- one session's sealing


def ring(session: Session) -> KeyRing:
    """The key ring the session's engine was made with; RuntimeError when it was made without one."""
    found: KeyRing | None = session.get_bind().get_execution_options().get(KEYS)
    if found is None:
        message = "this database was opened without its keys"
        raise RuntimeError(message)
    return found


def keys(session: Session) -> Keys:
    """The session's own keys."""
    if KEYS not in session.info:
        session.info[KEYS] = Keys(ring(session))
    return cast("Keys", session.info[KEYS])


class Spot(NamedTuple):
    """Where a value belongs within this installation: the parts of a Place that the caller knows."""

    table: str
    column: str
    row: uuid.UUID
    patient: uuid.UUID
    compartment: str
    version: int = 0


def seal_value(session: Session, spot: Spot, value: bytes) -> bytes:
    """The value sealed for its place."""
    held = _ready(session, spot.patient)
    key = held.key(spot.patient, spot.compartment)
    held.count(session.connection(), key, spot.patient, spot.compartment)
    return seals.seal(key, Place(held.instance(session.connection), *spot), value)


def unseal_value(session: Session, spot: Spot, value: bytes) -> bytes:
    """What was sealed for this place; UnreadableError when it does not open, DestroyedError when it was erased."""
    return opened_with(_ready(session, spot.patient), session.connection, spot, value)


def unsealer(session: Session, patient: uuid.UUID) -> Callable[[Spot, bytes], bytes]:
    """`unseal_value` for many values of one patient, whose keys are looked up once."""
    return partial(opened_with, _ready(session, patient), session.connection)


def opened_with(held: Keys, connected: Callable[[], Connection], spot: Spot, value: bytes) -> bytes:
    """The same with keys that were fetched already."""
    try:
        key = held.key(spot.patient, spot.compartment)
        return seals.unseal(key, Place(held.instance(connected), *spot), value)
    except DestroyedError:
        raise
    except (SealError, *OTHER_TYPES):
        raise UnreadableError(spot.patient) from None


def fetch_keys(session: Session, patient: uuid.UUID) -> None:
    """Ask for a patient's keys now, so that what is opened later cannot be told from what was asked."""
    _ready(session, patient)


def _ready(session: Session, patient: uuid.UUID) -> Keys:
    """The session's keys with this patient's among them.

    Those of everybody else the session has met are fetched with them, so that a list asks once.
    """
    held = keys(session)
    if not held.knows(patient):
        met = {row.patient_id for row in session.identity_map.values() if isinstance(row, Sealing)}
        held.load(session.connection(), {patient, *(other for other in met if other and not held.knows(other))})
    return held


def keyed_mark(session: Session, patient: uuid.UUID, compartment: str, value: str) -> bytes:
    """What stands for a value where the database must tell equal ones without knowing them, in one patient's rows."""
    key = _ready(session, patient).key(patient, compartment)
    return hmac.digest(hmac.digest(key.secret, b"fernleaf/mark/v1", "sha256"), value.encode(), "sha256")[:16]


def packed(value: Any) -> bytes:
    """Plain data as the bytes that are sealed."""
    return json.dumps(value, separators=(",", ":")).encode()


# ---------------------------------------------------------------- mapped rows


class Sealing:
    """A mapped class with sealed columns. Its rows have an `id` and a `patient_id`."""

    id: Any
    patient_id: Any
    brings_keys = False  # whether a new row is a new patient

    def before_sealing(self, session: Session) -> None:
        """What a row works out from its open values before they are sealed."""


class Inside(Generic[T]):
    """A value inside a sealed column: read and set like any attribute, never part of a query."""

    def __init__(
        self,
        column: str,
        default: Callable[[], T] | None,
        read: Callable[[Any], T] | None = None,
        write: Callable[[T], Any] | None = None,
    ) -> None:
        self.column, self.default, self.read, self.write = column, default, read, write

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> Inside[T]: ...
    @overload
    def __get__(self, row: object, owner: type) -> T: ...
    def __get__(self, row: Any, owner: type) -> Inside[T] | T:
        if row is None:
            return self
        inside, _changed = _opened(row, self.column)
        if self.name not in inside and self.default:
            return self.default()
        value = inside[self.name]
        return self.read(value) if self.read and value is not None else cast("T", value)

    def __set__(self, row: Any, value: T) -> None:
        kept = self.write(value) if self.write and value is not None else value
        inside, _changed = _opened(row, self.column)
        if self.name in inside and inside[self.name] == kept:
            return
        vars(row)[OPENED][self.column] = ({**inside, self.name: kept}, True)
        setattr(row, self.column, None)  # the mapper sees a change; the bytes follow before it writes


def _opened(row: Any, column: str) -> tuple[dict[str, Any], bool]:
    opened = vars(row).setdefault(OPENED, {})
    if column not in opened:
        opened[column] = (_read(row, column), False)
    return cast("tuple[dict[str, Any], bool]", opened[column])


def _read(row: Any, column: str) -> dict[str, Any]:
    value = getattr(row, column)
    if value is None and not inspect(row).persistent:
        return {}
    session = object_session(row)
    if session is None:
        message = "a sealed value is read while its row is in a session"
        raise RuntimeError(message)
    if value is None:  # a column that is always full was emptied
        raise UnreadableError(row.patient_id)
    return cast("dict[str, Any]", json.loads(unseal_value(session, _spot(row, column, row_version(row)), value)))


def _spot(row: Any, column: str, version: int) -> Spot:
    mapper: Mapper[Any] = inspect(type(row))
    stored = mapper.column_attrs[column].columns[0]
    compartment = stored.info[SEALED]
    if compartment == BY_ROW:
        compartment = row.tier
    return Spot(mapper.local_table.name, stored.name, row.id, row.patient_id, compartment, version)  # type: ignore[attr-defined]  # a table


def trouble(row: Any) -> SealError | None:
    """Why a row does not open: DestroyedError when it was erased, else UnreadableError; None when it opens."""
    try:
        for column in sealed_attributes(type(row)):
            _opened(row, column)
    except SealError as problem:
        return problem
    return None


def row_version(row: Any) -> int:
    """The version a row's sealed values are bound to: 0 for a row that is new or has none."""
    return cast("int", row.version or 0) if _has_version(row) else 0


def _has_version(row: Any) -> bool:
    return hasattr(type(row), "version")


def sealed_attributes(kind: type) -> tuple[str, ...]:
    """The names of the sealed columns of a mapped class."""
    mapper: Mapper[Any] = inspect(kind)
    return tuple(attr.key for attr in mapper.column_attrs if SEALED in attr.columns[0].info)


@event.listens_for(Session, "before_flush")
def _seal_changes(session: Session, _context: object, _rows: object) -> None:
    new = [row for row in session.new if isinstance(row, Sealing)]
    dirty = [
        row for row in session.dirty if isinstance(row, Sealing) and session.is_modified(row, include_collections=False)
    ]
    if not new and not dirty:
        return
    keys(session).forget_made()
    for row in new:
        row.id = row.id or uuid.uuid4()
        if row.brings_keys:
            keys(session).make(row.id, cast("Any", row).created_at)
    for row in (*new, *dirty):
        _seal_row(session, row)


def _seal_row(session: Session, row: Any) -> None:
    """Bring the sealed columns of a row up to what is inside, and to the version the row is about to have."""
    row.before_sealing(session)
    version = row_version(row) + 1 if _has_version(row) else 0
    for column in sealed_attributes(type(row)):
        if row in session.new or version or _is_changed(row, column):
            inside, _changed = _opened(row, column)
            setattr(row, column, seal_value(session, _spot(row, column, version), packed(inside)))
            vars(row)[OPENED][column] = (inside, False)


def _is_changed(row: Any, column: str) -> bool:
    return bool(vars(row).get(OPENED, {}).get(column, (None, False))[1])


@event.listens_for(Session, "after_flush")
def _keep_made(session: Session, _context: object) -> None:
    if KEYS in session.info:
        keys(session).keep(session.connection())


@event.listens_for(Sealing, "expire", propagate=True)
def _forget(row: Any, names: Any) -> None:
    """What was opened goes when the bytes go. The row itself may be gone already."""
    opened = vars(row).get(OPENED, {}) if row is not None else {}
    for column in list(opened) if names is None else set(names) & set(opened):
        del opened[column]


@event.listens_for(Sealing, "refresh", propagate=True)
def _forget_read_again(row: Any, _context: object, names: Any) -> None:
    _forget(row, names)
