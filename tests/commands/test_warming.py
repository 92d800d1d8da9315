"""What is loaded before the first call."""

import pytest

from cds_service import pipeline
from cds_service.commands.warming import warm_up
from cds_service.decision.recommendation import Advise
from cds_service.pipeline import Answer
from cds_service.settings import LANGUAGES, Settings


def test_every_service_answers_with_advice_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Answer] = []
    answer = pipeline.answer

    def kept(*given: object, **named: object) -> Answer:
        answers.append(answer(*given, **named))  # type: ignore[arg-type]
        return answers[-1]

    monkeypatch.setattr(pipeline, "answer", kept)
    warm_up(Settings())
    assert [one.language for one in answers] == list(LANGUAGES) * 3
    for one in answers:
        assert any(isinstance(decided.decision, Advise) for decided in one.decisions)
        assert one.cards[0].indicator == "critical"
