"""Backups: every table and file of an installation in one file that both databases read."""
