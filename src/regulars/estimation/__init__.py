"""Arrays in, frozen estimates out: what to expect, and how sure."""
