"""The forum's store: members, collections, objects as posted, and the log over all of it, in SQLite or PostgreSQL."""

from stillwatch.storage.hub.connection import Session, Tree, clock_us
from stillwatch.storage.hub.members import Grant, Member, MemberKey
from stillwatch.storage.hub.objects import Asked, Ceiling, Collection, Held, Receipt
from stillwatch.storage.hub.store import HubStore

__all__ = [
    "Asked",
    "Ceiling",
    "Collection",
    "Grant",
    "Held",
    "HubStore",
    "Member",
    "MemberKey",
    "Receipt",
    "Session",
    "Tree",
    "clock_us",
]
