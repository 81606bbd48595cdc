"""Ibis in, Ibis out: what happened."""
