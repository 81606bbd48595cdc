"""Tables at rest: canonical schemas, readers and engines."""
