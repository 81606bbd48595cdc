"""Pages of the door out: what waits, went and did not, and what is withheld."""
