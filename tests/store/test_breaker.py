import pytest

from cds_service.errors import UnavailableError
from cds_service.store.breaker import LONG_SECONDS, PAUSE_SECONDS, Breaker


class Database:
    """Takes some time for whatever is done with it, and fails or does not."""

    def __init__(self) -> None:
        self.now = 0.0
        self.tries = 0
        self.breaker = Breaker(lambda: self.now)

    def use(self, seconds: float, *, fails: bool) -> None:
        with self.breaker.guard():
            self.tries += 1
            self.now += seconds
            if fails:
                raise UnavailableError

    def fail(self, seconds: float) -> None:
        with pytest.raises(UnavailableError):
            self.use(seconds, fails=True)


def test_what_hung_is_not_tried_again_at_once() -> None:
    database = Database()
    database.fail(LONG_SECONDS)
    for _ in range(10):
        database.fail(LONG_SECONDS)
    assert database.tries == 1
    database.now += PAUSE_SECONDS
    database.fail(LONG_SECONDS)
    database.fail(LONG_SECONDS)
    assert database.tries == 2


def test_what_fails_quickly_is_tried_every_time() -> None:
    database = Database()
    for _ in range(10):
        database.fail(LONG_SECONDS / 2)
    assert database.tries == 10


def test_one_at_a_time_tries_what_hung() -> None:
    database = Database()
    database.fail(LONG_SECONDS)
    database.now += PAUSE_SECONDS
    with database.breaker.guard():
        database.fail(0)
    database.use(0, fails=False)
    assert database.tries == 2


def test_once_it_answers_all_is_well() -> None:
    database = Database()
    database.fail(LONG_SECONDS)
    database.now += PAUSE_SECONDS
    for _ in range(3):
        database.use(LONG_SECONDS, fails=False)
    assert database.tries == 4


def test_a_trial_that_fails_quickly_is_followed_by_a_pause_too() -> None:
    database = Database()
    database.fail(LONG_SECONDS)
    database.now += PAUSE_SECONDS
    database.fail(0)
    database.fail(0)
    assert database.tries == 2


def test_another_error_is_none_of_the_databases() -> None:
    database = Database()

    def other() -> None:
        with database.breaker.guard():
            database.now += LONG_SECONDS
            raise KeyError

    with pytest.raises(KeyError):
        other()
    database.use(0, fails=False)
