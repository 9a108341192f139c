"""What holds for all tests: examples of a property are not timed, since machines differ."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
