"""Writes of the door out."""
