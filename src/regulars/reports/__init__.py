"""Studies drawn: charts, the one-file report, terminal tables."""
