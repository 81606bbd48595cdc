"""What each answer says in plain sentences; one file a study."""
