"""Mutation check: does a test fail when guidelines/, decision/, cards/, patient/ or chart/ is changed in one place.

    python tools/mutation                            all mutants
    python tools/mutation --sample 0.1               a tenth of them, drawn with a fixed seed
    python tools/mutation --only 'chart/read/*.py'   the modules whose paths match
    python tools/mutation --tests tests/chart        with these tests alone
    python tools/mutation --seconds 30               more time for each

Nothing is written but the list, build/mutation.txt: mutants live in memory. The tests run once, under coverage, to learn which of them
reach which line and how long they take; from there one process is forked for each mutant. It gives the function its
changed code and runs the tests that reach the statement, the quickest first, until one fails. What survives is tried
again in a process whose caches are empty, with all tests that reach the module. What runs when the modules are imported
(limits, codes, names, classes) comes last and slower: its process imports them anew, with the change.

Survivors are a person's to judge: a missing test, dead code, or a change that changes nothing. A mutant that takes more
CPU time than it may is "not decided": it hangs, or many slow tests reach it.
"""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

import pytest
from mutants import mutants
from trial import KILLED, Trial

ROOT = Path(__file__).parents[2]
LIST = ROOT / "build" / "mutation.txt"
PACKAGES = ("guidelines", "decision", "cards", "patient", "chart")
TESTS = ("tests/patient", "tests/chart", "tests/decision", "tests/guidelines", "tests/cards")
NOT_RUN = (
    "tests/chart/read/test_newest.py",  # slow: no mutant has the time for them
    "tests/chart/read/test_on_demand.py",
    "tests/chart/read/test_properties.py",
    "tests/guidelines/test_linear.py",
    "tests/guidelines/leg_cramps/test_never_raises.py",
    "tests/chart/fhir_client",  # starts servers
    "tests/guidelines/leg_cramps/test_texts.py",  # reads the sources
)
PYTEST = ("-o", "addopts=", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:terminal")


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=float, default=1.0, help="share of the mutants to try, 0 to 1")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--only", nargs="+", default=["*"], help="modules whose paths match, as cds_service/chart/*")
    parser.add_argument("--kind", choices=("functions", "imported"), help="only what is in functions, or outside them")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="the tests to run")
    parser.add_argument("--seconds", type=int, default=3, help="CPU time for one mutant, besides imports")
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "benchmarks")]
    found = [
        mutant
        for package in PACKAGES
        for path in sorted((ROOT / "cds_service" / package).rglob("*.py"))
        if any(path.match(pattern) for pattern in options.only)
        for mutant in mutants(path, str(path.relative_to(ROOT)))
        if options.kind in (None, "functions" if mutant.function else "imported")
    ]
    drawn = random.Random(options.seed).sample(range(len(found)), round(len(found) * options.sample))
    arguments = [*PYTEST, f"--rootdir={ROOT}", *(f"--ignore={ROOT / path}" for path in NOT_RUN)]
    trial = Trial([found[number] for number in sorted(drawn)], ROOT, arguments, options.seconds, LIST)
    LIST.parent.mkdir(exist_ok=True)
    LIST.unlink(missing_ok=True)
    pytest.main([*arguments, *(str(ROOT / path) for path in options.tests)], plugins=[trial])
    sys.stdout.writelines(f"{said} {name}\n" for name, said in sorted(trial.outcomes.items()) if said != KILLED)
    for package in PACKAGES:
        counts = Counter(said for name, said in trial.outcomes.items() if name.split("/")[1] == package)
        listed = ", ".join(f"{number} {said}" for said, number in sorted(counts.items()))
        sys.stdout.write(f"{package}/: {counts.total()} mutants: {listed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
