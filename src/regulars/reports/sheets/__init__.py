"""The figures of each answer as a table of typed values, for the page and the terminal."""
