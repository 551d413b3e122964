"""What the database itself refuses: changing what was signed, issued, submitted or logged.

Each entry freezes a table's rows once `condition` holds of the old row. The statements run after the tables are made;
migrations carry the same text, and a test compares a migrated database with a created one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import DDL, event

from intake.store.base import Base


@dataclass(frozen=True, slots=True)
class Freeze:
    """Rows of `table` are final while `condition` holds; OLD stands for the row, NEW for what would replace it."""

    table: str
    condition: str
    message: str
    on: tuple[str, ...] = ("UPDATE", "DELETE")


FINAL = "('completed', 'amended', 'entered-in-error')"
COMPLETED = "(SELECT status FROM responses WHERE id = OLD.response_id) IN ('completed', 'amended', 'entered-in-error')"
ADDED_TO = "(SELECT status FROM responses WHERE id = NEW.response_id) IN ('completed', 'amended', 'entered-in-error')"
# What was typed in from paper and handed in can be put right by another version, or be taken out: the row then says so,
# and nothing else of it changes. There is no way back.
SAME = (
    *("id", "patient_id", "visit_id", "form", "form_version", "number", '"only"', "follows_id", "corrects_id"),
    *("language", "started_at", "completed_at", "source", "entered_by_id", "filled_on", "dropped", "bound"),
)
TOUCHED = " OR ".join(f"NEW.{name} <> OLD.{name} OR (NEW.{name} IS NULL) <> (OLD.{name} IS NULL)" for name in SAME)
TAKEN_OUT = (
    f"OLD.status IN {FINAL} AND (OLD.source NOT IN ('paper', 'helped', 'read-aloud')"
    " OR NOT ((OLD.status = 'completed' AND NEW.status IN ('amended', 'entered-in-error'))"
    f" OR (OLD.status = 'amended' AND NEW.status = 'entered-in-error')) OR {TOUCHED})"
)
CHANGED = (
    "OLD.withdrawn_at IS NOT NULL OR NEW.words <> OLD.words OR NEW.signed_at <> OLD.signed_at"
    " OR NEW.patient_id <> OLD.patient_id OR NEW.id <> OLD.id"
)
OPENED = (
    "NEW.patient_id <> OLD.patient_id OR NEW.user_id <> OLD.user_id OR NEW.reason <> OLD.reason"
    " OR NEW.opened_at <> OLD.opened_at OR NEW.expires_at <> OLD.expires_at OR NEW.sensitive <> OLD.sensitive"
)
REPLACED = (
    "OLD.valid_until IS NOT NULL OR NEW.user_id <> OLD.user_id OR NEW.public <> OLD.public"
    " OR NEW.certificate <> OLD.certificate OR NEW.valid_from <> OLD.valid_from OR NEW.method <> OLD.method"
)
# A draft of the clinic's own form can still change; what is published can only be retired, and nothing comes back.
WORDED = (
    "OLD.status = 'retired' OR (OLD.status = 'published' AND (NEW.status <> 'retired' OR NEW.text <> OLD.text"
    " OR NEW.sha256 <> OLD.sha256 OR NEW.form <> OLD.form OR NEW.version <> OLD.version OR NEW.id <> OLD.id"
    " OR NEW.published_at IS NULL OR NEW.published_at <> OLD.published_at))"
)
FROZEN = (
    Freeze("notes", "OLD.signed_at IS NOT NULL", "a signed note is final"),
    Freeze("responses", TAKEN_OUT, "submitted answers are final", on=("UPDATE",)),
    Freeze("responses", f"OLD.status IN {FINAL}", "submitted answers are final", on=("DELETE",)),
    Freeze("response_sections", f"{COMPLETED} OR {ADDED_TO}", "submitted answers are final", on=("UPDATE",)),
    Freeze("response_sections", COMPLETED, "submitted answers are final", on=("DELETE",)),
    Freeze("response_sections", ADDED_TO, "submitted answers are final", on=("INSERT",)),
    Freeze("flags", "1 = 1", "a warning sign is never removed", on=("DELETE",)),
    Freeze("signatures", "1 = 1", "a signature is final"),
    Freeze("ledgers", "NEW.position <> OLD.position + 1", "a ledger only grows", on=("UPDATE",)),
    Freeze("ledgers", "1 = 1", "a ledger only grows", on=("DELETE",)),
    Freeze("signing_keys", REPLACED, "a signing key is never replaced", on=("UPDATE",)),
    Freeze("signing_keys", "1 = 1", "a signing key is never removed", on=("DELETE",)),
    Freeze("clinic_forms", WORDED, "a published form is final", on=("UPDATE",)),
    Freeze("clinic_forms", "OLD.status <> 'draft'", "a published form is final", on=("DELETE",)),
    Freeze("plans", "OLD.issued_at IS NOT NULL", "an issued plan is final"),
    Freeze("documents", "1 = 1", "an issued document is final"),
    Freeze("consents", CHANGED, "a consent record is final", on=("UPDATE",)),
    Freeze("consents", "1 = 1", "a consent record is final", on=("DELETE",)),
    Freeze("break_glass", OPENED, "what was opened in an emergency stays on record", on=("UPDATE",)),
    Freeze("break_glass", "1 = 1", "what was opened in an emergency stays on record", on=("DELETE",)),
    Freeze("safety_entries", "1 = 1", "what was done about safety stays on record"),
    Freeze("amendment_requests", "1 = 1", "what a patient asked to have changed stays on record"),
    Freeze("amendments", "1 = 1", "that a transcript was put right or taken out stays on record"),
    Freeze("plan_events", "1 = 1", "what happened to a plan of care stays on record"),
    Freeze("reviews", "1 = 1", "that answers were reviewed stays on record"),
    Freeze("printouts", "1 = 1", "that answers were printed stays on record"),
    Freeze("audit", "1 = 1", "the audit trail only grows"),
    Freeze("audit_head", "NEW.seq <= OLD.seq", "the audit trail only moves forward", on=("UPDATE",)),
    Freeze("audit_head", "1 = 1", "the audit trail only moves forward", on=("DELETE",)),
    Freeze("audit_checkpoints", "1 = 1", "a checkpoint is final"),
)


def statements(dialect: str) -> tuple[tuple[str, str], ...]:
    """(table, statement) for each trigger, in the words of "sqlite" or "postgresql"."""
    return tuple(
        (freeze.table, statement)
        for freeze in FROZEN
        for verb in freeze.on
        for statement in (_sqlite(freeze, verb) if dialect == "sqlite" else _postgresql(freeze, verb))
    )


def _name(freeze: Freeze, verb: str) -> str:
    return f"{freeze.table}_final_{verb.lower()}"


def _sqlite(freeze: Freeze, verb: str) -> tuple[str, ...]:
    trigger = (
        f"CREATE TRIGGER {_name(freeze, verb)} BEFORE {verb} ON {freeze.table} WHEN {freeze.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{freeze.message}'); END"
    )
    return (trigger,)


def _postgresql(freeze: Freeze, verb: str) -> tuple[str, ...]:
    name = _name(freeze, verb)
    kept = "OLD" if verb == "DELETE" else "NEW"
    function = (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {freeze.condition} THEN "
        f"RAISE EXCEPTION '{freeze.message}' USING ERRCODE = 'restrict_violation'; END IF; RETURN {kept}; END $$"
    )
    trigger = f"CREATE TRIGGER {name} BEFORE {verb} ON {freeze.table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    return (function, trigger, *(_emptied(freeze) if verb == "DELETE" else ()))


def _emptied(freeze: Freeze) -> tuple[str, ...]:
    """TRUNCATE asks no trigger of a row; only PostgreSQL has it."""
    name = _name(freeze, "TRUNCATE")
    function = (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{freeze.message}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    trigger = f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {freeze.table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    return function, trigger


def install() -> None:
    """Make create_all add the triggers."""
    for dialect in ("sqlite", "postgresql"):
        for _table, statement in statements(dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
            ddl = ddl.execute_if(dialect=dialect)
            event.listen(Base.metadata, "after_create", ddl)
