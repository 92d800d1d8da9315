"""The command line with this guideline beside the others: what its one line in ``guidelines/__init__.py`` does."""

from cds_service import guidelines
from tests import toy_guideline

guidelines.GUIDELINES = (*guidelines.GUIDELINES, toy_guideline.GUIDELINE)

if __name__ == "__main__":
    from cds_service.cli import main

    main()
