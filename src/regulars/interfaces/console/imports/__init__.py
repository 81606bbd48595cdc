"""Imports: files and databases, looked at, corrected, taken in, and taken back."""
