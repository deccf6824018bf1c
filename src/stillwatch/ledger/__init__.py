"""What we served: keyed, winnowed spans of our own outputs, each with its account, day and response id."""

from stillwatch.ledger.ledger import Ledger
from stillwatch.ledger.view import Postings, View

__all__ = ["Ledger", "Postings", "View"]
