"""The memory of the web server after its start, against 200 MB.

Run it in the environment of the tests: ``.venv/bin/python benchmarks/web_memory.py``.
"""

import re
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from installations import Installation, Server, orders

LIMIT_MB = 200


def resident(server: Server) -> float:
    """Megabytes of the server's processes; pages that they share are counted once."""
    main = server.process.pid
    children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
    total = 0
    for number in [main, *map(int, children)]:
        told = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
        found = re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)
        total += int(found[1]) if found else 0
    return total / 1024


def main() -> None:
    """Measure after the start, and after a thousand orders."""
    with tempfile.TemporaryDirectory() as name:
        shop = Installation(Path(name) / "shop").made()
        secret = shop.key()
        with shop.serving() as server:
            print(f"after the start          {resident(server):6.1f} MB  (limit {LIMIT_MB})")
            server.post("/api/v1/orders", orders(1000), secret)
            print(f"after a list of 1,000    {resident(server):6.1f} MB")


if __name__ == "__main__":
    main()
