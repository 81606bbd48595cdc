"""Imports and watched sources: the outside world becomes any app's records."""
