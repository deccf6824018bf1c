"""A function that nobody can compute alone: the threshold verifiable oblivious PRF under private overlap."""
