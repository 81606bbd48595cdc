"""Pages for the people whom the firm writes to: opened by a link that was sent, and by nothing else."""
