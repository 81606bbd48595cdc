import gc

import ibis
import pyarrow as pa

from regulars.analytics.keeping import keep


def tables(engine: ibis.BaseBackend) -> int:
    counted = engine.raw_sql("SELECT count(*) FROM duckdb_tables()").fetchall()
    return int(counted[0][0])


def test_a_kept_table_is_dropped_when_nothing_refers_to_it_any_more() -> None:
    engine = ibis.duckdb.connect()
    engine.raw_sql("CREATE TABLE numbers AS SELECT unnest([1, 2]) AS number")
    numbers = engine.table("numbers")
    kept = keep(numbers.mutate(double=numbers.number * 2))
    derived = kept.filter(kept.double > 2)
    del kept
    gc.collect()
    assert derived.to_pyarrow().to_pylist() == [{"number": 2, "double": 4}]
    assert tables(engine) == 2
    del derived
    gc.collect()
    assert tables(engine) == 1


def test_a_kept_table_may_outlive_the_name_of_its_engine() -> None:
    kept = keep(ibis.memtable(pa.table({"number": [1, 2]})))
    assert kept.count().to_pyarrow().as_py() == 2
