"""The terminal: commands that parse, call one service function, and print."""
