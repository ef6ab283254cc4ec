"""Pages on people of a place leave together, or not at all: nothing small follows from them and what is out already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from test_bad_input import Outcome, run

from pcn_analysis.place import Place
from pcn_analysis.prepared import load_place, save_place
from pcn_analysis.release.register import Told, read
from pcn_analysis.reports import ledger, runner
from pcn_analysis.reports.catalogue import Report
from pcn_analysis.reports.jobs import Job, sealed
from pcn_analysis.reports.reference import KEPT_METADATA
from pcn_analysis.settings import ROOT_VARIABLE, Settings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.journey

HARBOUR, PRIORY = "U00001", "U00005"
NAMES = {HARBOUR: "Harbour PCN", PRIORY: "Old Priory PCN"}
WHOLE, LARGE, SMALL = {"everyone": 12}, {"a": 9}, {"b": 1, "c": 2}
"""A network of 12, of whom 9 are in one group and 3 in two others. Released, both 12 and 9 are 10: from 8 to 12. Who
has all four numbers knows that neither small group is of more than 3."""

PARAMETERS = 'place: str = "synthetic"  # a place\npcn_code: str = "U00001"  # a network'
CODE = """
import datetime as dt
import pandas as pd
from pcn_analysis import release, show_table
from pcn_analysis.provenance import About, Counted, Provenance, SourcedTable

with open("executed.txt", "a") as file:
    file.write("{stem}\\n")
people = {people!r}
about = About({{"U00001": "Harbour PCN", "U00005": "Old Priory PCN"}}[pcn_code], "Marlhaven", "England",
              dt.date(2026, 7, 1), "")
frame = pd.DataFrame({{"group": list(people), "patients": list(people.values())}})
table = SourcedTable(frame, Provenance((), people=True), counts=("patients",), about=about,
                     counted={{"patients": Counted(by=("group",))}})
show_table(release(table), {{"group": "Group", "patients": "People"}}, caption="People by group")
"""
KINDS = """
frame = pd.DataFrame({"kind": ["x", "y", "z"], "patients": [9, 1, 2]})
table = SourcedTable(frame, Provenance((), people=True), counts=("patients",), about=about,
                     counted={"patients": Counted(by=("kind",))})
