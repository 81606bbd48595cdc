"""The engine that reads files: DuckDB in this process, with a place to spill to."""

import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend
from ibis.util import gen_name

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say
from regulars.warehouse.homes import Home, home_of


@dataclass(frozen=True, slots=True)
class Engine:
    """A DuckDB of our own; tables live as long as anybody holds an expression on them.

    Attributes:
        backend: The Ibis backend.
        folder: A folder for files that are needed while the engine lives.
        home: Where the tables go in the end; None: they stay here.
    """

    backend: Backend
    folder: Path
    home: Home | None = None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection below the backend."""
        connection: duckdb.DuckDBPyConnection = self.backend.con
        return connection

    def keep(self, table: ir.Table, name: str = "kept") -> ir.Table:
        """Compute a table once and keep it where it stands; the name is made unique."""
        if ibis.get_backend(table) is not self.backend:
            return table.cache()
        return self.backend.create_table(gen_name(name), table)

    def settle_in(self, table: ir.Table) -> ir.Table:
        """A finished table where answers are computed: at home."""
        return table if self.home is None else self.home.take(table)

    def beside(self, table: ir.Table, other: ir.Table) -> ir.Table:
        """A small table on the engine of another one, to be joined with it."""
        backend = ibis.get_backend(other)
        return table if ibis.get_backend(table) is backend else Home(backend, None).take(table)

    def view(self, relation: duckdb.DuckDBPyRelation, name: str = "seen") -> ir.Table:
        """A DuckDB relation as an Ibis table, not computed yet."""
        unique = gen_name(name)
        relation.create_view(unique)
        return self.backend.table(unique)

    def store(self, relation: duckdb.DuckDBPyRelation, name: str = "stored") -> ir.Table:
        """A DuckDB relation as an Ibis table, computed now."""
        unique = gen_name(name)
        relation.create(unique)
        return self.backend.table(unique)


def open_engine(
    memory_limit: str | None = None, home: str | ibis.BaseBackend | None = None
) -> Engine:
    """Open an engine that spills to a temporary folder, removed with it.

    Args:
        memory_limit: How much memory it may take.
        home: The engine on which answers are computed; None: this one.

    Raises:
        OptionError: The memory limit is not a size, or the home cannot be reached.
    """
    found = home_of(home)
    folder = Path(tempfile.mkdtemp(prefix="regulars-"))
    settings = {"memory_limit": memory_limit} if memory_limit else {}
    try:
        backend = ibis.duckdb.connect(
            temp_directory=str(folder / "spill"),
            # nothing is downloaded at run time, not even by the engine
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
            **settings,
        )
    except duckdb.Error as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise OptionError(
            say("The memory limit {limit} cannot be used.", limit=memory_limit or ""),
            accepted=say("Give a size such as 500MB or 4GB."),
        ) from error
    weakref.finalize(backend, shutil.rmtree, folder, ignore_errors=True)
    backend.raw_sql("SET TimeZone = 'UTC'")
    return Engine(backend, folder, found)
