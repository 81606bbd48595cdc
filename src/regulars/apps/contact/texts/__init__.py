"""What stands in a message: text, layout, and what of the recipient goes into it."""
