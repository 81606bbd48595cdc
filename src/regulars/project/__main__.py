"""``python -m regulars.project`` is the command line."""

from regulars.project.cli import main

main()
