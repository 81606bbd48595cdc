"""Signing in and out: allauth does it, with our words, our letters and our trail."""
