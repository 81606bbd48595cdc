"""Words that every floor shares: errors, wording, periods, progress. Standard library only."""
