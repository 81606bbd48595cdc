"""The firm's own settings: who it is, and how long it keeps what."""
