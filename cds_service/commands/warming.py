"""All that calls need is loaded once, before the workers are forked: no clinician's call waits for it."""

import orjson

from cds_service import pipeline, situations
from cds_service.catalogue import CATALOGUE, Service, wording
from cds_service.protocol.schemas import dump_cards, load_request
from cds_service.settings import LANGUAGES, Settings
from cds_service.site.reading import in_force


def warm_up(settings: Settings) -> None:
    """Answer one call of every service, in every language: its guideline's example for its hook."""
    site = in_force(settings)
    for service in CATALOGUE:
        example = _example(service)
        if example is None:
            continue
        request = load_request(orjson.dumps(situations.request(example, service.hook)))
        for language in LANGUAGES:
            answer = pipeline.answer(
                request, service, fetch=None, today=example.day, words=wording(language), settings=settings, site=site
            )
            dump_cards(answer.cards)


def _example(service: Service) -> situations.Situation | None:
    examples = (situations.load(name) for name in service.guideline.examples)
    return next((one for one in examples if service.hook in one.hooks), None)
