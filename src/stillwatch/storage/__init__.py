"""Stores behind the stages: the workspace folder that keeps scans."""
