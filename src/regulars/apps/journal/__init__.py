"""Who did what, and the news that travels upwards."""
