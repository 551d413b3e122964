"""Bound rows: who somebody is and what they may see holds only as we wrote it.

The content of a record is sealed (sealing.py), the rows around it are not: who may open it is looked up in them. So a
row of a `Bound` table carries a MAC over what it says, under a key of the root. It is made when the mapper writes the
row and checked whenever a row is loaded; one that was edited, copied from another or put there by somebody else is a
ForgedError, which no page gets past. Code that changes what is bound past the mapper does it with `amend`.

Two things it cannot notice: an older state of the whole row, put back with its MAC, and a row that was removed. What
only ever counts or ends something (LOOSE) is therefore left out: undoing it is putting an older state back.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, CursorResult, LargeBinary, event, inspect, update
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column, object_session

from intake.security import binding
from intake.security.seal import OTHER_TYPES, SealError
from intake.store.sealing import SEALED, ring

BOUND: Final = "bound"  # the column of the MAC; in a session's info: the key
VERSION = {"version": "counts changes"}
# {table: {column that is not bound: why}}. What is sealed has a seal of its own.
LOOSE: Final[dict[str, dict[str, str]]] = {
    "break_glass": VERSION,
    "clinic": VERSION,
    "handovers": {
        "seen_at": "moves with every page; the sitting ends twenty minutes after it began",
        "ended_at": "ends it",
        "end_reason": "tells, opens nothing",
        "page": "only moves on",
    },
    "invitations": {
        "opened_at": "tells, opens nothing",
        "revoked_at": "ends it",
        "wrong_tries": "counts",
        "frozen_until": "ends it for an hour",
    },
    "logins": {
        "seen_at": "moves with every use, beside other changes; the session ends twelve hours after it began",
        "ended_at": "ends it",
        "end_reason": "tells, opens nothing",
        "place": "the patient's own page",
    },
    "notes": VERSION | {"signed_at": "ends it; what was signed is in the signatures"},
    "one_time_links": {"used_at": "ends it"},
    "passkeys": {"sign_count": "counts", "name": "its owner's word for it", "used_at": "tells, opens nothing"},
    "phrases": VERSION,
    "plans": VERSION | {"issued_at": "ends it; what was issued is in the documents"},
    "recovery_codes": {"used_at": "ends it"},
    "responses": {"status": "ends it; the database refuses the way back", "completed_at": "tells, opens nothing"},
    "totp_seeds": {"last_step": "counts"},
    "users": VERSION,
    "visits": VERSION,
}
# Tables that name people or patients and are not bound: {table: why}
UNBOUND: Final[dict[str, str]] = {
    "audit": "each line carries a MAC, chained to the line before",
    "codes": "lists anybody may read; who loaded one opens nothing",
    "consents": "the words are sealed to the patient and the row",
    "documents": "the content is sealed to the patient, the row and the tier",
    "flags": "the sign is sealed to the patient and the row; who took note of it opens nothing",
    "ledgers": "the signatures it counts are chained and signed",
    "outbox": "addresses are looked up with people and in the record; what a patient is to read is sealed to the row",
    "patient_keys": "wrapped for one patient and compartment",
    "signatures": "chained and signed",
    "signing_keys": "the clinic's certificate says whose it is, and the private half opens for its owner alone",
}


class ForgedError(SealError):
    """A row about who somebody is, or what they may see, is not as we wrote it."""

    def __init__(self, row: str, patient_id: uuid.UUID | None) -> None:
        super().__init__()
        self.row, self.patient_id = row, patient_id


class Bound:
    """A mapped class whose rows hold only with their MAC.

    The MAC guards against two changes at once as a version does: the second one finds another MAC and is refused.
    """

    bound: Mapped[bytes] = mapped_column(LargeBinary)

    __mapper_args__ = {"version_id_col": bound, "version_id_generator": False}  # noqa: RUF012 - SQLAlchemy reads it


def amend(session: Session, row: Any, *where: ColumnElement[bool], **values: Any) -> bool:
    """Change a row that was read past the mapper, with the MAC it has then; False when it was changed meanwhile."""
    kind = type(row)
    said = {name: getattr(row, name) for name in bound_attributes(kind)} | values
    change = update(kind).where(kind.id == row.id, kind.bound == row.bound, *where)
    change = change.values(**values, bound=_mark(session, kind, said))
    done = session.execute(change.execution_options(synchronize_session=False))
    if row in session:
        session.expire(row)
    return isinstance(done, CursorResult) and done.rowcount == 1


def check(session: Session, kind: type[Any], row: Mapping[str, Any]) -> None:
    """ForgedError unless the row, all columns of it that were read by name, holds."""
    if not _holds(session, kind, row):
        found = f"{kind.__tablename__} {row['id']}"
        raise ForgedError(found, row.get("patient_id"))


def _holds(session: Session, kind: type[Any], row: Mapping[str, Any]) -> bool:
    try:
        return hmac.compare_digest(row[BOUND], _mark(session, kind, row))
    except OTHER_TYPES:  # SQLite keeps whatever somebody writes into a column
        return False


_known: dict[type[Any], tuple[str, ...]] = {}


def bound_attributes(kind: type[Any]) -> tuple[str, ...]:
    """The names of what is bound in the rows of a mapped class, which are those of its columns."""
    if kind not in _known:
        _known[kind] = _bound_attributes(inspect(kind))
    return _known[kind]


def _bound_attributes(mapper: Mapper[Any]) -> tuple[str, ...]:
    table = mapper.local_table.name  # type: ignore[attr-defined]  # a table
    free = {BOUND, *LOOSE.get(table, {})}
    return tuple(sorted(a.key for a in mapper.column_attrs if a.key not in free and SEALED not in a.columns[0].info))


def _mark(session: Session, kind: type[Any], said: Mapping[str, Any]) -> bytes:
    if BOUND not in session.info:
        session.info[BOUND] = ring(session).derive(binding.PURPOSE)
    names = bound_attributes(kind)
    return binding.mark(session.info[BOUND], kind.__tablename__, [(name, said[name]) for name in names])


# ---------------------------------------------------------------- written


@event.listens_for(Bound, "before_insert", propagate=True)
def _bind_new(mapper: Mapper[Any], _connection: object, row: Any) -> None:
    for name in bound_attributes(type(row)):
        default: Any = mapper.columns[name].default
        if getattr(row, name) is None and default is not None:
            setattr(row, name, default.arg if default.is_scalar else default.arg(None))
    _bind(row)


@event.listens_for(Bound, "before_update", propagate=True)
def _bind_changed(_mapper: object, _connection: object, row: Any) -> None:
    _bind(row)


def _bind(row: Any) -> None:
    session = cast("Session", object_session(row))
    made = _mark(session, type(row), {name: getattr(row, name) for name in bound_attributes(type(row))})
    if row.bound != made:
        row.bound = made


@event.listens_for(Bound, "attribute_instrument", propagate=True)
def _keep_old(kind: type[Any], name: str, attribute: Any) -> None:
    """What stood there is read before it is changed: else a change could bind what was never checked."""
    if hasattr(attribute, "impl") and name in kind.__table__.c:
        event.listen(attribute, "set", _seen, active_history=True)


def _seen(_row: object, _value: object, _old: object, _initiator: object) -> None:
    """Nothing more: that somebody listens has the old value loaded."""


# ---------------------------------------------------------------- read


@event.listens_for(Bound, "load", propagate=True)
def _check_loaded(row: Any, context: Any) -> None:
    _check(context.session, row)


@event.listens_for(Bound, "refresh", propagate=True)
def _check_refreshed(row: Any, context: Any, _names: object) -> None:
    if context is not None:  # else nothing was read: an UPDATE of ours brought the row in the session up to itself
        _check(context.session, row)


def _check(session: Session, row: Any) -> None:
    """Check what was read; what is changed and not written yet counts as it was."""
    state: Any = inspect(row)
    read = vars(row) | state.committed_state if state.committed_state else vars(row)
    if BOUND not in read or not all(name in read for name in bound_attributes(type(row))):
        return  # the rest is read together, once somebody asks for it
    try:
        check(session, type(row), read)
    except ForgedError:
        session.expunge(row)  # nobody finds it in the session, taken for one that was checked
        raise
