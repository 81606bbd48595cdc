"""Installations on both databases."""

from installations import installation, postgres

__all__ = ["installation", "postgres"]
