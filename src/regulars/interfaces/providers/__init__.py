"""What mail providers tell of messages after they have taken them."""
