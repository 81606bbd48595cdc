"""Whether mails of a domain are believed: what the name system says of it, in plain words."""
