"""The API: it translates requests into operations and queries, nothing more."""
