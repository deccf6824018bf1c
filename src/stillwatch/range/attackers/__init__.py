"""Campaigns: one file per archetype, adding accounts, events and the truth about them to a scene."""
