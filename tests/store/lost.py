"""What a store lost, heard as a metric hears it."""

from collections import Counter

from cds_service.store.losses import Cause, Losses


def heard(losses: Losses) -> Counter[Cause]:
    """The calls lost from now on, by cause."""
    lost: Counter[Cause] = Counter()

    def hear(cause: Cause, calls: int) -> None:
        lost[cause] += calls

    losses.on_loss = hear
    return lost
