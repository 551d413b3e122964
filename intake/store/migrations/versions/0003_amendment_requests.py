"""What patients ask to have changed in a signed note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


SQLITE = (
    (
        "CREATE TRIGGER amendment_requests_final_update BEFORE UPDATE ON amendment_requests WHEN 1 = 1 BEGIN "
        "SELECT RAISE(ABORT, 'what a patient asked to have changed stays on record'); END"
    ),
    (
        "CREATE TRIGGER amendment_requests_final_delete BEFORE DELETE ON amendment_requests WHEN 1 = 1 BEGIN "
        "SELECT RAISE(ABORT, 'what a patient asked to have changed stays on record'); END"
    ),
)
POSTGRESQL = (
    (
        "CREATE FUNCTION amendment_requests_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF"
        " 1 = 1 THEN RAISE EXCEPTION 'what a patient asked to have changed stays on record' USING "
        "ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER amendment_requests_final_update BEFORE UPDATE ON amendment_requests FOR EACH ROW EXECUTE "
        "FUNCTION amendment_requests_final_update()"
    ),
    (
        "CREATE FUNCTION amendment_requests_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF"
        " 1 = 1 THEN RAISE EXCEPTION 'what a patient asked to have changed stays on record' USING "
        "ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER amendment_requests_final_delete BEFORE DELETE ON amendment_requests FOR EACH ROW EXECUTE "
        "FUNCTION amendment_requests_final_delete()"
    ),
    (
        "CREATE FUNCTION amendment_requests_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'what a patient asked to have changed stays on record' USING ERRCODE = "
        "'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER amendment_requests_final_truncate BEFORE TRUNCATE ON amendment_requests FOR EACH "
        "STATEMENT EXECUTE FUNCTION amendment_requests_final_truncate()"
    ),
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "amendment_requests",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("extends_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extends_id"],
            ["amendment_requests.id"],
            name=op.f("fk_amendment_requests_extends_id_amendment_requests"),
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_amendment_requests_note_id_notes")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_amendment_requests_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_amendment_requests_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_requests")),
        sa.UniqueConstraint("extends_id", name=op.f("uq_amendment_requests_extends_id")),
    )
    with op.batch_alter_table("amendment_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendment_requests_note_id"), ["note_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_amendment_requests_patient_id"), ["patient_id"], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("amendment_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_amendment_requests_patient_id"))
        batch_op.drop_index(batch_op.f("ix_amendment_requests_note_id"))
    op.drop_table("amendment_requests")
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            if statement.startswith("CREATE FUNCTION"):
                op.execute(sa.text(f"DROP FUNCTION {statement.split()[2]}"))
