"""Private overlap: which confirmed-abuse identifiers do two labs both have, and nothing else of either list."""
