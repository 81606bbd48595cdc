"""The API's description for people: a page of the platform, and one of the documentation."""
