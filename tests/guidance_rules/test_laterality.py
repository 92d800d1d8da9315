"""One leg or both: a code that names a side, or a word of its own."""

import pytest
from leg_patients import problem

from cds_service.guidance.laterality import one_sided


@pytest.mark.parametrize(
    "text",
    [
        "Swelling of left leg",
        "RIGHT calf swelling",
        "Unilateral leg oedema",
        "one-sided swelling",
        "Bengkak tungkai kiri",
        "bengkak kaki kanan",
        "Bengkak satu tungkai",
        "kaki bengkak sebelah",
    ],
)
def test_one_leg(text: str) -> None:
    assert one_sided(problem("limb_swelling", text=text))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Swelling of lower limb",
        "Swelling of both legs",
        "bilateral leg oedema",
        "left and right leg swelling",
        "Bengkak kedua tungkai",
        "bengkak kaki kiri dan kanan",
        "leftover swelling",  # a word of its own only
    ],
)
def test_not_one_leg(text: str | None) -> None:
    assert not one_sided(problem("limb_swelling", text=text))


def test_the_code_names_a_side() -> None:
    assert one_sided(problem("limb_swelling", "limb_swelling_one_sided"))
    assert not one_sided(problem("limb_swelling", "limb_swelling_one_sided", text="both legs"))
