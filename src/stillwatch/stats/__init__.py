"""Tests and corrections: each file one theorem, checked against a naive oracle or scipy in the tests."""
