"""Pure decisions of the door out."""
