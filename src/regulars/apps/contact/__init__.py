"""The only door out to people: addresses, consent, what is withheld, and every delivery."""
