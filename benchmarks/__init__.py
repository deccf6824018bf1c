"""Accuracy and cost, measured; results are committed with the command that made them."""
