"""Whether a problem sits in the leg, and on which side: by codes and by words, in English and Indonesian."""

import pytest

from cds_service.guidelines.leg_cramps.body_sites import Side, Site, side, site
from cds_service.patient.facts import BodySite, Match, Problem


def at(code: str, *texts: str) -> BodySite:
    return BodySite((code,), texts)


def said(text: str) -> BodySite:
    return BodySite((), (text,))


def problem(text: str, *body_sites: BodySite) -> Problem:
    return Problem("Condition/1", {"cramp_any": Match.CODE}, text=text, texts=(text, "Cramp"), body_sites=body_sites)


@pytest.mark.parametrize(
    ("text", "body_sites", "where"),
    [
        ("Cramp", [], Site.NOT_RECORDED),
        ("Cramp", [at("30021000")], Site.LEG),
        ("Cramp", [at("53840002")], Site.LEG),
        ("Cramp", [at("85562004")], Site.ELSEWHERE),
        ("Cramp", [at("85562004"), at("30021000")], Site.LEG),
        ("Cramp", [said("Left calf")], Site.LEG),
        ("Cramp", [said("betis kanan")], Site.LEG),
        ("Cramp", [at("x", "Structure of right lower limb")], Site.LEG),
        ("Cramp", [said("tangan kiri")], Site.ELSEWHERE),
        ("Cramp", [said("ekstremitas bawah")], Site.LEG),
        ("Cramp", [said("upper extremity")], Site.ELSEWHERE),
        ("Cramp", [at("38266002", "Entire body as a whole")], Site.NOT_RECORDED),
        ("Cramp in calf", [], Site.LEG),
        ("kram tangan", [], Site.ELSEWHERE),
        ("Abdominal cramp", [], Site.ELSEWHERE),
        ("Cramp of hand and foot", [], Site.LEG),
        ("kram tangan", [said("kaki")], Site.LEG),
        ("kram kaki", [at("85562004")], Site.ELSEWHERE),
        ("Legal-age cramp", [], Site.NOT_RECORDED),
        ("Period cramps", [], Site.ELSEWHERE),
        ("Cramps for a long period", [], Site.NOT_RECORDED),
        ("Leg cramps, period cramps", [], Site.LEG),
        ("dysmenorrhoea cramps", [], Site.ELSEWHERE),
        ("Dysmenorrhea", [], Site.ELSEWHERE),
        ("menstrual cramps", [], Site.ELSEWHERE),
        ("Kram dismenore", [], Site.ELSEWHERE),
        ("Kram jari", [], Site.ELSEWHERE),
        ("Kram jari-jari", [], Site.ELSEWHERE),
        ("Kram jari kaki", [], Site.LEG),
        ("Kejang demam", [], Site.ELSEWHERE),
        ("KEJANG DEMAM", [said("kaki")], Site.ELSEWHERE),
        ("Kram, dulu kejang demam", [], Site.NOT_RECORDED),
        ("Kejang", [], Site.NOT_RECORDED),
    ],
)
def test_site(text: str, body_sites: list[BodySite], where: Site) -> None:
    assert site(problem(text, *body_sites)) is where


def test_a_display_tells_as_the_text_does() -> None:
    one = Problem("Condition/1", {"cramp_any": Match.CODE}, texts=("Kram", "Cramp in calf"))
    assert site(one) is Site.LEG


@pytest.mark.parametrize(
    ("body_sites", "which"),
    [
        ([], None),
        ([at("61685007", "Lower limb structure")], None),
        ([at("32153003", "Left lower limb")], Side.LEFT),
        ([at("32153003")], Side.LEFT),
        ([at("62175007")], Side.RIGHT),
        ([at("213384005")], Side.LEFT),
        ([at("213289002")], Side.RIGHT),
        ([at("61685007"), at("7771000")], Side.LEFT),
        ([at("61685007"), at("24028007")], Side.RIGHT),
        ([at("66459002")], Side.ONE),
        ([at("51440002")], Side.BOTH),
        ([at("61685007:272741003=7771000")], Side.LEFT),
        ([at("32153003"), at("62175007")], Side.BOTH),
        ([at("32153003"), said("kanan")], Side.BOTH),
        ([said("left calf")], Side.LEFT),
        ([said("Right leg")], Side.RIGHT),
        ([said("tungkai kiri")], Side.LEFT),
        ([said("betis kanan")], Side.RIGHT),
        ([said("kaki sebelah kiri")], Side.LEFT),
        ([said("kaki sebelah")], Side.ONE),
        ([said("unilateral")], Side.ONE),
        ([said("kedua tungkai")], Side.BOTH),
        ([said("both legs")], Side.BOTH),
        ([at("x", "Structure of left foot")], Side.LEFT),
        ([said("leftover")], None),
    ],
)
def test_side(body_sites: list[BodySite], which: Side | None) -> None:
    assert side(problem("Swelling of lower limb", *body_sites)) is which
