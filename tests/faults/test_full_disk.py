"""There is no room left on the disk of a SQLite installation."""

import resource
from pathlib import Path

import pytest

from installations import Installation, Server, orders

pytestmark = pytest.mark.slow

ENDLESS = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def processes(server: Server) -> list[int]:
    """The server and the processes that it has started."""
    main = server.process.pid
    children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii")
    return [main, *map(int, children.split())]


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    shop = Installation(tmp_path / "shop").made()
    secret = shop.key()
    with shop.serving() as server:
        assert server.post("/api/v1/orders", orders(1)[0], secret).status == 201
        largest = max(file.stat().st_size for file in shop.folder.glob("records.sqlite3*"))
        for number in processes(server):
            resource.prlimit(number, resource.RLIMIT_FSIZE, (largest + 4096, ENDLESS[1]))
        full = server.post("/api/v1/orders", orders(3000), secret, key="k")
        assert full.status == 507
        assert full.headers["content-type"] == "application/problem+json"
        assert "The disk is full. Nothing was written" in str(full.json()["detail"])
        assert server.get("/api/v1/orders/o0", {"Authorization": f"Bearer {secret}"}).status == 200
        assert shop.rows("SELECT count(*) FROM orders_order") == [(1,)]
        for number in processes(server):
            resource.prlimit(number, resource.RLIMIT_FSIZE, ENDLESS)
        assert server.post("/api/v1/orders", orders(3000), secret, key="k").status == 200
    assert shop.rows("SELECT count(*) FROM orders_order") == [(3000,)]
    assert shop.rows("PRAGMA integrity_check") == [("ok",)]
