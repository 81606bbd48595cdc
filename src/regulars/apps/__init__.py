"""The platform: what a firm runs every day, each app a domain, lower ones first."""
