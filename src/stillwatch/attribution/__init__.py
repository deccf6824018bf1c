"""Whose doing: traced accounts linked to campaigns, and harvest dates to public release dates; facts in support."""
