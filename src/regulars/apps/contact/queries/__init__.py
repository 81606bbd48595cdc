"""Reads of the door out."""
