"""Sealed records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
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
        "CREATE TRIGGER responses_final_update BEFORE UPDATE ON responses WHEN OLD.status IN "
        "('completed', 'amended', 'entered-in-error') AND (OLD.source NOT IN ('paper', 'helped', "
        "'read-aloud') OR NOT ((OLD.status = 'completed' AND NEW.status IN ('amended', "
        "'entered-in-error')) OR (OLD.status = 'amended' AND NEW.status = 'entered-in-error')) OR "
        "NEW.id <> OLD.id OR (NEW.id IS NULL) <> (OLD.id IS NULL) OR NEW.patient_id <> "
        "OLD.patient_id OR (NEW.patient_id IS NULL) <> (OLD.patient_id IS NULL) OR NEW.visit_id <> "
        "OLD.visit_id OR (NEW.visit_id IS NULL) <> (OLD.visit_id IS NULL) OR NEW.form <> OLD.form "
        "OR (NEW.form IS NULL) <> (OLD.form IS NULL) OR NEW.form_version <> OLD.form_version OR "
        "(NEW.form_version IS NULL) <> (OLD.form_version IS NULL) OR NEW.number <> OLD.number OR "
        '(NEW.number IS NULL) <> (OLD.number IS NULL) OR NEW."only" <> OLD."only" OR (NEW."only" IS '
        'NULL) <> (OLD."only" IS NULL) OR NEW.follows_id <> OLD.follows_id OR (NEW.follows_id IS '
        "NULL) <> (OLD.follows_id IS NULL) OR NEW.corrects_id <> OLD.corrects_id OR "
        "(NEW.corrects_id IS NULL) <> (OLD.corrects_id IS NULL) OR NEW.language <> OLD.language OR "
        "(NEW.language IS NULL) <> (OLD.language IS NULL) OR NEW.started_at <> OLD.started_at OR "
        "(NEW.started_at IS NULL) <> (OLD.started_at IS NULL) OR NEW.completed_at <> "
        "OLD.completed_at OR (NEW.completed_at IS NULL) <> (OLD.completed_at IS NULL) OR NEW.source "
        "<> OLD.source OR (NEW.source IS NULL) <> (OLD.source IS NULL) OR NEW.entered_by_id <> "
        "OLD.entered_by_id OR (NEW.entered_by_id IS NULL) <> (OLD.entered_by_id IS NULL) OR "
        "NEW.filled_on <> OLD.filled_on OR (NEW.filled_on IS NULL) <> (OLD.filled_on IS NULL) OR "
        "NEW.dropped <> OLD.dropped OR (NEW.dropped IS NULL) <> (OLD.dropped IS NULL) OR NEW.bound "
        "<> OLD.bound OR (NEW.bound IS NULL) <> (OLD.bound IS NULL)) BEGIN SELECT RAISE(ABORT, "
        "'submitted answers are final'); END"
    ),
    (
        "CREATE TRIGGER responses_final_delete BEFORE DELETE ON responses WHEN OLD.status IN "
        "('completed', 'amended', 'entered-in-error') BEGIN SELECT RAISE(ABORT, 'submitted answers "
        "are final'); END"
    ),
    (
        "CREATE TRIGGER response_sections_final_update BEFORE UPDATE ON response_sections WHEN "
        "(SELECT status FROM responses WHERE id = OLD.response_id) IN ('completed', 'amended', "
        "'entered-in-error') OR (SELECT status FROM responses WHERE id = NEW.response_id) IN "
        "('completed', 'amended', 'entered-in-error') BEGIN SELECT RAISE(ABORT, 'submitted answers "
        "are final'); END"
    ),
    (
        "CREATE TRIGGER response_sections_final_delete BEFORE DELETE ON response_sections WHEN "
        "(SELECT status FROM responses WHERE id = OLD.response_id) IN ('completed', 'amended', "
        "'entered-in-error') BEGIN SELECT RAISE(ABORT, 'submitted answers are final'); END"
    ),
    (
        "CREATE TRIGGER response_sections_final_insert BEFORE INSERT ON response_sections WHEN "
        "(SELECT status FROM responses WHERE id = NEW.response_id) IN ('completed', 'amended', "
        "'entered-in-error') BEGIN SELECT RAISE(ABORT, 'submitted answers are final'); END"
    ),
    (
        "CREATE TRIGGER flags_final_delete BEFORE DELETE ON flags WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'a warning sign is never removed'); END"
    ),
    (
        "CREATE TRIGGER signatures_final_update BEFORE UPDATE ON signatures WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'a signature is final'); END"
    ),
    (
        "CREATE TRIGGER signatures_final_delete BEFORE DELETE ON signatures WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'a signature is final'); END"
    ),
    (
        "CREATE TRIGGER ledgers_final_update BEFORE UPDATE ON ledgers WHEN NEW.position <> "
        "OLD.position + 1 BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END"
    ),
    (
        "CREATE TRIGGER ledgers_final_delete BEFORE DELETE ON ledgers WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'a ledger only grows'); END"
    ),
    (
        "CREATE TRIGGER signing_keys_final_update BEFORE UPDATE ON signing_keys WHEN "
        "OLD.valid_until IS NOT NULL OR NEW.user_id <> OLD.user_id OR NEW.public <> OLD.public OR "
        "NEW.certificate <> OLD.certificate OR NEW.valid_from <> OLD.valid_from OR NEW.method <> "
        "OLD.method BEGIN SELECT RAISE(ABORT, 'a signing key is never replaced'); END"
    ),
    (
        "CREATE TRIGGER signing_keys_final_delete BEFORE DELETE ON signing_keys WHEN 1 = 1 BEGIN "
        "SELECT RAISE(ABORT, 'a signing key is never removed'); END"
    ),
    (
        "CREATE TRIGGER clinic_forms_final_update BEFORE UPDATE ON clinic_forms WHEN OLD.status = "
        "'retired' OR (OLD.status = 'published' AND (NEW.status <> 'retired' OR NEW.text <> "
        "OLD.text OR NEW.sha256 <> OLD.sha256 OR NEW.form <> OLD.form OR NEW.version <> OLD.version "
        "OR NEW.id <> OLD.id OR NEW.published_at IS NULL OR NEW.published_at <> OLD.published_at)) "
        "BEGIN SELECT RAISE(ABORT, 'a published form is final'); END"
    ),
    (
        "CREATE TRIGGER clinic_forms_final_delete BEFORE DELETE ON clinic_forms WHEN OLD.status <> "
        "'draft' BEGIN SELECT RAISE(ABORT, 'a published form is final'); END"
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
        "NOT NULL OR NEW.words <> OLD.words OR NEW.signed_at <> OLD.signed_at OR NEW.patient_id <> "
        "OLD.patient_id OR NEW.id <> OLD.id BEGIN SELECT RAISE(ABORT, 'a consent record is final'); "
        "END"
    ),
    (
        "CREATE TRIGGER consents_final_delete BEFORE DELETE ON consents WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'a consent record is final'); END"
    ),
    (
        "CREATE TRIGGER break_glass_final_update BEFORE UPDATE ON break_glass WHEN NEW.patient_id "
        "<> OLD.patient_id OR NEW.user_id <> OLD.user_id OR NEW.reason <> OLD.reason OR "
        "NEW.opened_at <> OLD.opened_at OR NEW.expires_at <> OLD.expires_at OR NEW.sensitive <> "
        "OLD.sensitive BEGIN SELECT RAISE(ABORT, 'what was opened in an emergency stays on "
        "record'); END"
    ),
    (
        "CREATE TRIGGER break_glass_final_delete BEFORE DELETE ON break_glass WHEN 1 = 1 BEGIN "
        "SELECT RAISE(ABORT, 'what was opened in an emergency stays on record'); END"
    ),
    (
        "CREATE TRIGGER safety_entries_final_update BEFORE UPDATE ON safety_entries WHEN 1 = 1 "
        "BEGIN SELECT RAISE(ABORT, 'what was done about safety stays on record'); END"
    ),
    (
        "CREATE TRIGGER safety_entries_final_delete BEFORE DELETE ON safety_entries WHEN 1 = 1 "
        "BEGIN SELECT RAISE(ABORT, 'what was done about safety stays on record'); END"
    ),
    (
        "CREATE TRIGGER amendments_final_update BEFORE UPDATE ON amendments WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'that a transcript was put right or taken out stays on record'); END"
    ),
    (
        "CREATE TRIGGER amendments_final_delete BEFORE DELETE ON amendments WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'that a transcript was put right or taken out stays on record'); END"
    ),
    (
        "CREATE TRIGGER reviews_final_update BEFORE UPDATE ON reviews WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'that answers were reviewed stays on record'); END"
    ),
    (
        "CREATE TRIGGER reviews_final_delete BEFORE DELETE ON reviews WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'that answers were reviewed stays on record'); END"
    ),
    (
        "CREATE TRIGGER printouts_final_update BEFORE UPDATE ON printouts WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'that answers were printed stays on record'); END"
    ),
    (
        "CREATE TRIGGER printouts_final_delete BEFORE DELETE ON printouts WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'that answers were printed stays on record'); END"
    ),
    (
        "CREATE TRIGGER audit_final_update BEFORE UPDATE ON audit WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'the audit trail only grows'); END"
    ),
    (
        "CREATE TRIGGER audit_final_delete BEFORE DELETE ON audit WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'the audit trail only grows'); END"
    ),
    (
        "CREATE TRIGGER audit_head_final_update BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail only moves forward'); END"
    ),
    (
        "CREATE TRIGGER audit_head_final_delete BEFORE DELETE ON audit_head WHEN 1 = 1 BEGIN SELECT "
        "RAISE(ABORT, 'the audit trail only moves forward'); END"
    ),
    (
        "CREATE TRIGGER audit_checkpoints_final_update BEFORE UPDATE ON audit_checkpoints WHEN 1 = "
        "1 BEGIN SELECT RAISE(ABORT, 'a checkpoint is final'); END"
    ),
    (
        "CREATE TRIGGER audit_checkpoints_final_delete BEFORE DELETE ON audit_checkpoints WHEN 1 = "
        "1 BEGIN SELECT RAISE(ABORT, 'a checkpoint is final'); END"
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
        "CREATE FUNCTION notes_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'a signed note is final' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER notes_final_truncate BEFORE TRUNCATE ON notes FOR EACH STATEMENT EXECUTE "
        "FUNCTION notes_final_truncate()"
    ),
    (
        "CREATE FUNCTION responses_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.status IN ('completed', 'amended', 'entered-in-error') AND (OLD.source NOT IN "
        "('paper', 'helped', 'read-aloud') OR NOT ((OLD.status = 'completed' AND NEW.status IN "
        "('amended', 'entered-in-error')) OR (OLD.status = 'amended' AND NEW.status = "
        "'entered-in-error')) OR NEW.id <> OLD.id OR (NEW.id IS NULL) <> (OLD.id IS NULL) OR "
        "NEW.patient_id <> OLD.patient_id OR (NEW.patient_id IS NULL) <> (OLD.patient_id IS NULL) "
        "OR NEW.visit_id <> OLD.visit_id OR (NEW.visit_id IS NULL) <> (OLD.visit_id IS NULL) OR "
        "NEW.form <> OLD.form OR (NEW.form IS NULL) <> (OLD.form IS NULL) OR NEW.form_version <> "
        "OLD.form_version OR (NEW.form_version IS NULL) <> (OLD.form_version IS NULL) OR NEW.number "
        '<> OLD.number OR (NEW.number IS NULL) <> (OLD.number IS NULL) OR NEW."only" <> OLD."only" '
        'OR (NEW."only" IS NULL) <> (OLD."only" IS NULL) OR NEW.follows_id <> OLD.follows_id OR '
        "(NEW.follows_id IS NULL) <> (OLD.follows_id IS NULL) OR NEW.corrects_id <> OLD.corrects_id "
        "OR (NEW.corrects_id IS NULL) <> (OLD.corrects_id IS NULL) OR NEW.language <> OLD.language "
        "OR (NEW.language IS NULL) <> (OLD.language IS NULL) OR NEW.started_at <> OLD.started_at OR "
        "(NEW.started_at IS NULL) <> (OLD.started_at IS NULL) OR NEW.completed_at <> "
        "OLD.completed_at OR (NEW.completed_at IS NULL) <> (OLD.completed_at IS NULL) OR NEW.source "
        "<> OLD.source OR (NEW.source IS NULL) <> (OLD.source IS NULL) OR NEW.entered_by_id <> "
        "OLD.entered_by_id OR (NEW.entered_by_id IS NULL) <> (OLD.entered_by_id IS NULL) OR "
        "NEW.filled_on <> OLD.filled_on OR (NEW.filled_on IS NULL) <> (OLD.filled_on IS NULL) OR "
        "NEW.dropped <> OLD.dropped OR (NEW.dropped IS NULL) <> (OLD.dropped IS NULL) OR NEW.bound "
        "<> OLD.bound OR (NEW.bound IS NULL) <> (OLD.bound IS NULL)) THEN RAISE EXCEPTION "
        "'submitted answers are final' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; "
        "END $$"
    ),
    (
        "CREATE TRIGGER responses_final_update BEFORE UPDATE ON responses FOR EACH ROW EXECUTE "
        "FUNCTION responses_final_update()"
    ),
    (
        "CREATE FUNCTION responses_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.status IN ('completed', 'amended', 'entered-in-error') THEN RAISE EXCEPTION 'submitted "
        "answers are final' USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER responses_final_delete BEFORE DELETE ON responses FOR EACH ROW EXECUTE "
        "FUNCTION responses_final_delete()"
    ),
    (
        "CREATE FUNCTION responses_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'submitted answers are final' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER responses_final_truncate BEFORE TRUNCATE ON responses FOR EACH STATEMENT "
        "EXECUTE FUNCTION responses_final_truncate()"
    ),
    (
        "CREATE FUNCTION response_sections_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF (SELECT status FROM responses WHERE id = OLD.response_id) IN ('completed', "
        "'amended', 'entered-in-error') OR (SELECT status FROM responses WHERE id = "
        "NEW.response_id) IN ('completed', 'amended', 'entered-in-error') THEN RAISE EXCEPTION "
        "'submitted answers are final' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; "
        "END $$"
    ),
    (
        "CREATE TRIGGER response_sections_final_update BEFORE UPDATE ON response_sections FOR EACH "
        "ROW EXECUTE FUNCTION response_sections_final_update()"
    ),
    (
        "CREATE FUNCTION response_sections_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF (SELECT status FROM responses WHERE id = OLD.response_id) IN ('completed', "
        "'amended', 'entered-in-error') THEN RAISE EXCEPTION 'submitted answers are final' USING "
        "ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER response_sections_final_delete BEFORE DELETE ON response_sections FOR EACH "
        "ROW EXECUTE FUNCTION response_sections_final_delete()"
    ),
    (
        "CREATE FUNCTION response_sections_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'submitted answers are final' USING ERRCODE = 'restrict_violation'; "
        "END $$"
    ),
    (
        "CREATE TRIGGER response_sections_final_truncate BEFORE TRUNCATE ON response_sections FOR "
        "EACH STATEMENT EXECUTE FUNCTION response_sections_final_truncate()"
    ),
    (
        "CREATE FUNCTION response_sections_final_insert() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF (SELECT status FROM responses WHERE id = NEW.response_id) IN ('completed', "
        "'amended', 'entered-in-error') THEN RAISE EXCEPTION 'submitted answers are final' USING "
        "ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER response_sections_final_insert BEFORE INSERT ON response_sections FOR EACH "
        "ROW EXECUTE FUNCTION response_sections_final_insert()"
    ),
    (
        "CREATE FUNCTION flags_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = 1 "
        "THEN RAISE EXCEPTION 'a warning sign is never removed' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    ("CREATE TRIGGER flags_final_delete BEFORE DELETE ON flags FOR EACH ROW EXECUTE FUNCTION flags_final_delete()"),
    (
        "CREATE FUNCTION flags_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'a warning sign is never removed' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER flags_final_truncate BEFORE TRUNCATE ON flags FOR EACH STATEMENT EXECUTE "
        "FUNCTION flags_final_truncate()"
    ),
    (
        "CREATE FUNCTION signatures_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "1 = 1 THEN RAISE EXCEPTION 'a signature is final' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER signatures_final_update BEFORE UPDATE ON signatures FOR EACH ROW EXECUTE "
        "FUNCTION signatures_final_update()"
    ),
    (
        "CREATE FUNCTION signatures_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "1 = 1 THEN RAISE EXCEPTION 'a signature is final' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER signatures_final_delete BEFORE DELETE ON signatures FOR EACH ROW EXECUTE "
        "FUNCTION signatures_final_delete()"
    ),
    (
        "CREATE FUNCTION signatures_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a signature is final' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER signatures_final_truncate BEFORE TRUNCATE ON signatures FOR EACH STATEMENT "
        "EXECUTE FUNCTION signatures_final_truncate()"
    ),
    (
        "CREATE FUNCTION ledgers_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "NEW.position <> OLD.position + 1 THEN RAISE EXCEPTION 'a ledger only grows' USING ERRCODE "
        "= 'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER ledgers_final_update BEFORE UPDATE ON ledgers FOR EACH ROW EXECUTE FUNCTION "
        "ledgers_final_update()"
    ),
    (
        "CREATE FUNCTION ledgers_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = "
        "1 THEN RAISE EXCEPTION 'a ledger only grows' USING ERRCODE = 'restrict_violation'; END IF; "
        "RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER ledgers_final_delete BEFORE DELETE ON ledgers FOR EACH ROW EXECUTE FUNCTION "
        "ledgers_final_delete()"
    ),
    (
        "CREATE FUNCTION ledgers_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a ledger only grows' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER ledgers_final_truncate BEFORE TRUNCATE ON ledgers FOR EACH STATEMENT "
        "EXECUTE FUNCTION ledgers_final_truncate()"
    ),
    (
        "CREATE FUNCTION signing_keys_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF OLD.valid_until IS NOT NULL OR NEW.user_id <> OLD.user_id OR NEW.public <> OLD.public "
        "OR NEW.certificate <> OLD.certificate OR NEW.valid_from <> OLD.valid_from OR NEW.method <> "
        "OLD.method THEN RAISE EXCEPTION 'a signing key is never replaced' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER signing_keys_final_update BEFORE UPDATE ON signing_keys FOR EACH ROW "
        "EXECUTE FUNCTION signing_keys_final_update()"
    ),
    (
        "CREATE FUNCTION signing_keys_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF 1 = 1 THEN RAISE EXCEPTION 'a signing key is never removed' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER signing_keys_final_delete BEFORE DELETE ON signing_keys FOR EACH ROW "
        "EXECUTE FUNCTION signing_keys_final_delete()"
    ),
    (
        "CREATE FUNCTION signing_keys_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a signing key is never removed' USING ERRCODE = 'restrict_violation'; END "
        "$$"
    ),
    (
        "CREATE TRIGGER signing_keys_final_truncate BEFORE TRUNCATE ON signing_keys FOR EACH "
        "STATEMENT EXECUTE FUNCTION signing_keys_final_truncate()"
    ),
    (
        "CREATE FUNCTION clinic_forms_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF OLD.status = 'retired' OR (OLD.status = 'published' AND (NEW.status <> 'retired' OR "
        "NEW.text <> OLD.text OR NEW.sha256 <> OLD.sha256 OR NEW.form <> OLD.form OR NEW.version <> "
        "OLD.version OR NEW.id <> OLD.id OR NEW.published_at IS NULL OR NEW.published_at <> "
        "OLD.published_at)) THEN RAISE EXCEPTION 'a published form is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER clinic_forms_final_update BEFORE UPDATE ON clinic_forms FOR EACH ROW "
        "EXECUTE FUNCTION clinic_forms_final_update()"
    ),
    (
        "CREATE FUNCTION clinic_forms_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF OLD.status <> 'draft' THEN RAISE EXCEPTION 'a published form is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER clinic_forms_final_delete BEFORE DELETE ON clinic_forms FOR EACH ROW "
        "EXECUTE FUNCTION clinic_forms_final_delete()"
    ),
    (
        "CREATE FUNCTION clinic_forms_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a published form is final' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER clinic_forms_final_truncate BEFORE TRUNCATE ON clinic_forms FOR EACH "
        "STATEMENT EXECUTE FUNCTION clinic_forms_final_truncate()"
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
        "CREATE FUNCTION plans_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'an issued plan is final' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER plans_final_truncate BEFORE TRUNCATE ON plans FOR EACH STATEMENT EXECUTE "
        "FUNCTION plans_final_truncate()"
    ),
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
        "CREATE FUNCTION documents_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'an issued document is final' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER documents_final_truncate BEFORE TRUNCATE ON documents FOR EACH STATEMENT "
        "EXECUTE FUNCTION documents_final_truncate()"
    ),
    (
        "CREATE FUNCTION consents_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "OLD.withdrawn_at IS NOT NULL OR NEW.words <> OLD.words OR NEW.signed_at <> OLD.signed_at "
        "OR NEW.patient_id <> OLD.patient_id OR NEW.id <> OLD.id THEN RAISE EXCEPTION 'a consent "
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
        "CREATE FUNCTION consents_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a consent record is final' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER consents_final_truncate BEFORE TRUNCATE ON consents FOR EACH STATEMENT "
        "EXECUTE FUNCTION consents_final_truncate()"
    ),
    (
        "CREATE FUNCTION break_glass_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "NEW.patient_id <> OLD.patient_id OR NEW.user_id <> OLD.user_id OR NEW.reason <> OLD.reason "
        "OR NEW.opened_at <> OLD.opened_at OR NEW.expires_at <> OLD.expires_at OR NEW.sensitive <> "
        "OLD.sensitive THEN RAISE EXCEPTION 'what was opened in an emergency stays on record' USING "
        "ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER break_glass_final_update BEFORE UPDATE ON break_glass FOR EACH ROW EXECUTE "
        "FUNCTION break_glass_final_update()"
    ),
    (
        "CREATE FUNCTION break_glass_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "1 = 1 THEN RAISE EXCEPTION 'what was opened in an emergency stays on record' USING ERRCODE "
        "= 'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER break_glass_final_delete BEFORE DELETE ON break_glass FOR EACH ROW EXECUTE "
        "FUNCTION break_glass_final_delete()"
    ),
    (
        "CREATE FUNCTION break_glass_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'what was opened in an emergency stays on record' USING ERRCODE = "
        "'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER break_glass_final_truncate BEFORE TRUNCATE ON break_glass FOR EACH "
        "STATEMENT EXECUTE FUNCTION break_glass_final_truncate()"
    ),
    (
        "CREATE FUNCTION safety_entries_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF 1 = 1 THEN RAISE EXCEPTION 'what was done about safety stays on record' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER safety_entries_final_update BEFORE UPDATE ON safety_entries FOR EACH ROW "
        "EXECUTE FUNCTION safety_entries_final_update()"
    ),
    (
        "CREATE FUNCTION safety_entries_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF 1 = 1 THEN RAISE EXCEPTION 'what was done about safety stays on record' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER safety_entries_final_delete BEFORE DELETE ON safety_entries FOR EACH ROW "
        "EXECUTE FUNCTION safety_entries_final_delete()"
    ),
    (
        "CREATE FUNCTION safety_entries_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'what was done about safety stays on record' USING ERRCODE = "
        "'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER safety_entries_final_truncate BEFORE TRUNCATE ON safety_entries FOR EACH "
        "STATEMENT EXECUTE FUNCTION safety_entries_final_truncate()"
    ),
    (
        "CREATE FUNCTION amendments_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "1 = 1 THEN RAISE EXCEPTION 'that a transcript was put right or taken out stays on record' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER amendments_final_update BEFORE UPDATE ON amendments FOR EACH ROW EXECUTE "
        "FUNCTION amendments_final_update()"
    ),
    (
        "CREATE FUNCTION amendments_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "1 = 1 THEN RAISE EXCEPTION 'that a transcript was put right or taken out stays on record' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER amendments_final_delete BEFORE DELETE ON amendments FOR EACH ROW EXECUTE "
        "FUNCTION amendments_final_delete()"
    ),
    (
        "CREATE FUNCTION amendments_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'that a transcript was put right or taken out stays on record' USING "
        "ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER amendments_final_truncate BEFORE TRUNCATE ON amendments FOR EACH STATEMENT "
        "EXECUTE FUNCTION amendments_final_truncate()"
    ),
    (
        "CREATE FUNCTION reviews_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = "
        "1 THEN RAISE EXCEPTION 'that answers were reviewed stays on record' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER reviews_final_update BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION "
        "reviews_final_update()"
    ),
    (
        "CREATE FUNCTION reviews_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = "
        "1 THEN RAISE EXCEPTION 'that answers were reviewed stays on record' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER reviews_final_delete BEFORE DELETE ON reviews FOR EACH ROW EXECUTE FUNCTION "
        "reviews_final_delete()"
    ),
    (
        "CREATE FUNCTION reviews_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'that answers were reviewed stays on record' USING ERRCODE = "
        "'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER reviews_final_truncate BEFORE TRUNCATE ON reviews FOR EACH STATEMENT "
        "EXECUTE FUNCTION reviews_final_truncate()"
    ),
    (
        "CREATE FUNCTION printouts_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 "
        "= 1 THEN RAISE EXCEPTION 'that answers were printed stays on record' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER printouts_final_update BEFORE UPDATE ON printouts FOR EACH ROW EXECUTE "
        "FUNCTION printouts_final_update()"
    ),
    (
        "CREATE FUNCTION printouts_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 "
        "= 1 THEN RAISE EXCEPTION 'that answers were printed stays on record' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER printouts_final_delete BEFORE DELETE ON printouts FOR EACH ROW EXECUTE "
        "FUNCTION printouts_final_delete()"
    ),
    (
        "CREATE FUNCTION printouts_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'that answers were printed stays on record' USING ERRCODE = "
        "'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER printouts_final_truncate BEFORE TRUNCATE ON printouts FOR EACH STATEMENT "
        "EXECUTE FUNCTION printouts_final_truncate()"
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
    (
        "CREATE FUNCTION audit_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'the audit trail only grows' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER audit_final_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE "
        "FUNCTION audit_final_truncate()"
    ),
    (
        "CREATE FUNCTION audit_head_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "NEW.seq <= OLD.seq THEN RAISE EXCEPTION 'the audit trail only moves forward' USING ERRCODE "
        "= 'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER audit_head_final_update BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE "
        "FUNCTION audit_head_final_update()"
    ),
    (
        "CREATE FUNCTION audit_head_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "1 = 1 THEN RAISE EXCEPTION 'the audit trail only moves forward' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER audit_head_final_delete BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE "
        "FUNCTION audit_head_final_delete()"
    ),
    (
        "CREATE FUNCTION audit_head_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the audit trail only moves forward' USING ERRCODE = 'restrict_violation'; "
        "END $$"
    ),
    (
        "CREATE TRIGGER audit_head_final_truncate BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT "
        "EXECUTE FUNCTION audit_head_final_truncate()"
    ),
    (
        "CREATE FUNCTION audit_checkpoints_final_update() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a checkpoint is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER audit_checkpoints_final_update BEFORE UPDATE ON audit_checkpoints FOR EACH "
        "ROW EXECUTE FUNCTION audit_checkpoints_final_update()"
    ),
    (
        "CREATE FUNCTION audit_checkpoints_final_delete() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF 1 = 1 THEN RAISE EXCEPTION 'a checkpoint is final' USING ERRCODE = "
        "'restrict_violation'; END IF; RETURN OLD; END $$"
    ),
    (
        "CREATE TRIGGER audit_checkpoints_final_delete BEFORE DELETE ON audit_checkpoints FOR EACH "
        "ROW EXECUTE FUNCTION audit_checkpoints_final_delete()"
    ),
    (
        "CREATE FUNCTION audit_checkpoints_final_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'a checkpoint is final' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER audit_checkpoints_final_truncate BEFORE TRUNCATE ON audit_checkpoints FOR "
        "EACH STATEMENT EXECUTE FUNCTION audit_checkpoints_final_truncate()"
    ),
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("categories", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=True),
        sa.Column("network", sa.String(length=32), nullable=True),
        sa.Column("prev_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac_key", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "audit_checkpoints",
        sa.Column("instance", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("receipts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checkpoints")),
    )
    with op.batch_alter_table("audit_checkpoints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_checkpoints_seq"), ["seq"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
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
        "instance",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Uuid(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_instance_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
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
        "owner_keys",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_keys")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_owner_keys_code_hash")),
    )
    op.create_table(
        "patients",
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
    )
    op.create_table(
        "spent_challenges",
        sa.Column("challenge", sa.String(length=100), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("challenge", name=op.f("pk_spent_challenges")),
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
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "visit_forms",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("kind", "place", name=op.f("pk_visit_forms")),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_table(
        "break_glass",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("review", sa.String(length=20), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_break_glass_patient_id_patients")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["users.id"], name=op.f("fk_break_glass_reviewed_by_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_break_glass_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    with op.batch_alter_table("break_glass", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_break_glass_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_break_glass_user_id"), ["user_id"], unique=False)

    op.create_table(
        "care_team",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_care_team_patient_id_patients")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_care_team_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_team")),
    )
    with op.batch_alter_table("care_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_team_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_care_team_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_care_team_open",
            ["patient_id", "user_id", "role"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

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
        sa.Column("violence", sa.String(length=40), nullable=False),
        sa.Column("numbers_checked_on", sa.Date(), nullable=False),
        sa.Column("invitation_days", sa.Integer(), nullable=False),
        sa.Column("retention_years", sa.Integer(), nullable=False),
        sa.Column("second_code", sa.Boolean(), nullable=False),
        sa.Column("recall", sa.Boolean(), nullable=False),
        sa.Column("leave_to", sa.String(length=400), nullable=False),
        sa.Column("safety_lead_id", sa.Uuid(), nullable=True),
        sa.Column("ask_at_home", sa.Boolean(), nullable=False),
        sa.Column("opening", sa.JSON(), nullable=False),
        sa.Column("holidays", sa.JSON(), nullable=False),
        sa.Column("on_call", sa.JSON(), nullable=False),
        sa.Column("emergency_minutes", sa.Integer(), nullable=False),
        sa.Column("same_day_minutes", sa.Integer(), nullable=False),
        sa.Column("staff_mail", sa.Boolean(), nullable=False),
        sa.Column("mail_name", sa.String(length=60), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_clinic_only_one")),
        sa.ForeignKeyConstraint(["safety_lead_id"], ["users.id"], name=op.f("fk_clinic_safety_lead_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
    )
    op.create_table(
        "clinic_forms",
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by_id", sa.Uuid(), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_clinic_forms_added_by_id_users")),
        sa.ForeignKeyConstraint(["published_by_id"], ["users.id"], name=op.f("fk_clinic_forms_published_by_id_users")),
        sa.ForeignKeyConstraint(["retired_by_id"], ["users.id"], name=op.f("fk_clinic_forms_retired_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_forms")),
        sa.UniqueConstraint("form", "version", name=op.f("uq_clinic_forms_form_version")),
    )
    with op.batch_alter_table("clinic_forms", schema=None) as batch_op:
        batch_op.create_index(
            "uq_clinic_forms_draft",
            ["form"],
            unique=True,
            sqlite_where=sa.text("status = 'draft'"),
            postgresql_where=sa.text("status = 'draft'"),
        )

    op.create_table(
        "kept_pages",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_kept_pages_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_pages")),
    )
    with op.batch_alter_table("kept_pages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_pages_user_id"), ["user_id"], unique=False)

    op.create_table(
        "ledgers",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_ledgers_patient_id_patients")),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_ledgers")),
    )
    op.create_table(
        "legal_holds",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("placed_by_id", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["users.id"], name=op.f("fk_legal_holds_lifted_by_id_users")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_legal_holds_patient_id_patients")),
        sa.ForeignKeyConstraint(["placed_by_id"], ["users.id"], name=op.f("fk_legal_holds_placed_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_holds_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "one_time_links",
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    op.create_table(
        "passkeys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_user_id"), ["user_id"], unique=False)

    op.create_table(
        "patient_keys",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("compartment", sa.String(length=10), nullable=False),
        sa.Column("suite", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.String(length=8), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("writes", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_patient_keys_patient_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_keys")),
        sa.UniqueConstraint("patient_id", "compartment", name=op.f("uq_patient_keys_patient_id_compartment")),
    )
    with op.batch_alter_table("patient_keys", schema=None) as batch_op:
        batch_op.create_index(
            "ix_patient_keys_destroyed",
            ["patient_id"],
            unique=False,
            sqlite_where=sa.text("destroyed_at IS NOT NULL"),
            postgresql_where=sa.text("destroyed_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_patient_keys_root_id"), ["root_id"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_user_id"), ["user_id"], unique=False)

    op.create_table(
        "resets",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_resets_approved_by_id_users")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_resets_asked_by_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_resets_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resets")),
    )
    with op.batch_alter_table("resets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resets_user_id"), ["user_id"], unique=False)

    op.create_table(
        "safety_entries",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_safety_entries_author_id_users")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_safety_entries_patient_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_entries")),
        sa.UniqueConstraint("patient_id", "number", name=op.f("uq_safety_entries_patient_id_number")),
    )
    with op.batch_alter_table("safety_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safety_entries_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_safety_entries_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "shred_requests",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["users.id"], name=op.f("fk_shred_requests_agreed_by_id_users")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_shred_requests_asked_by_id_users")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_shred_requests_patient_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shred_requests")),
    )
    with op.batch_alter_table("shred_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shred_requests_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "signing_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("instance_public", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_private", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("memory", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.Column("cose", sa.LargeBinary(), nullable=True),
        sa.Column("origin", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_signing_keys_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )
    with op.batch_alter_table("signing_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_keys_user_id"), ["user_id"], unique=False)

    op.create_table(
        "totp_seeds",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_totp_seeds_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_seeds")),
    )
    with op.batch_alter_table("totp_seeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_totp_seeds_user_id"), ["user_id"], unique=False)

    op.create_table(
        "visits",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
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
        sa.Column("second_hash", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("frozen_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
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
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("only", sa.String(length=60), nullable=True),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("filled_on", sa.Date(), nullable=True),
        sa.Column("dropped", sa.LargeBinary(), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["corrects_id"], ["responses.id"], name=op.f("fk_responses_corrects_id_responses")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_responses_entered_by_id_users")),
        sa.ForeignKeyConstraint(["follows_id"], ["responses.id"], name=op.f("fk_responses_follows_id_responses")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_responses_patient_id_patients")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_responses_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
    )
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_responses_corrects_id"), ["corrects_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responses_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_responses_visit_id"), ["visit_id"], unique=False)
        batch_op.create_index(
            "uq_responses_number",
            ["visit_id", "number"],
            unique=True,
            sqlite_where=sa.text("number > 0"),
            postgresql_where=sa.text("number > 0"),
        )

    op.create_table(
        "amendments",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_amendments_patient_id_patients")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_amendments_response_id_responses")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_amendments_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.UniqueConstraint("response_id", name=op.f("uq_amendments_response_id")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendments_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
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
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("sign", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("patient_replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_id", sa.Uuid(), nullable=True),
        sa.Column("alerts", sa.Integer(), nullable=False),
        sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alerted_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["users.id"], name=op.f("fk_flags_acknowledged_by_id_users")),
        sa.ForeignKeyConstraint(["alerted_id"], ["users.id"], name=op.f("fk_flags_alerted_id_users")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_flags_closed_by_id_users")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_flags_owner_id_users")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_flags_patient_id_patients")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_flags_response_id_responses")),
        sa.ForeignKeyConstraint(["seen_by_id"], ["users.id"], name=op.f("fk_flags_seen_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flags_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flags_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(
            "uq_flags_untaken",
            ["response_id", "mark"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL AND acknowledged_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND acknowledged_at IS NULL"),
        )

    op.create_table(
        "handovers",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("handed_by_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(handed_by_id IS NULL) <> (invitation_id IS NULL)", name=op.f("ck_handovers_one_origin")),
        sa.ForeignKeyConstraint(["handed_by_id"], ["users.id"], name=op.f("fk_handovers_handed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_handovers_invitation_id_invitations")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_handovers_patient_id_patients")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_handovers_response_id_responses")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_handovers_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("response_id", name=op.f("uq_handovers_response_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_handovers_token_hash")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_handed_by_id"), ["handed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handovers_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handovers_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handovers_visit_id"), ["visit_id"], unique=False)
        batch_op.create_index(
            "uq_handovers_at_home",
            ["visit_id"],
            unique=True,
            sqlite_where=sa.text("invitation_id IS NOT NULL"),
            postgresql_where=sa.text("invitation_id IS NOT NULL"),
        )

    op.create_table(
        "logins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mfa_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stepped_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("end_reason", sa.String(length=20), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
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
        sa.Column("bound", sa.LargeBinary(), nullable=False),
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
        "outbox",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_outbox_invitation_id_invitations")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_outbox_patient_id_patients")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outbox_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_invitation", ["invitation_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_waiting",
            ["try_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "printouts",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_printouts_patient_id_patients")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_printouts_response_id_responses")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_printouts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printouts")),
    )
    with op.batch_alter_table("printouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_printouts_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_printouts_response_id"), ["response_id"], unique=False)

    op.create_table(
        "response_sections",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=60), nullable=False),
        sa.Column("care", sa.LargeBinary(), nullable=True),
        sa.Column("sensitive", sa.LargeBinary(), nullable=True),
        sa.Column("safety", sa.LargeBinary(), nullable=True),
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
        "reviews",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_reviews_patient_id_patients")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_reviews_response_id_responses")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reviews_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("response_id", name=op.f("uq_reviews_response_id")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "held_pages",
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["login_id"], ["logins.id"], name=op.f("fk_held_pages_login_id_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_pages")),
        sa.UniqueConstraint("login_id", "mark", name=op.f("uq_held_pages_login_id_mark")),
    )
    op.create_table(
        "plans",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
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
        "safety_readings",
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bound", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_safety_readings_handover_id_handovers")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_safety_readings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_readings")),
        sa.UniqueConstraint("handover_id", "user_id", name=op.f("uq_safety_readings_handover_id_user_id")),
    )
    with op.batch_alter_table("safety_readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safety_readings_handover_id"), ["handover_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_safety_readings_user_id"), ["user_id"], unique=False)

    op.create_table(
        "signatures",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("meaning", sa.String(length=20), nullable=False),
        sa.Column("adds_to", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("client_data", sa.LargeBinary(), nullable=True),
        sa.Column("authenticator_data", sa.LargeBinary(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("countersignature", sa.LargeBinary(), nullable=False),
        sa.Column("instance_public", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name=op.f("fk_signatures_key_id_signing_keys")),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_signatures_note_id_notes")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_signatures_patient_id_patients")),
        sa.ForeignKeyConstraint(["signer_id"], ["users.id"], name=op.f("fk_signatures_signer_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("patient_id", "position", name=op.f("uq_signatures_patient_id_position")),
        sa.UniqueConstraint("sha256", name=op.f("uq_signatures_sha256")),
    )
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signatures_adds_to"), ["adds_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatures_note_id"), ["note_id"], unique=False)

    op.create_table(
        "documents",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
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
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signatures_note_id"))
        batch_op.drop_index(batch_op.f("ix_signatures_adds_to"))

    op.drop_table("signatures")
    with op.batch_alter_table("safety_readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safety_readings_user_id"))
        batch_op.drop_index(batch_op.f("ix_safety_readings_handover_id"))

    op.drop_table("safety_readings")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plans_visit_id"))
        batch_op.drop_index(batch_op.f("ix_plans_patient_id"))
        batch_op.drop_index(batch_op.f("ix_plans_note_id"))

    op.drop_table("plans")
    op.drop_table("held_pages")
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_patient_id"))

    op.drop_table("reviews")
    op.drop_table("response_sections")
    with op.batch_alter_table("printouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_printouts_response_id"))
        batch_op.drop_index(batch_op.f("ix_printouts_patient_id"))

    op.drop_table("printouts")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index("ix_outbox_invitation")

    op.drop_table("outbox")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notes_visit_id"))
        batch_op.drop_index(batch_op.f("ix_notes_patient_id"))
        batch_op.drop_index(batch_op.f("ix_notes_author_id"))

    op.drop_table("notes")
    with op.batch_alter_table("logins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_logins_user_id"))
        batch_op.drop_index(batch_op.f("ix_logins_invitation_id"))

    op.drop_table("logins")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_handovers_at_home",
            sqlite_where=sa.text("invitation_id IS NOT NULL"),
            postgresql_where=sa.text("invitation_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_handovers_visit_id"))
        batch_op.drop_index(batch_op.f("ix_handovers_patient_id"))
        batch_op.drop_index(batch_op.f("ix_handovers_invitation_id"))
        batch_op.drop_index(batch_op.f("ix_handovers_handed_by_id"))

    op.drop_table("handovers")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_flags_untaken",
            sqlite_where=sa.text("closed_at IS NULL AND acknowledged_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND acknowledged_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_flags_patient_id"))
        batch_op.drop_index(batch_op.f("ix_flags_owner_id"))

    op.drop_table("flags")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_patient_id"))

    op.drop_table("consents")
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_amendments_patient_id"))

    op.drop_table("amendments")
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_responses_number", sqlite_where=sa.text("number > 0"), postgresql_where=sa.text("number > 0")
        )
        batch_op.drop_index(batch_op.f("ix_responses_visit_id"))
        batch_op.drop_index(batch_op.f("ix_responses_patient_id"))
        batch_op.drop_index(batch_op.f("ix_responses_corrects_id"))

    op.drop_table("responses")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_visit_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_therapist_id"))
        batch_op.drop_index(batch_op.f("ix_visits_starts_at"))
        batch_op.drop_index(batch_op.f("ix_visits_patient_id"))

    op.drop_table("visits")
    with op.batch_alter_table("totp_seeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_totp_seeds_user_id"))

    op.drop_table("totp_seeds")
    with op.batch_alter_table("signing_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_keys_user_id"))

    op.drop_table("signing_keys")
    with op.batch_alter_table("shred_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shred_requests_patient_id"))

    op.drop_table("shred_requests")
    with op.batch_alter_table("safety_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safety_entries_patient_id"))
        batch_op.drop_index(batch_op.f("ix_safety_entries_author_id"))

    op.drop_table("safety_entries")
    with op.batch_alter_table("resets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resets_user_id"))

    op.drop_table("resets")
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_codes_user_id"))

    op.drop_table("recovery_codes")
    with op.batch_alter_table("patient_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_keys_root_id"))
        batch_op.drop_index(
            "ix_patient_keys_destroyed",
            sqlite_where=sa.text("destroyed_at IS NOT NULL"),
            postgresql_where=sa.text("destroyed_at IS NOT NULL"),
        )

    op.drop_table("patient_keys")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_user_id"))

    op.drop_table("passkeys")
    op.drop_table("one_time_links")
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_holds_patient_id"))

    op.drop_table("legal_holds")
    op.drop_table("ledgers")
    with op.batch_alter_table("kept_pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_pages_user_id"))

    op.drop_table("kept_pages")
    with op.batch_alter_table("clinic_forms", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_clinic_forms_draft",
            sqlite_where=sa.text("status = 'draft'"),
            postgresql_where=sa.text("status = 'draft'"),
        )

    op.drop_table("clinic_forms")
    op.drop_table("clinic")
    with op.batch_alter_table("care_team", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_care_team_open", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_care_team_user_id"))
        batch_op.drop_index(batch_op.f("ix_care_team_patient_id"))

    op.drop_table("care_team")
    with op.batch_alter_table("break_glass", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_break_glass_user_id"))
        batch_op.drop_index(batch_op.f("ix_break_glass_patient_id"))

    op.drop_table("break_glass")
    op.drop_table("workers")
    op.drop_table("visit_forms")
    op.drop_table("users")
    op.drop_table("spent_challenges")
    op.drop_table("patients")
    op.drop_table("owner_keys")
    op.drop_table("locations")
    op.drop_table("instance")
    with op.batch_alter_table("buckets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buckets_ends_at"))

    op.drop_table("buckets")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_checkpoints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_checkpoints_seq"))

    op.drop_table("audit_checkpoints")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_patient_id"))
        batch_op.drop_index(batch_op.f("ix_audit_actor_id"))
        batch_op.drop_index(batch_op.f("ix_audit_action"))

    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            if statement.startswith("CREATE FUNCTION"):
                op.execute(sa.text(f"DROP FUNCTION {statement.split()[2]}"))
