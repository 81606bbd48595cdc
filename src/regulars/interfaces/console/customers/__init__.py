"""Pages of customers: the list, the card with its history, notes, merges."""
