"""What is said in no language that the firm chose, but as it stands."""

PLAIN = "plain"
"""In the place of a language: a letter to staff, with its ``subject`` and ``text``."""
