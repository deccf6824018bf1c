"""What we measure: keyed features of one event, and the bounded per-account state folded from them."""

from stillwatch.features.batch import Batch
from stillwatch.features.families import FAMILIES, Family
from stillwatch.features.keys import EventKeys, Keyring, event_keys

__all__ = ["FAMILIES", "Batch", "EventKeys", "Family", "Keyring", "event_keys"]
