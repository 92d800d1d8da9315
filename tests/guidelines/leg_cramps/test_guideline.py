"""What the guideline declares of itself."""

from cds_service.catalogue import CATALOGUE
from cds_service.guidelines.leg_cramps import GUIDELINE


def test_only_stretching_is_never_folded_away() -> None:
    assert [rule.name for rule in GUIDELINE.rules if rule.never_folded] == ["stretching_first"]


def test_cards_of_one_urgency_stand_in_this_order() -> None:
    told = ["StretchingFirst", "AvoidQuinine", "CorrectElectrolytes", "AlsCramps", "SpecialistOptions", "RedFlags"]
    assert [topic for topic in GUIDELINE.topics if topic in told] == told
    for service in CATALOGUE:
        places = [GUIDELINE.topics.index(rule.topic) for rule in service.rules if rule.topic in GUIDELINE.topics]
        assert places == sorted(places)


def test_the_usual_ranges_are_the_limits_of_the_table() -> None:
    potassium, calcium = GUIDELINE.usual_ranges["potassium"], GUIDELINE.usual_ranges["calcium_total"]
    assert (str(potassium.low), str(potassium.high)) == ("3.5", "5.5")
    assert (str(calcium.low), str(calcium.high)) == ("2.20", "2.60")
    assert GUIDELINE.usual_ranges["calcium_albumin_corrected"] == calcium
    assert "calcium" not in GUIDELINE.usual_ranges
