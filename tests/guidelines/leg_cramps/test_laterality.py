"""One leg or both: a code or body site that names a side, or a word of its own."""

import pytest

from cds_service.guidelines.leg_cramps.laterality import one_sided
from tests.builders.facts import problem


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
    "said",
    [
        *("left", "kiri", "right", "kanan", "unilateral", "sebelah", "one-sided", "one leg", "single leg", "satu sisi"),
        *("satu tungkai", "satu kaki"),
    ],
)
def test_every_word_for_one_side_and_none_beside_a_word_for_both(said: str) -> None:
    assert one_sided(problem("limb_swelling", text=f"Oedema, {said}"))
    for both in ("both", "bilateral", "kedua", "keduanya"):
        assert not one_sided(problem("limb_swelling", text=f"Oedema, {said}, {both}"))


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
    ("body_site", "text", "one"),
    [
        ("left leg", None, True),
        ("tungkai kanan", "Swelling of lower limb", True),
        ("unilateral", None, True),
        ("left leg", "left leg swelling", True),
        ("both legs", None, False),
        ("both legs", "left leg swelling", False),
        ("left leg", "right leg swelling", False),
        ("tungkai kanan", "left leg swelling", False),
        ("left leg", "both legs", False),
        ("both legs", "left > right", True),
        (None, None, False),
    ],
)
def test_the_body_site_names_a_side(body_site: str | None, text: str | None, one: bool) -> None:
    assert one_sided(problem("limb_swelling", text=text, body_site=body_site)) is one


def test_the_code_names_a_side() -> None:
    assert one_sided(problem("limb_swelling", "limb_swelling_one_sided"))
    assert not one_sided(problem("limb_swelling", "limb_swelling_one_sided", text="both legs"))
