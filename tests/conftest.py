"""What holds for all tests: examples of a property are not timed, since machines differ; what was loaded with the tests
stays, and is not looked through again for what may go."""

import gc

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_finish():
    gc.freeze()
