"""Webhooks: the firm's own software is told of what happens, at least once and in order."""
