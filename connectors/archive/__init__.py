"""The archive: Parquet tables under `data/archive`, read with DuckDB."""
