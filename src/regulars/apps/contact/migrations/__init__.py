"""Tables of the door out, version by version."""
