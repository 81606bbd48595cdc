"""Regulars: know, keep and reward the customers who come back."""
