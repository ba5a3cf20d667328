"""Wrong turns in what tells failures apart: does the fault matrix notice each of them?

Each mutant is one change of text in a copy of the package, never in the tree; the small choice of the
matrix's cells is run against the copy, of the sources listed, until one breaks the rule. A process for each
is forked from one that has loaded what others wrote. Arguments: words of the names of some mutants; without
any, all. Ends with 1 if a mutant survives that is not explained.
"""

from __future__ import annotations

import importlib
import multiprocessing
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from time import perf_counter

from bench import fault_matrix  # noqa: F401 - for all that it loads

ROOT = Path(__file__).resolve().parents[1]
_FEW = ("dynamodb_tables",)
_SHOWN = 160  # characters of what broke: a cell's name, and how


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: ``old`` must be in ``file`` once; ``sources`` are those whose cells are run."""

    name: str
    file: str
    old: str
    new: str
    sources: tuple[str, ...] = _FEW
    explained: str | None = None  # why no cell can notice


MUTANTS = (
    Mutant("a denial is an empty answer", "aws_connector/door.py",
           "            raise RegionDisabled(asked, failure.code, failure.words)\n        raise failure",
           "            raise RegionDisabled(asked, failure.code, failure.words)\n"
           "        if failure.kind == 'AccessDenied':\n            return {}\n        raise failure"),
    Mutant("a denial is a fault of AWS", "aws_connector/failure_codes.py",
           '        "AccessDeniedException",\n        "UnauthorizedOperation",  # EC2',
           '        "UnauthorizedOperation",  # EC2',
           ("dynamodb_tables",)),
    Mutant("a service control policy is not noticed", "aws_connector/errors.py",
           '    "service control policy": "a service control policy of your organisation",\n', ""),
    Mutant("a Region that is off is a matter of keys", "aws_connector/door.py",
           'service != "sts" and self.is_known(identity)', 'service == "sts"',
           ("ebs_volumes",)),
    Mutant("expired credentials do not stop the rest", "data_fetcher/crew.py",
           "            self._expired = error\n", "",
           explained="a source has fewer units than there are threads; tests/data_fetcher/test_crew.py"),
    Mutant("expired credentials are a denial", "aws_connector/failure_codes.py",
           '    CredentialsExpired: (\n        "ExpiredToken",\n        "ExpiredTokenException",',
           "    CredentialsExpired: ("),
    Mutant("expired credentials of EC2 are keys that are none", "aws_connector/classify.py",
           'CredentialsExpired if code == "RequestExpired" else None', "None",
           ("ebs_volumes",)),
    Mutant("a wrong clock is not noticed", "aws_connector/classify.py",
           '("Signature expired", "Signature not yet current")', "()", ),
    Mutant("a clock is never looked at", "aws_connector/classify.py",
           "_TOLERATED_SKEW = timedelta(minutes=4)", "_TOLERATED_SKEW = timedelta(days=4)",
           ("ebs_volumes",)),
    Mutant("what is not switched on is a denial", "aws_connector/failure_codes.py",
           '        "SubscriptionRequiredException",  # Support\n', "", (*_FEW, "trusted_advisor")),
    Mutant("Cost Explorer that is off is a denial", "aws_connector/classify.py",
           '    "not enabled for cost explorer",\n', "",
           ("cost_explorer.service", "cost_explorer.control")),
    Mutant("a page token that comes twice ends the list", "aws_connector/pages.py",
           '            raise PagesChanged(asked, "RepeatedToken", "the same page token came twice")',
           "            return"),
    Mutant("a page that fails later ends the list", "aws_connector/pages.py",
           "        page = ask(tokens)\n",
           "        try:\n            page = ask(tokens)\n        except Exception:\n"
           "            if not tokens:\n                raise\n            return\n"),
    Mutant("an answer of no bytes is an empty list", "aws_connector/parsing.py",
           "        decoded = decode(body)\n", "        decoded = decode(body) if body else {}\n"),
    Mutant("what cannot be reached is not asked for again", "aws_connector/attempts.py",
           "_MAY_PASS = (ServerFailure, Throttled, Unreachable)", "_MAY_PASS = (ServerFailure, Throttled)"),
    Mutant("an answer that broke off is not noticed", "aws_connector/parsing.py",
           "len(body) < int(told)", "len(body) < 0"),
    Mutant("an answer in somebody else's words is an empty one", "aws_connector/parsing.py",
           "        if decoded and known.isdisjoint(decoded):", "        if False:"),
    Mutant("everything is asked only once", "aws_connector/attempts.py", "MOST = 6\n", "MOST = 1\n"),
    Mutant("a denial is asked again", "aws_connector/attempts.py",
           "isinstance(failure, _MAY_PASS)", "isinstance(failure, AwsCallError)"),
    Mutant("a service is given up after one failure", "aws_connector/attempts.py",
           "most: int = 40", "most: int = 1"),
    Mutant("Cost Explorer is asked for ever", "aws_connector/attempts.py",
           "MOST_OF_COST_EXPLORER = 3", "MOST_OF_COST_EXPLORER = 30", ("cost_explorer.service",)),
    Mutant("a further call that fails leaves no gap", "data_fetcher/further_calls.py",
           "            if not isinstance(error, NotFound):\n                self._count(error)\n", "",
           ("s3_buckets", "ecs_services")),
    Mutant("one call of many that fails leaves no gap", "data_fetcher/one_by_one.py",
           "                self.failures.append(error)", "                continue"),
    Mutant("further calls go on with expired credentials", "data_fetcher/further_calls.py",
           "        except CredentialsError:\n            raise\n", "", ("s3_buckets", "ecs_services")),
    Mutant("partial metric data are complete", "data_fetcher/cloudwatch.py",
           'set(of_one) - {"Complete", SAID}', "set(of_one) - {*ANSWERED, SAID}", ("cloudwatch",)),
    Mutant("what failed inside CloudWatch is not said", "data_fetcher/cloudwatch.py",
           'set(of_one) - {"Complete", SAID}', 'set(of_one) - {"Complete", "InternalError", SAID}',
           ("cloudwatch",)),
    Mutant("a resource's metrics are said to be the load of instances", "data_fetcher/resource_metrics.py",
           "shortfalls(SOURCE,", 'shortfalls("cloudwatch",', ("resource_metrics",)),
    Mutant("a network that fails leaves no gap", "data_fetcher/ec2_load.py",
           "* len(NETWORK), [gap])", "* len(NETWORK), [])", ("cloudwatch",)),
    Mutant("a network that fails leaves CPU alone", "data_fetcher/ec2_load.py",
           "answered = {one.arn for one in network.instances}",
           "answered = {one.arn for one in network.instances[1:]}", ("cloudwatch",)),
    Mutant("a shortfall of the network is not said", "data_fetcher/ec2_load.py",
           "[*cpu.gaps, *network.gaps]", "list(cpu.gaps)", ("cloudwatch",)),
    Mutant("what is not had for free is not had", "data_fetcher/metric_statistics.py",
           "_NOT_HAD = (Throttled, ServerFailure, Unreachable, UnreadableAnswer)", "_NOT_HAD = ()",
           ("metric_statistics",)),
    Mutant("what failed inside CloudWatch is taken for measured", "data_fetcher/cloudwatch.py",
           'ANSWERED = frozenset({"Complete", "PartialData"})',
           'ANSWERED = frozenset({"Complete", "PartialData", "InternalError"})', ("cloudwatch",)),
    Mutant("a series that never came is not said", "data_fetcher/resource_metrics.py",
           '[answer.status.get(f"q{number}", "Unanswered")]', '[answer.status.get(f"q{number}", "Complete")]',
           ("resource_metrics",)),
    Mutant("metrics that are forbidden are like any others", "data_fetcher/cloudwatch.py",
           'forbidden = kind == "Forbidden"', "forbidden = False", ("cloudwatch",)),
    Mutant("days that did not come cost nothing", "data_fetcher/cost_explorer.py",
           "if day not in answer.days_answered]", "if False]", ("cost_explorer.control",)),
    Mutant("pages that changed are not begun again", "data_fetcher/cost_explorer.py",
           "            raise\n        return ask(period)",
           "            raise\n        return parse((), CostTable.SERVICE)", ("cost_explorer.service",)),
    Mutant("days of a cost category that did not come cost nothing", "data_fetcher/cost_explorer.py",
           "missing_days=frozenset(unanswered)", "missing_days=frozenset()",
           ("cost_explorer.cost_category",)),
    Mutant("a question beside the bill that is refused has an answer of nothing",
           "data_fetcher/cost_answers.py", "        except PagesChanged:\n            if not may_begin():\n",
           "        except Exception as error:\n            if type(error) is not PagesChanged:\n"
           "                return CostAnswer(topic=topic, asked_at=now, start=span.start, end=span.end)\n"
           "            if not may_begin():\n",
           ("aws_opinion.forecast", "commitments.savings_plans_utilization")),
    Mutant("a question whose pages changed has an answer of nothing", "data_fetcher/cost_answers.py",
           "                raise\n            rows = _rows(connector, scope, asking, span)",
           "                raise\n            rows = ()", ("commitments.savings_plans_coverage",)),
    Mutant("a question that is throttled is forgotten", "pipeline/opinions.py",
           "            self._throttled = error\n            raise\n",
           "            self._throttled = error\n            return Reading(None, 0)\n",
           ("commitments.reservation_coverage",)),
    Mutant("what AWS would buy is nothing where it does not say", "pipeline/opinions.py",
           "        except Throttled as error:\n",
           "        except AwsCallError as error:\n            if not isinstance(error, Throttled):\n"
           "                return Reading(None, 0)\n",
           ("commitments.savings_plans_purchase_recommendation",)),
    Mutant("an account that cannot be entered is passed over", "aws_connector/connector.py",
           "        gaps += [answer for answer in answers if isinstance(answer, Gap)]\n", "",
           ("accounts",)),
)  # fmt: skip


def main(wanted: list[str]) -> int:
    survived: list[Mutant] = []
    chosen = [one for one in MUTANTS if not wanted or any(word in one.name for word in wanted)]
    for mutant in chosen:
        started = perf_counter()
        broken = first_broken(mutant)
        told = f"killed: {broken}" if broken else f"SURVIVED ({mutant.explained})"
        print(f"{mutant.name:52} {told} ({perf_counter() - started:.0f} s)", flush=True)
        survived += [] if broken else [mutant]
    print(f"{len(chosen) - len(survived)} of {len(chosen)} mutants killed")
    return 1 if any(one.explained is None for one in survived) else 0


def mutated(mutant: Mutant) -> str:
    """Return the text of its file with the mistake in it."""
    text = (ROOT / "src" / "plainbill" / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1, f"{mutant.name}: {text.count(mutant.old)} places in {mutant.file}"
    return text.replace(mutant.old, mutant.new)


def first_broken(mutant: Mutant) -> str:
    """Run the cells against a copy with the mutant in it; return what broke the rule first, or ""."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "plainbill"
        shutil.copytree(ROOT / "src" / "plainbill", copy, ignore=shutil.ignore_patterns("static"))
        (copy / mutant.file).write_text(mutated(mutant), encoding="utf-8")
        said = Path(folder) / "said"
        forked = multiprocessing.get_context("fork").Process(target=_try, args=(folder, mutant.sources, said))
        forked.start()
        forked.join()
        told = said.read_text(encoding="utf-8") if forked.exitcode == 0 else ""
        assert "cells in" in told, f"{mutant.name}: no cells were run"
        return " ".join(told.splitlines()[:2])[:_SHOWN] if "\n    " in told else ""


def _try(folder: str, sources: tuple[str, ...], said: Path) -> None:
    """Load the package anew, from the copy, and run the matrix with it."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        is_ours = Path(file).is_relative_to(ROOT) and "site-packages" not in file
        if name.partition(".")[0] == "plainbill" or (is_ours and name != "__main__"):
            del sys.modules[name]
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    run: Callable[[list[str]], int] = importlib.import_module("bench.fault_matrix").main
    with redirect_stdout(StringIO()) as told:
        run(["--few", "--first", *sources])
    assert Path(str(sys.modules["plainbill"].__file__)).is_relative_to(folder)
    said.write_text(told.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
