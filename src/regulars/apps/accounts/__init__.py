"""Staff, roles and keys."""
