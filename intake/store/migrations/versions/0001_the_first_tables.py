"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


SQLITE = (
    (
        "CREATE TRIGGER notes_final_update BEFORE UPDATE ON notes WHEN OLD.signed_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a signed note is final'); END"
    ),
    (
        "CREATE TRIGGER notes_final_delete BEFORE DELETE ON notes WHEN OLD.signed_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'a signed note is final'); END"
    ),
    (
        "CREATE TRIGGER responses_final_update BEFORE UPDATE ON responses WHEN OLD.status = "
        "'completed' BEGIN SELECT RAISE(ABORT, 'submitted answers are final'); END"
    ),
    (
        "CREATE TRIGGER responses_final_delete BEFORE DELETE ON responses WHEN OLD.status = "
        "'completed' BEGIN SELECT RAISE(ABORT, 'submitted answers are final'); END"
    ),
    (
        "CREATE TRIGGER response_sections_final_update BEFORE UPDATE ON response_sections WHEN "
        "(SELECT status FROM responses WHERE id = OLD.response_id) = 'completed' OR (SELECT status "
        "FROM responses WHERE id = NEW.response_id) = 'completed' BEGIN SELECT RAISE(ABORT, "
        "'submitted answers are final'); END"
    ),
    (
        "CREATE TRIGGER response_sections_final_delete BEFORE DELETE ON response_sections WHEN "
        "(SELECT status FROM responses WHERE id = OLD.response_id) = 'completed' BEGIN SELECT "
        "RAISE(ABORT, 'submitted answers are final'); END"
    ),
    (
        "CREATE TRIGGER response_sections_final_insert BEFORE INSERT ON response_sections WHEN "
        "(SELECT status FROM responses WHERE id = NEW.response_id) = 'completed' BEGIN SELECT "
        "RAISE(ABORT, 'submitted answers are final'); END"
    ),
    (
        "CREATE TRIGGER addenda_final_update BEFORE UPDATE ON addenda WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'an addendum is final'); END"
    ),
    (
        "CREATE TRIGGER addenda_final_delete BEFORE DELETE ON addenda WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'an addendum is final'); END"
    ),
    (
        "CREATE TRIGGER plans_final_update BEFORE UPDATE ON plans WHEN OLD.issued_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'an issued plan is final'); END"
    ),
    (
        "CREATE TRIGGER plans_final_delete BEFORE DELETE ON plans WHEN OLD.issued_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'an issued plan is final'); END"
    ),
    (
        "CREATE TRIGGER documents_final_update BEFORE UPDATE ON documents WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'an issued document is final'); END"
    ),
    (
        "CREATE TRIGGER documents_final_delete BEFORE DELETE ON documents WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'an issued document is final'); END"
    ),
    (
        "CREATE TRIGGER consents_final_update BEFORE UPDATE ON consents WHEN OLD.withdrawn_at IS "
        "NOT NULL OR NEW.text <> OLD.text OR NEW.decision <> OLD.decision OR NEW.signer <> "
        "OLD.signer OR NEW.signed_at <> OLD.signed_at BEGIN SELECT RAISE(ABORT, 'a consent record "
        "is final'); END"
    ),
    (
        "CREATE TRIGGER consents_final_delete BEFORE DELETE ON consents WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'a consent record is final'); END"
    ),
    (
        "CREATE TRIGGER audit_final_update BEFORE UPDATE ON audit WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'the audit trail only grows'); END"
    ),
    (
        "CREATE TRIGGER audit_final_delete BEFORE DELETE ON audit WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'the audit trail only grows'); END"
    ),
)
POSTGRESQL = (
    (
        "CREATE FUNCTION notes_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.signed_at IS NOT NULL THEN RAISE EXCEPTION 'a signed note is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    ("CREATE TRIGGER notes_final_update BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION notes_final_update()"),
    (
        "CREATE FUNCTION notes_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.signed_at IS NOT NULL THEN RAISE EXCEPTION 'a signed note is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    ("CREATE TRIGGER notes_final_delete BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION notes_final_delete()"),
    (
        "CREATE FUNCTION responses_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.status = 'completed' THEN RAISE EXCEPTION 'submitted answers are final' USING ERRCODE "
        "= 'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER responses_final_update BEFORE UPDATE ON responses FOR EACH ROW EXECUTE "
        "FUNCTION responses_final_update()"
    ),
    (
        "CREATE FUNCTION responses_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.status = 'completed' THEN RAISE EXCEPTION 'submitted answers are final' USING ERRCODE "
        "= 'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER responses_final_delete BEFORE DELETE ON responses FOR EACH ROW EXECUTE "
        "FUNCTION responses_final_delete()"
    ),
    (
        "CREATE FUNCTION response_sections_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF (SELECT status FROM responses WHERE id = OLD.response_id) = 'completed' OR "
        "(SELECT status FROM responses WHERE id = NEW.response_id) = 'completed' THEN RAISE "
        "EXCEPTION 'submitted answers are final' USING ERRCODE = 'restrict_violation'; END IF; "
        "RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER response_sections_final_update BEFORE UPDATE ON response_sections FOR EACH "
        "ROW EXECUTE FUNCTION response_sections_final_update()"
    ),
    (
        "CREATE FUNCTION response_sections_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF (SELECT status FROM responses WHERE id = OLD.response_id) = 'completed' THEN "
        "RAISE EXCEPTION 'submitted answers are final' USING ERRCODE = 'restrict_violation'; END "
        "IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER response_sections_final_delete BEFORE DELETE ON response_sections FOR EACH "
        "ROW EXECUTE FUNCTION response_sections_final_delete()"
    ),
    (
        "CREATE FUNCTION response_sections_final_insert() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF (SELECT status FROM responses WHERE id = NEW.response_id) = 'completed' THEN "
        "RAISE EXCEPTION 'submitted answers are final' USING ERRCODE = 'restrict_violation'; END "
        "IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER response_sections_final_insert BEFORE INSERT ON response_sections FOR EACH "
        "ROW EXECUTE FUNCTION response_sections_final_insert()"
    ),
    (
        "CREATE FUNCTION addenda_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = "
        "1 THEN RAISE EXCEPTION 'an addendum is final' USING ERRCODE = 'restrict_violation'; END "
        "IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER addenda_final_update BEFORE UPDATE ON addenda FOR EACH ROW EXECUTE FUNCTION "
        "addenda_final_update()"
    ),
    (
        "CREATE FUNCTION addenda_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = "
        "1 THEN RAISE EXCEPTION 'an addendum is final' USING ERRCODE = 'restrict_violation'; END "
        "IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER addenda_final_delete BEFORE DELETE ON addenda FOR EACH ROW EXECUTE FUNCTION "
        "addenda_final_delete()"
    ),
    (
        "CREATE FUNCTION plans_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.issued_at IS NOT NULL THEN RAISE EXCEPTION 'an issued plan is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    ("CREATE TRIGGER plans_final_update BEFORE UPDATE ON plans FOR EACH ROW EXECUTE FUNCTION plans_final_update()"),
    (
        "CREATE FUNCTION plans_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.issued_at IS NOT NULL THEN RAISE EXCEPTION 'an issued plan is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    ("CREATE TRIGGER plans_final_delete BEFORE DELETE ON plans FOR EACH ROW EXECUTE FUNCTION plans_final_delete()"),
    (
        "CREATE FUNCTION documents_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 "
        "= 1 THEN RAISE EXCEPTION 'an issued document is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER documents_final_update BEFORE UPDATE ON documents FOR EACH ROW EXECUTE "
        "FUNCTION documents_final_update()"
    ),
    (
        "CREATE FUNCTION documents_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 "
        "= 1 THEN RAISE EXCEPTION 'an issued document is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER documents_final_delete BEFORE DELETE ON documents FOR EACH ROW EXECUTE "
        "FUNCTION documents_final_delete()"
    ),
    (
        "CREATE FUNCTION consents_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.withdrawn_at IS NOT NULL OR NEW.text <> OLD.text OR NEW.decision <> OLD.decision OR "
        "NEW.signer <> OLD.signer OR NEW.signed_at <> OLD.signed_at THEN RAISE EXCEPTION 'a consent "
        "record is final' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER consents_final_update BEFORE UPDATE ON consents FOR EACH ROW EXECUTE "
        "FUNCTION consents_final_update()"
    ),
    (
        "CREATE FUNCTION consents_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 "
        "= 1 THEN RAISE EXCEPTION 'a consent record is final' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER consents_final_delete BEFORE DELETE ON consents FOR EACH ROW EXECUTE "
        "FUNCTION consents_final_delete()"
    ),
    (
        "CREATE FUNCTION audit_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = 1 "
        "THEN RAISE EXCEPTION 'the audit trail only grows' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN NEW; END $$"
    ),
    ("CREATE TRIGGER audit_final_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_final_update()"),
    (
        "CREATE FUNCTION audit_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = 1 "
        "THEN RAISE EXCEPTION 'the audit trail only grows' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN OLD; END $$"
    ),
    ("CREATE TRIGGER audit_final_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_final_delete()"),
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("categories", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "buckets",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "ends_at", name=op.f("pk_buckets")),
    )
    with op.batch_alter_table("buckets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buckets_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "clinic",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("emergency", sa.String(length=40), nullable=False),
        sa.Column("crisis", sa.String(length=40), nullable=False),
        sa.Column("maternal", sa.String(length=40), nullable=False),
        sa.Column("numbers_checked_on", sa.Date(), nullable=False),
        sa.Column("invitation_days", sa.Integer(), nullable=False),
        sa.Column("leave_to", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_clinic_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
    )
    op.create_table(
        "locations",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("name", name=op.f("uq_locations_name")),
    )
    op.create_table(
        "patients",
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("name_used", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("contacts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
    )
    op.create_table(
        "users",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credentials", sa.String(length=100), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "one_time_links",
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    op.create_table(
        "visits",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("fk_visits_location_id_locations")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_visits_patient_id_patients")),
        sa.ForeignKeyConstraint(["therapist_id"], ["users.id"], name=op.f("fk_visits_therapist_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visits_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_visits_therapist_id"), ["therapist_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("frozen_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name=op.f("fk_invitations_sent_by_id_users")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_invitations_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitations_code_hash")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "responses",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_responses_patient_id_patients")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_responses_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
    )
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_responses_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responses_visit_id"), ["visit_id"], unique=False)
        batch_op.create_index(
            "uq_responses_one_intake",
            ["visit_id"],
            unique=True,
            sqlite_where=sa.text("form = 'intake'"),
            postgresql_where=sa.text("form = 'intake'"),
        )

    op.create_table(
        "consents",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("decision_text", sa.Text(), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_consents_patient_id_patients")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_consents_response_id_responses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "flags",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("still_true", sa.Boolean(), nullable=False),
        sa.Column("patient_reply", sa.String(length=10), nullable=True),
        sa.Column("patient_replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["users.id"], name=op.f("fk_flags_acknowledged_by_id_users")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_flags_closed_by_id_users")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_flags_patient_id_patients")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_flags_response_id_responses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flags_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(
            "uq_flags_open",
            ["response_id", "rule"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "logins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (invitation_id IS NULL)", name=op.f("ck_logins_one_owner")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_logins_invitation_id_invitations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_logins_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_logins_token_hash")),
    )
    with op.batch_alter_table("logins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_logins_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_logins_user_id"), ["user_id"], unique=False)

    op.create_table(
        "notes",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signer_name", sa.String(length=200), nullable=True),
        sa.Column("signer_credentials", sa.String(length=100), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_notes_author_id_users")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_notes_patient_id_patients")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_notes_response_id_responses")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_notes_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("response_id", name=op.f("uq_notes_response_id")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notes_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notes_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notes_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "response_sections",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=60), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_response_sections_response_id_responses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_sections")),
        sa.UniqueConstraint("response_id", "section", name=op.f("uq_response_sections_response_id_section")),
    )
    op.create_table(
        "addenda",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("author_credentials", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_addenda_author_id_users")),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_addenda_note_id_notes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addenda")),
    )
    with op.batch_alter_table("addenda", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_addenda_note_id"), ["note_id"], unique=False)

    op.create_table(
        "plans",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_plans_author_id_users")),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_plans_note_id_notes")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_plans_patient_id_patients")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_plans_response_id_responses")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_plans_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("response_id", name=op.f("uq_plans_response_id")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_note_id"), ["note_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plans_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plans_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "documents",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("file_name", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["issued_by_id"], ["users.id"], name=op.f("fk_documents_issued_by_id_users")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_documents_patient_id_patients")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_documents_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_plan_id"), ["plan_id"], unique=False)

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_plan_id"))
        batch_op.drop_index(batch_op.f("ix_documents_patient_id"))

    op.drop_table("documents")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plans_visit_id"))
        batch_op.drop_index(batch_op.f("ix_plans_patient_id"))
        batch_op.drop_index(batch_op.f("ix_plans_note_id"))

    op.drop_table("plans")
    with op.batch_alter_table("addenda", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_addenda_note_id"))

    op.drop_table("addenda")
    op.drop_table("response_sections")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notes_visit_id"))
        batch_op.drop_index(batch_op.f("ix_notes_patient_id"))
        batch_op.drop_index(batch_op.f("ix_notes_author_id"))

    op.drop_table("notes")
    with op.batch_alter_table("logins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_logins_user_id"))
        batch_op.drop_index(batch_op.f("ix_logins_invitation_id"))

    op.drop_table("logins")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_flags_open", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_flags_patient_id"))

    op.drop_table("flags")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_patient_id"))

    op.drop_table("consents")
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_responses_one_intake",
            sqlite_where=sa.text("form = 'intake'"),
            postgresql_where=sa.text("form = 'intake'"),
        )
        batch_op.drop_index(batch_op.f("ix_responses_visit_id"))
        batch_op.drop_index(batch_op.f("ix_responses_patient_id"))

    op.drop_table("responses")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_visit_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_therapist_id"))
        batch_op.drop_index(batch_op.f("ix_visits_starts_at"))
        batch_op.drop_index(batch_op.f("ix_visits_patient_id"))

    op.drop_table("visits")
    op.drop_table("one_time_links")
    op.drop_table("users")
    op.drop_table("patients")
    op.drop_table("locations")
    op.drop_table("clinic")
    with op.batch_alter_table("buckets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buckets_ends_at"))

    op.drop_table("buckets")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_patient_id"))

    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            if statement.startswith("CREATE FUNCTION"):
                op.execute(sa.text(f"DROP FUNCTION {statement.split()[2]}"))
