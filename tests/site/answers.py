"""Every situation answered under the site file that is named: ``python -m tests.site.answers site.toml``."""

import json
import sys

import orjson

from cds_service import pipeline, situations
from cds_service.catalogue import CATALOGUE, wording
from cds_service.protocol.schemas import dump_cards, load_request
from cds_service.settings import LANGUAGES, Settings
from cds_service.site.reading import in_force

SETTINGS = Settings(public_base_url="https://cds.example.org", site=sys.argv[1] if len(sys.argv) > 1 else None)


def differing() -> list[str]:
    """The answers that are not those of the golden response."""
    site = in_force(SETTINGS)
    found = []
    for situation in situations.load_all():
        for hook in situation.hooks:
            request = load_request(orjson.dumps(situations.request(situation, hook)))
            service = next(one for one in CATALOGUE if one.hook == hook)
            golden = json.loads(situations.response_file(situation, hook).read_bytes())
            for language in LANGUAGES:
                words = wording(language)
                answer = pipeline.answer(
                    request, service, fetch=None, today=situation.day, words=words, settings=SETTINGS, site=site
                )
                if orjson.loads(dump_cards(answer.cards)) != golden[language]:
                    found.append(f"{situation.name} {hook} {language}")
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(differing()))
