"""A question answered: a result with its evidence."""
