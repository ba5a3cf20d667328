"""The mutants of the fault matrix: can each still be planted? ``make bench-faults`` plants and runs them."""

from __future__ import annotations

import pytest

from bench.fault_mutants import MUTANTS, Mutant, mutated
from matrix.sites import all_sites


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mutant_changes_one_place_of_code_that_is_there(mutant: Mutant) -> None:
    compile(mutated(mutant), mutant.file, "exec")
    assert set(mutant.sources) <= {site.source for site in all_sites()}
