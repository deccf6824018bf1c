"""The doors that other programs knock on: records that arrive over a network."""
