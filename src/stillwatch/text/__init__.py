"""Text becomes numbers here: keyed tokens, shingles, winnowed spans and fitted vectors; no text leaves."""

from stillwatch.text.hashing import derive_seed, hash_strings, mix, mixed
from stillwatch.text.tokens import TextBlock, tokenize

__all__ = ["TextBlock", "derive_seed", "hash_strings", "mix", "mixed", "tokenize"]
