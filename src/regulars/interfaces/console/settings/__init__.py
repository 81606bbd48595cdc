"""Settings: the staff, the keys, the trail, and what somebody sets for himself."""
