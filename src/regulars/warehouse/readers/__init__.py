"""One reader a kind of source; each hands out records, unparsed and numbered."""
