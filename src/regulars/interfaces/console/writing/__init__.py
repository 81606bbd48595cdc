"""Templates: what the firm writes, in each language, read as a customer reads it."""
