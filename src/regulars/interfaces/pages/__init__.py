"""Pages for those whom the firm writes to: a link that was sent opens them, nothing else."""
