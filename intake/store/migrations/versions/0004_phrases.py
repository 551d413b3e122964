"""Phrases for notes, of one person or of the clinic.

Revision ID: 0004
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "phrases",
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("stands_for", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_phrases_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrases")),
        sa.UniqueConstraint("user_id", "word", name=op.f("uq_phrases_user_id_word")),
    )
    with op.batch_alter_table("phrases", schema=None) as batch_op:
        batch_op.create_index(
            "uq_phrases_clinic",
            ["word"],
            unique=True,
            sqlite_where=sa.text("user_id IS NULL"),
            postgresql_where=sa.text("user_id IS NULL"),
        )


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("phrases", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_phrases_clinic",
            sqlite_where=sa.text("user_id IS NULL"),
            postgresql_where=sa.text("user_id IS NULL"),
        )
    op.drop_table("phrases")
