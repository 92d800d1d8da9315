"""One leg or both: a code or body site that names a side, or a word of its own."""

from dataclasses import replace

import pytest

from cds_service.guidelines.leg_cramps.laterality import one_sided
from cds_service.patient.facts import Side
from tests.guidelines.leg_cramps.leg_patients import problem


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
        "Edema tungkai kiri > kanan",  # both, but one more than the other
        "edema tungkai kiri>kanan",
        "Edema kedua tungkai, kanan > tungkai kiri",
        "bilateral leg swelling, left calf > right",
        "Bilateral leg oedema L>R",
        "edema tungkai bilateral ki > ka",
        "bengkak kedua kaki, kiri lebih besar dari kanan",
        "kedua tungkai bengkak, lebih besar di sebelah kiri",
        "bengkak kaki kiri lebih besar daripada kanan",
        "both legs swollen, worse on the right",
        "Both legs swollen, left is larger than right",
        "Bilateral asymmetric leg oedema",
        "Edema tungkai asimetris",
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
        "bengkak kedua kaki > 3 hari",  # not of the sides
        "swelling of both legs, left and right, > 2 weeks",
        "bengkak kaki kiri dan kanan lebih besar dari kemarin",
        "both legs swollen, worse at night",
        "symmetric leg swelling",
    ],
)
def test_not_one_leg(text: str | None) -> None:
    assert not one_sided(problem("limb_swelling", text=text))


@pytest.mark.parametrize(
    ("side", "text", "one"),
    [
        (Side.LEFT, None, True),
        (Side.RIGHT, "Swelling of lower limb", True),
        (Side.ONE, None, True),
        (Side.LEFT, "left leg swelling", True),
        (Side.BOTH, None, False),
        (Side.BOTH, "left leg swelling", False),
        (Side.LEFT, "right leg swelling", False),
        (Side.RIGHT, "left leg swelling", False),
        (Side.LEFT, "both legs", False),
        (Side.BOTH, "left > right", True),
        (None, None, False),
    ],
)
def test_the_body_site_names_a_side(side: Side | None, text: str | None, one: bool) -> None:
    assert one_sided(replace(problem("limb_swelling", text=text), side=side)) is one


def test_the_code_names_a_side() -> None:
    assert one_sided(problem("limb_swelling", "limb_swelling_one_sided"))
    assert not one_sided(problem("limb_swelling", "limb_swelling_one_sided", text="both legs"))
