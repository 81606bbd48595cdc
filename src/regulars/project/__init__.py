"""The only place that sees everything."""
