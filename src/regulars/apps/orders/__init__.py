"""Products, orders, lines, refunds, subscriptions and costs."""
