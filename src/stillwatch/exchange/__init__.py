"""What rivals may tell each other, and how it is trusted: markings, admission, signatures, the transparency log."""
