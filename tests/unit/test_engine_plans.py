"""Tables of many columns are planned quickly, and DuckDB warns as before."""

import duckdb
import narwhals as nw
import pandas as pd
import pytest

from pcn_analysis.engine import lazy

pytestmark = pytest.mark.unit

relation = pytest.importorskip("duckdb._relation", reason="only DuckDB 2 folds names to warn of text")


def test_names_of_columns_are_not_gone_through_again_for_each_column(monkeypatch):
    frame = lazy(pd.DataFrame({f"column_{number}": [number] for number in range(200)}))
    folded, fold = [], relation.fold_name
    monkeypatch.setattr(relation, "fold_name", lambda name: folded.append(name) or fold(name))
    more = frame.with_columns((nw.col("column_7") == nw.lit("column_8")).alias("same"))
    assert len(more.collect_schema()) == 201
    assert len(folded) < 200 * 10


def test_text_that_is_also_the_name_of_a_column_is_still_warned_of():
    held = duckdb.sql("SELECT 'here' AS there")
    with pytest.warns(UserWarning, match="'THERE' is used as a string value, and it is also a column name"):
        held.select(duckdb.ColumnExpression("there") == "THERE")


def test_it_is_left_to_duckdb_which_steps_of_a_chain_it_keeps():
    chain = lazy(pd.DataFrame({"person_id": ["a", "b"]}))
    for number in range(3):
        counted = chain.group_by("person_id").agg(nw.len().alias(f"rows_{number}"))
        chain = chain.join(counted, on="person_id", how="left")
    statement = relation._render(chain.to_native())[0]
    assert statement.count(" AS (") > 3
    assert "MATERIALIZED" not in statement
