"""The examples of these pages are run where they stand: in the docstrings that they come from."""

collect_ignore_glob = ["*.md"]
