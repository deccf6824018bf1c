"""Property tests without a deadline: the first call of a kernel compiles it, and no test here judges a time."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
