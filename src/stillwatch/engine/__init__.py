"""Where folds run: one process, streaming Arrow batches through numba kernels and a spool sorted by key."""
