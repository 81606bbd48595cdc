"""Customers, the ids they are known by, and who is the same person."""
