"""What a card may offer, and the orders that already mean it."""

import pytest

from cds_service.decision.offers import Offer
from cds_service.guidelines.leg_cramps import offers
from cds_service.patient.terminology.valuesets import value_sets

OFFERS = [one for one in vars(offers).values() if isinstance(one, Offer)]


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.suggestion.kind.code)
def test_an_offer_is_under_way_by_orders_we_recognise(offer: Offer) -> None:
    assert offer.ordered
    assert set(offer.ordered) <= {one.name for one in value_sets("orders")}
