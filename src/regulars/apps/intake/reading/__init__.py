"""From a source of any kind to sheets of what it tells and a file of the rows refused."""
