"""What each column holds: public, ops (times, staff, codes), or what is about a patient: care, sensitive, safety.

What is about a patient is sealed. Boxed are seeds of authenticator apps, pages kept for hours while somebody unlocks
the screen (intake/security/box.py) and signing keys (intake/security/signing.py). Who adds a column tags it here; a
test names every column without a tag, and every column about a patient that is not sealed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Column, LargeBinary, MetaData

from intake.store.patient_keys import COMPARTMENTS
from intake.store.sealing import BY_ROW, SEALED

PUBLIC, OPS, BOXED = "public", "ops", "boxed"
TAGS: Final[dict[str, dict[str, str]]] = {
    "amendments": {OPS: "id bound patient_id response_id user_id kind amended_at", "sensitive": "words"},
    "audit": {
        OPS: "seq at actor_kind actor_id role action subject subject_id patient_id outcome categories reason login_id "
        "network prev_hash hash mac mac_key",
    },
    "audit_head": {OPS: "id seq hash at"},
    "audit_checkpoints": {OPS: "id instance seq hash signed_at signature receipts"},
    "break_glass": {
        OPS: "id bound patient_id user_id reason sensitive opened_at expires_at ended_at reviewed_at reviewed_by_id "
        "review version",
        "sensitive": "words",
    },
    "buckets": {OPS: "key ends_at n"},
    "care_team": {OPS: "id bound patient_id user_id role since until reason"},
    "clinic": {
        PUBLIC: "id name phone address time_zone paper emergency crisis maternal violence numbers_checked_on leave_to "
        "opening holidays mail_name",
        OPS: "bound invitation_days recall retention_years second_code safety_lead_id ask_at_home version on_call "
        "emergency_minutes same_day_minutes staff_mail",
    },
    "clinic_forms": {
        PUBLIC: "text",
        OPS: "id bound form version sha256 status added_at added_by_id published_at published_by_id retired_at "
        "retired_by_id",
    },
    "codes": {
        PUBLIC: "code title is_heading timed fee rule valid_from valid_to",
        OPS: "id kind loaded_at loaded_by_id",
    },
    "consents": {
        OPS: "id patient_id response_id form_version language signed_at withdrawn_at",
        "care": "words",
    },
    "documents": {
        OPS: "id patient_id plan_id issued_by_id issued_at paper tier file_name sha256",
        "sensitive": "content",
    },
    "flags": {
        OPS: "id patient_id response_id mark opened_at raised_at patient_replied_at acknowledged_at acknowledged_by_id "
        "closed_at closed_by_id version owner_id seen_at seen_by_id alerts alerted_at alerted_id",
        "sensitive": "sign",
    },
    "handovers": {
        OPS: "id bound patient_id visit_id response_id handed_by_id invitation_id token_hash started_at seen_at "
        "ended_at end_reason page",
    },
    "held_pages": {OPS: "id login_id mark sent_at kept_until", BOXED: "sealed"},
    "instance": {OPS: "id number"},
    "invitations": {
        OPS: "id bound visit_id sent_by_id code_hash second_hash sent_at expires_at opened_at revoked_at wrong_tries "
        "frozen_until",
    },
    "kept_pages": {OPS: "id bound user_id kept_at", BOXED: "content"},
    "ledgers": {OPS: "patient_id position sha256"},
    "legal_holds": {OPS: "id bound patient_id placed_by_id placed_at lifted_by_id lifted_at"},
    "locations": {PUBLIC: "id name address"},
    "logins": {
        OPS: "id bound token_hash user_id invitation_id started_at seen_at ended_at mfa_at stepped_up_at locked_at "
        "device end_reason shared",
        BOXED: "place",
    },
    "notes": {OPS: "id bound response_id patient_id visit_id author_id created_at signed_at version"},
    "one_time_links": {OPS: "id bound purpose user_id token_hash expires_at used_at"},
    "outbox": {
        OPS: "id kind user_id patient_id invitation_id made_at try_at tries lease leased_until state reason ended_at",
        "care": "content",
    },
    "owner_keys": {OPS: "id code_hash made_at used_at kept_at"},
    "passkeys": {OPS: "id bound user_id credential_id public_key sign_count name is_synced created_at used_at"},
    "patient_keys": {OPS: "id patient_id compartment suite root_id wrapped created_at destroyed_at writes"},
    "patients": {OPS: "id created_at version", "care": "identity"},
    "phrases": {PUBLIC: "word stands_for", OPS: "id bound user_id changed_at version"},
    "plan_events": {
        OPS: "id bound patient_id note_id user_id act happened_on weeks way takes_back_id recorded_at",
        "care": "words",
    },
    "plans": {OPS: "id bound response_id patient_id visit_id note_id author_id created_at issued_at version"},
    "printouts": {OPS: "id bound patient_id response_id user_id reason printed_at", "sensitive": "words"},
    "recovery_codes": {OPS: "id bound user_id code_hash created_at used_at"},
    "resets": {OPS: "id bound user_id asked_by_id asked_at approved_by_id approved_at dropped_at"},
    "response_sections": {
        OPS: "id response_id section version saved_at",
        "care": "care",
        "sensitive": "sensitive",
        "safety": "safety",
    },
    "responses": {
        OPS: "id bound patient_id visit_id form form_version number only follows_id corrects_id language status "
        "started_at completed_at source entered_by_id filled_on",
        "sensitive": "dropped",
    },
    "reviews": {OPS: "id bound patient_id response_id user_id reviewed_at"},
    "safety_entries": {OPS: "id bound patient_id number author_id written_at", "safety": "words"},
    "safety_readings": {OPS: "id bound handover_id user_id read_at"},
    "shred_requests": {OPS: "id bound patient_id asked_by_id asked_at agreed_by_id agreed_at"},
    "signatures": {
        OPS: "id patient_id position prev_hash sha256 note_id kind meaning adds_to signer_id key_id signature "
        "client_data authenticator_data signed_at countersigned_at countersignature instance_public",
        "sensitive": "content",
    },
    "signing_keys": {
        PUBLIC: "public certificate instance_public cose",
        OPS: "id user_id method valid_from valid_until salt passes memory credential_id origin",
        BOXED: "wrapped_private",
    },
    "spent_challenges": {OPS: "challenge spent_at"},
    "totp_seeds": {OPS: "id bound user_id last_step created_at confirmed_at", BOXED: "seed"},
    "users": {OPS: "id bound email name credentials roles password_hash is_active created_at version"},
    "visit_forms": {OPS: "kind place form"},
    "workers": {OPS: "id seen_at"},
    "visits": {OPS: "id bound patient_id therapist_id location_id kind starts_at cancelled_at version"},
}


def tags(table: str) -> dict[str, str]:
    """{column: tag} of a table."""
    return {column: tag for tag, columns in TAGS.get(table, {}).items() for column in columns.split()}


def faults(metadata: MetaData) -> Iterator[str]:
    """Every column without a tag, tag without a column, and column about a patient that is not sealed as tagged."""
    for table in metadata.tables.values():
        tagged = tags(table.name)
        yield from (f"{table.name}.{column} has a tag and is not there" for column in tagged.keys() - table.c.keys())
        for column in table.columns:
            yield from _of_column(column, tagged.get(column.name))


def _of_column(column: Column[object], tag: str | None) -> Iterator[str]:
    sealed = column.info.get(SEALED)
    if tag is None:
        yield f"{column} has no tag"
    elif tag == BOXED and not isinstance(column.type, LargeBinary):
        yield f"{column} is said to be in a box and is not"
    elif tag in COMPARTMENTS and (sealed is None or not isinstance(column.type, LargeBinary)):
        yield f"{column} is about a patient and not sealed"
    elif sealed not in {None, BY_ROW, tag}:
        yield f"{column} is tagged {tag} and sealed as {sealed}"