show_table(release(table), {"kind": "Kind", "patients": "People"}, caption="People by kind")
"""
"""The same of another division of the 12."""
NOBODY = """
import pandas as pd
from pcn_analysis import show_reading
show_reading("A page on nobody.")
"""


@dataclass(frozen=True)
class Pages:
    """A project with small notebooks, and the pages that are made from them."""

    settings: Settings
    said: list[str]

    def job(
        self, name: str, people: dict[str, int] | None = None, *, place: str = "synthetic", network: str = HARBOUR,
        first: str = "", more: str = "",
    ) -> Job:  # fmt: skip
        """A page that shows one table of people, or is on nobody; with code that runs before and after."""
        code = NOBODY if people is None else CODE.format(stem=f"{network} {name}", people=people)
        cells = [new_markdown_cell(f"# {name}"), new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
        path = self.settings.notebooks / f"{name}.ipynb"
        nbformat.write(new_notebook(cells=[*cells, new_code_cell(first + code + more)], metadata=KEPT_METADATA), path)
        return Job(place, network, NAMES[network], Report(name, name.capitalize(), "How many?"))

    def report(self, *jobs: Job) -> dict[str, ledger.Entry]:
        """Make pages in one run; what became of each, by its name."""
        self.said.clear()
        entries = runner.run(sealed(jobs, self.settings), self.settings, say=self.said.append)
        assert len(entries) == len(jobs)
        return {entry.report: entry for entry in entries}

    def page(self, name: str, network: str = HARBOUR) -> Path:
        return self.settings.reports / "synthetic" / network / f"{name}.html"

    def executed(self) -> list[str]:
        """The pages of people whose notebooks were executed, in order."""
        return (self.settings.root / "executed.txt").read_text(encoding="utf-8").splitlines()

    def released(self, network: str = HARBOUR) -> list[Told]:
        return read(self.settings.restricted / "released" / "synthetic" / f"{network}.jsonl")

    def kinds(self, network: str = HARBOUR) -> list[tuple[str, str]]:
        """Of each number in a register, its table and what it tells."""
        return [(one.table, each.kind) for one in self.released(network) for each in one.seen]

    def command(self, *words: str) -> Outcome:
        return run(self.settings.root, *words)

    def failed(self) -> list[str]:
        """What is kept of failures, and of nothing else."""
        return sorted(path.name.rpartition(".")[0] for path in (self.settings.restricted / "failed").iterdir())


@pytest.fixture
def pages(tmp_path: Path, marlhaven: Place, monkeypatch: pytest.MonkeyPatch) -> Pages:
    for name in ("notebooks", "data/processed", "data/restricted", "reports"):
        (tmp_path / name).mkdir(parents=True)
    settings = Settings(tmp_path, jobs=1)
    save_place(marlhaven, settings.processed)
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    return Pages(settings, [])


def test_where_nothing_has_to_be_withheld_each_notebook_is_executed_once_and_all_is_registered(pages: Pages) -> None:
    two = Pages(replace(pages.settings, jobs=2), pages.said)
    entries = two.report(pages.job("91_large", LARGE), pages.job("92_small", SMALL), pages.job("93_nobody"))
    assert {entry.error for entry in entries.values()} == {""}
    assert sorted(pages.executed()) == [f"{HARBOUR} 91_large", f"{HARBOUR} 92_small"]
    assert sorted(one.table for one in pages.released()) == [
        f"{HARBOUR} 91_large, table 1",
        f"{HARBOUR} 92_small, table 1",
    ]
    assert {one.run for one in pages.released()} == {entries["91_large"].run}
    assert pages.said == ["Weighing 2 pages of synthetic together …"]
    assert pages.failed() == []


def test_a_small_number_that_two_pages_give_away_together_is_withheld_before_either_is_out(pages: Pages) -> None:
    entries = pages.report(pages.job("91_whole", WHOLE), pages.job("92_parts", LARGE | SMALL))
    assert {entry.error for entry in entries.values()} == {""}
    [again] = pages.executed()[2:]
    assert [kind for _, kind in pages.kinds()].count("withheld") == 1
    page = pages.page(again.split()[1]).read_text(encoding="utf-8")
    assert "Withheld: a number of any size that is kept back" in page
    assert entries[again.split()[1]].files
    assert pages.said[1:] == [f"1 number withheld; made again: {again}", pages.said[0]]
    audited = pages.command("release", "audit")
    assert audited.code == 0, audited.out
    assert "nothing can be worked out" in audited.out


def test_a_number_that_is_out_from_an_earlier_run_forces_another_to_be_withheld_then_and_later(pages: Pages) -> None:
    whole = pages.job("91_whole", WHOLE)
    pages.report(whole)
    entries = pages.report(whole, pages.job("92_parts", LARGE | SMALL))
    assert [entry.status for entry in entries.values()] == [ledger.UP_TO_DATE, ledger.OK]
    assert pages.executed() == [f"{HARBOUR} 91_whole", *[f"{HARBOUR} 92_parts"] * 2]
    assert pages.kinds()[0] == (f"{HARBOUR} 91_whole, table 1", "rounded")
    assert [kind for name, kind in pages.kinds()[1:]] == ["withheld", "suppressed", "suppressed"]
    pages.report(pages.job("92_parts", LARGE | SMALL, more="# another version"))
    assert pages.executed()[3:] == [f"{HARBOUR} 92_parts"], "what was withheld once is withheld from the start"
    assert pages.said == [], "what tells nothing new need not be weighed"
    assert len(pages.released()) == 2
    pages.report(pages.job("92_parts", LARGE | SMALL, more=KINDS))
    assert pages.executed()[4:] == [f"{HARBOUR} 92_parts"] * 2
    assert [kind for _, kind in pages.kinds()].count("withheld") == 2, "what was withheld stays so beside more"
    assert pages.command("release", "audit").code == 0


def test_a_page_that_cannot_be_mended_fails_alone_and_its_earlier_version_stays(pages: Pages) -> None:
    pages.report(pages.job("91_known", WHOLE | LARGE), pages.job("92_small"))
    before = pages.page("92_small").read_bytes()
    others = pages.job("93_other", {"everyone": 90, "a": 60}, network=PRIORY), pages.job("94_nobody")
    entries = pages.report(pages.job("92_small", SMALL), *others)
    assert {name: entry.status for name, entry in entries.items()} == {
        "92_small": ledger.FAILED, "93_other": ledger.OK, "94_nobody": ledger.OK,
    }  # fmt: skip
    assert "a small count could be worked out" in entries["92_small"].error
    assert pages.page("92_small").read_bytes() == before
    assert pages.page("93_other", PRIORY).exists()
    assert [one.table for one in pages.released()] == [f"{HARBOUR} 91_known, table 1"]
    assert [one.table for one in pages.released(PRIORY)] == [f"{PRIORY} 93_other, table 1"]
    assert pages.failed() == [f"synthetic_{HARBOUR}_92_small"]
    [kept] = (pages.settings.restricted / "failed").iterdir()
    files = [f"92_small.{kind}" for kind in ("csv", "html", "ipynb", "xlsx")]
    assert sorted(path.name for path in kept.iterdir()) == [*files, "traceback.txt"]
    assert pages.command("release", "audit").code == 0


def test_where_nothing_can_be_weighed_pages_on_nobody_leave_and_no_other_of_that_place(pages: Pages) -> None:
    register = pages.settings.restricted / "released" / "synthetic" / f"{PRIORY}.jsonl"
    register.parent.mkdir(parents=True)
    register.write_text('{"table": "cut sh', encoding="ascii")
    save_place(replace(load_place(pages.settings.processed / "synthetic"), slug="elsewhere"), pages.settings.processed)
    elsewhere = pages.job("93_large", LARGE, place="elsewhere")
    entries = pages.report(pages.job("91_whole", WHOLE), pages.job("92_nobody"), elsewhere)
    assert {name: entry.status for name, entry in entries.items()} == {
        "91_whole": ledger.FAILED, "92_nobody": ledger.OK, "93_large": ledger.OK,
    }  # fmt: skip
    assert "1 of 1 lines of the release register are damaged" in entries["91_whole"].error
    assert not pages.page("91_whole").exists()
    assert pages.released() == []


def test_a_page_that_still_shows_what_it_has_to_withhold_fails(pages: Pages) -> None:
    pages.report(pages.job("91_whole", WHOLE))
    deaf = pages.job("92_parts", LARGE | SMALL, first='import os\nos.environ.pop("PCN_ANALYSIS_WITHHELD")')
    entries = pages.report(deaf)
    assert "what it has to withhold is still on it" in entries["92_parts"].error
    assert not pages.page("92_parts").exists()
    assert [one.table for one in pages.released()] == [f"{HARBOUR} 91_whole, table 1"]


def test_a_page_with_a_count_of_which_it_is_not_said_whom_it_counts_fails(pages: Pages) -> None:
    silent = "from dataclasses import replace\nrelease(replace(table, counted={}))"
    entries = pages.report(pages.job("91_silent", LARGE, more=silent), pages.job("92_large", LARGE))
    assert "column patients: it is not said whom it counts" in entries["91_silent"].error
    assert entries["92_large"].error == ""


def test_a_page_that_fails_when_it_is_made_again_stops_no_other(pages: Pages) -> None:
    pages.report(pages.job("91_whole", WHOLE))
    once = pages.job("92_parts", LARGE | SMALL, more='assert "<NA>" not in str(release(table).frame.iloc[0])')
    entries = pages.report(once, pages.job("93_other", {"everyone": 90}, network=PRIORY))
    assert {name: entry.error for name, entry in entries.items()} == {
        "92_parts": "AssertionError in cell 3", "93_other": "",
    }  # fmt: skip
    assert [one.table for one in pages.released()] == [f"{HARBOUR} 91_whole, table 1"]
    assert pages.failed() == [f"synthetic_{HARBOUR}_92_parts"]


def test_a_run_that_is_stopped_before_pages_are_out_leaves_nothing_of_them(pages: Pages) -> None:
    def stop(_: str) -> None:
        raise KeyboardInterrupt

    [job] = sealed([pages.job("91_whole", WHOLE)], pages.settings)
    with pytest.raises(KeyboardInterrupt):
        runner.run([job], pages.settings, say=stop)
    assert not pages.page("91_whole").exists()
    assert pages.released() == []
    assert pages.failed() == []
