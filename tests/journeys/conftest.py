"""Commands, run in this process."""

from interfaces.conftest import run

__all__ = ["run"]
