"""What can happen: one verb, one transaction, one line in the audit trail. Actions never call actions."""
