"""The command line of the library: one command a question."""
