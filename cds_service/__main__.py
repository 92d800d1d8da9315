"""``python -m cds_service`` is ``cds-service``."""

from cds_service.cli import main

main()
