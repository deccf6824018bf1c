"""What happened: one record per model call, read from many log formats into two canonical Parquet tables."""
