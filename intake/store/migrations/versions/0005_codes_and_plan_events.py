"""Lists of codes a clinic loads, and what happened to plans of care."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


SQLITE = (
    (
        "CREATE TRIGGER plan_events_final_update BEFORE UPDATE ON plan_events WHEN 1 = 1 BEGIN "
        "SELECT RAISE(ABORT, 'what happened to a plan of care stays on record'); END"
    ),
    (
        "CREATE TRIGGER plan_events_final_delete BEFORE DELETE ON plan_events WHEN 1 = 1 BEGIN "
        "SELECT RAISE(ABORT, 'what happened to a plan of care stays on record'); END"
    ),
)
POSTGRESQL = (
    (
        "CREATE FUNCTION plan_events_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF"
        " 1 = 1 THEN RAISE EXCEPTION 'what happened to a plan of care stays on record' USING "
        "ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER plan_events_final_update BEFORE UPDATE ON plan_events FOR EACH ROW EXECUTE "
        "FUNCTION plan_events_final_update()"
    ),
    (
        "CREATE FUNCTION plan_events_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF"
        " 1 = 1 THEN RAISE EXCEPTION 'what happened to a plan of care stays on record' USING "
        "ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER plan_events_final_delete BEFORE DELETE ON plan_events FOR EACH ROW EXECUTE "
        "FUNCTION plan_events_final_delete()"
    ),
    (
        "CREATE FUNCTION plan_events_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'what happened to a plan of care stays on record' USING ERRCODE = "
        "'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER plan_events_final_truncate BEFORE TRUNCATE ON plan_events FOR EACH "
        "STATEMENT EXECUTE FUNCTION plan_events_final_truncate()"
    ),
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "codes",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("is_heading", sa.Boolean(), nullable=False),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["loaded_by_id"], ["users.id"], name=op.f("fk_codes_loaded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
        sa.UniqueConstraint("kind", "code", "valid_from", name=op.f("uq_codes_kind_code_valid_from")),
    )
    op.create_table(
        "plan_events",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("takes_back_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_plan_events_note_id_notes")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_plan_events_patient_id_patients")),
        sa.ForeignKeyConstraint(
            ["takes_back_id"], ["plan_events.id"], name=op.f("fk_plan_events_takes_back_id_plan_events")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_plan_events_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_events")),
        sa.UniqueConstraint("takes_back_id", name=op.f("uq_plan_events_takes_back_id")),
    )
    with op.batch_alter_table("plan_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_events_patient_id"), ["patient_id"], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("plan_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_events_patient_id"))
    op.drop_table("plan_events")
    op.drop_table("codes")
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            if statement.startswith("CREATE FUNCTION"):
                op.execute(sa.text(f"DROP FUNCTION {statement.split()[2]}"))
