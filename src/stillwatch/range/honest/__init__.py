"""Populations that are no campaign: one file each, adding accounts and events of both periods to a scene."""
