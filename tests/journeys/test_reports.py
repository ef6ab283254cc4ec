"""Reports as they are made: from the command line, in a project of their own, with real kernels."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from html import unescape
from pathlib import Path

import nbformat
import pytest

from pcn_analysis import budget, profile, readings, workforce
from pcn_analysis.network import footprint
from pcn_analysis.place import network_of
from pcn_analysis.prepared import load_place
from pcn_analysis.release import release
from pcn_analysis.reports import ledger
from pcn_analysis.reports.pages import check_page
from pcn_analysis.settings import ROOT_VARIABLE, Settings
from tests.conftest import command, make_project

pytestmark = pytest.mark.journey
NETWORKS = ("U00001", "U00005")
NOTEBOOKS = ("01_population_profile", "04_network_footprint", "13_workforce_and_money")
ON_PEOPLE = tuple(
    f"{name}_SYNTHETIC_PEOPLE"
    for name in (
        "02_segmentation",
        "03_anticipatory_care",
        "05_segment_comparison",
        "06_admission_risk",
        "07_score_agreement",
        "11_service_specifications",
        "12_inequalities",
        "14_team_plan",
    )
)


def page(settings: Settings, code: str, name: str, suffix: str = ".html") -> Path:
    return settings.reports / "synthetic" / code / f"{name}{suffix}"


def first_line_added(settings: Settings, name: str, line: str) -> None:
    """Put a line into the cell after the parameters of a notebook."""
    path = settings.notebooks / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.cell_type == "code" and "parameters" not in c.metadata.get("tags", []))
    cell.source = f"{line}\n{cell.source}"
    nbformat.write(notebook, path)


def test_every_network_has_its_pages_and_stands_in_the_index(pack: Settings) -> None:
    index = (pack.reports / "index.html").read_text(encoding="utf-8")
    for code in NETWORKS:
        for name in (*NOTEBOOKS, *ON_PEOPLE):
            assert page(pack, code, name).exists()
            assert f'href="synthetic/{code}/{name}.html"' in index
    assert "U00003" in index, "a network without pages is still listed"


def test_every_page_says_what_it_is_made_from(pack: Settings) -> None:
    for code in NETWORKS:
        for name in (*NOTEBOOKS, *ON_PEOPLE):
            html = page(pack, code, name).read_text(encoding="utf-8")
            check_page(html, name)
            assert ("SYNTHETIC PEOPLE" in html) is (name in ON_PEOPLE)
            assert '<html lang="en-GB">' in html
            for said in (
                "SYNTHETIC DATA",
                "Marlhaven",
                "1 July 2026",
                "Data vintage",
                "pcn_analysis 0.",
                "Attribution",
            ):
                assert said in html, said
            assert "How this page was made" in html
            assert html.count("<h1") == 1


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Pages of the invented place on all its networks: with no design of others kept, and with one."""
    with pytest.MonkeyPatch.context() as patch:
        settings = make_project(tmp_path_factory.mktemp("whole"), patch)
        assert command("prepare", "--synthetic", root=settings.root).returncode == 0
        asked = ("report", "--place", "synthetic", "--notebook", "08")
        assert command(*asked, root=settings.root).returncode == 0
        page(settings, "ALL", "08_place_networks").rename(settings.root / "before.html")
        design = ("network", "design", "--place", "synthetic", "--networks", "5", "--time-limit", "2")
        assert command(*design, root=settings.root).returncode == 0
        assert command(*asked, "--force", root=settings.root).returncode == 0
    return settings


def test_a_place_has_one_page_on_all_its_networks_and_a_row_for_it_in_the_index(whole: Settings) -> None:
    index = (whole.reports / "index.html").read_text(encoding="utf-8")
    assert "Marlhaven: all networks" in index
    assert index.count('href="synthetic/ALL/08_place_networks.html"') == 1
    check_page(page(whole, "ALL", "08_place_networks").read_text(encoding="utf-8"), "08_place_networks")


def test_the_page_of_a_place_says_how_a_design_is_made_until_one_is_kept(whole: Settings) -> None:
    before = (whole.root / "before.html").read_text(encoding="utf-8")
    after = page(whole, "ALL", "08_place_networks").read_text(encoding="utf-8")
    command_told = "pcn-analysis network design --place Marlhaven --networks 5"
    assert command_told in before
    assert command_told not in after
    assert "These are options for discussion" in after
    assert (before.count("<img"), after.count("<img")) == (5, 7), "the chart of plans and their maps"


def test_executed_notebooks_say_nothing_of_the_machine(pack: Settings) -> None:
    for path in pack.reports.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert str(pack.root) not in text, path.name
            assert "/home/" not in text
    assert not any((pack.restricted / "failed").rglob("*.ipynb"))


def test_sentences_and_numbers_change_with_the_network(pack: Settings) -> None:
    """Each sentence on a page is the reading of that network's own tables, and no other's."""
    place = load_place(pack.processed / "synthetic")
    said = {}
    for code in NETWORKS:
        network = network_of(place, code)

        def out(table):
            return release(table, profile="open_data")

        networks = out(footprint.network_footprints(place))
        said[code] = {
            "01_population_profile": [
                readings.list_size(out(profile.network_sizes(place)), out(profile.practice_lists(network))),
                readings.ages(out(profile.age_groups(network))),
                readings.deprivation(out(profile.core20(network)), out(profile.deprivation(network))),
                readings.prevalence(out(profile.prevalence(network))),
            ],
            "04_network_footprint": [
                readings.at_a_glance(out(footprint.at_a_glance(network))),
                readings.footprint(networks, network.name),
                readings.areas(out(footprint.area_footprint(network))),
                readings.catchments(out(footprint.catchment_map(network))),
                readings.local_authorities(out(footprint.local_authorities(network))),
                readings.coverage(out(footprint.uncovered(network)), out(footprint.outside_networks(network))),
                readings.shared(out(footprint.shared_networks(network))),
                readings.networks_compared(networks, network.name),
            ],
        }
    for name in said[NETWORKS[0]]:
        one, other = (readings_of(pack, code, name) for code in NETWORKS)
        for code, shown in zip(NETWORKS, (one, other), strict=True):
            plain = [text.replace("&amp;", "&") for text in shown]
            assert plain == said[code][name], code
        assert not set(one) & set(other), "no sentence is the same for two networks"


def test_the_page_on_money_and_staff_is_of_its_own_network_and_of_the_contract_year_that_it_names(
    pack: Settings,
) -> None:
    """What is of the contract alone is the same for all networks; what is of a network is its own."""
    place = load_place(pack.processed / "synthetic")
    for code in NETWORKS:
        network = network_of(place, code)
        shown = [unescape(text) for text in readings_of(pack, code, "13_workforce_and_money")]
        roles = release(budget.additional_roles.roles(network, "2025/26"), profile="open_data")
        for said in (
            readings.entitlement(release(budget.entitlement.entitlement(network, "2025/26"))),
            readings.two_years(release(budget.two_years.two_years(network, "2023/24", "2025/26"))),
            readings.additional_roles(roles, "2025/26"),
            readings.role_claims(release(budget.claimed.claimed(network, "2025/26"))),
            readings.staff_by_role(
                release(workforce.supply.fte_by_role(network), profile="open_data"),
                release(workforce.supply.fte_in_all(network), profile="open_data"),
            ),
            readings.role_reliance(release(workforce.reliance.reliance(network), profile="open_data")),
        ):
            assert said in shown, code
    first, second = (readings_of(pack, code, "13_workforce_and_money") for code in NETWORKS)
    assert set(first) & set(second), "roles and the fund are of the contract"
    assert first[0] != second[0]


def readings_of(settings: Settings, code: str, name: str) -> list[str]:
    """The sentences of a page."""
    return re.findall(r'<p class="reading">(.*?)</p>', page(settings, code, name).read_text("utf-8"))


def test_a_second_run_makes_nothing_again(own_pack: Settings) -> None:
    before = {path: path.stat().st_mtime_ns for path in own_pack.reports.rglob("*.html") if path.name != "index.html"}
    again = command("report", "--pcn", "U00001", "--pcn", "U00005", root=own_pack.root)
    assert again.returncode == 0
    assert "0 pages made, 22 up to date, 0 failed." in again.stdout
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_changed_page_is_made_again(own_pack: Settings) -> None:
    page(own_pack, "U00001", NOTEBOOKS[0]).write_text("spoilt", encoding="utf-8")
    done = command("report", "--pcn", "U00001", root=own_pack.root)
    assert "1 pages made, 10 up to date, 0 failed." in done.stdout
    assert "spoilt" not in page(own_pack, "U00001", NOTEBOOKS[0]).read_text(encoding="utf-8")


def test_one_networks_failure_does_not_stop_the_others(own_pack: Settings) -> None:
    settings = own_pack
    good = page(settings, "U00005", NOTEBOOKS[1]).read_text(encoding="utf-8")
    first_line_added(settings, NOTEBOOKS[1], 'assert pcn_code != "U00005", "secret 94347" + "65919"')
    done = command("report", "--pcn", "U00001", "--pcn", "U00005", "--notebook", "04", root=settings.root)
    assert done.returncode == 1
    assert "1 pages made, 0 up to date, 1 failed." in done.stdout
    index = (settings.reports / "index.html").read_text(encoding="utf-8")
    assert "Pages that could not be made when last tried: 1." in index
    assert ">1 of 11 failed<" in index
    assert "failed since; this page is of" in (settings.reports / "synthetic/index.html").read_text(encoding="utf-8")
    assert page(settings, "U00005", NOTEBOOKS[1]).read_text(encoding="utf-8") == good, "the earlier page stays"
    entries = ledger.latest(ledger.read(settings.reports))
    assert entries["synthetic", "U00005", NOTEBOOKS[1]].error == "AssertionError in cell 3"
    assert entries["synthetic", "U00001", NOTEBOOKS[1]].status == ledger.OK
    said = done.stdout + done.stderr + index + (settings.reports / ledger.FILE).read_text(encoding="utf-8")
    assert "9434765919" not in said, "what a cell holds goes nowhere but to data/restricted/"
    [kept] = (settings.restricted / "failed").glob(f"synthetic_U00005_{NOTEBOOKS[1]}.*")
    assert "9434765919" in (kept / "traceback.txt").read_text(encoding="utf-8")


def test_what_was_not_released_and_shown_fails_the_run(project: Settings) -> None:
    first_line_added(project, NOTEBOOKS[0], "print('raw rows 9434765919')")
    assert command("prepare", "--synthetic", root=project.root).returncode == 0
    done = command("report", "--pcn", "U00001", "--notebook", "01", root=project.root)
    assert done.returncode == 1
    assert "1 output of its notebook not shown by show_table, show_figure or their like" in done.stderr
    assert not page(project, "U00001", NOTEBOOKS[0]).exists()
    assert not any("9434765919" in path.read_text("utf-8") for path in project.reports.rglob("*") if path.is_file())


def test_a_figure_without_alt_text_fails_the_run(project: Settings) -> None:
    path = project.notebooks / f"{NOTEBOOKS[0]}.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("alt=alt_text.practice_lists(lists)", "alt=' '"), encoding="utf-8")
    assert command("prepare", "--synthetic", root=project.root).returncode == 0
    done = command("report", "--pcn", "U00001", "--notebook", "01", root=project.root)
    assert done.returncode == 1
    assert "show_figure: the figure has no alt text" in done.stderr
    assert not page(project, "U00001", NOTEBOOKS[0]).exists()


def test_a_cell_that_takes_too_long_is_a_failure(project: Settings) -> None:
    """Papermill marks such a notebook as completed; the ledger does not."""
    (project.root / "config").mkdir()
    (project.root / "config" / "pcn_analysis.toml").write_text("cell_minutes = 0.05\n", encoding="utf-8")
    first_line_added(project, NOTEBOOKS[0], "import time; time.sleep(60)")
    assert command("prepare", "--synthetic", root=project.root).returncode == 0
    done = command("report", "--pcn", "U00001", "--notebook", "01", root=project.root)
    assert done.returncode == 1
    [entry] = ledger.read(project.reports)
    assert (entry.status, entry.error) == (ledger.FAILED, "CellTimeoutError in cell 3")


def test_opening_a_notebook_sets_its_parameters(own_pack: Settings) -> None:
    from pcn_analysis.reports.working import working_copy

    path = working_copy(own_pack, "01", "synthetic", "U00005")
    assert path.is_relative_to(own_pack.notebooks / "working")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    [injected] = [cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])]
    assert 'pcn_code = "U00005"' in "".join(injected["source"])
    assert all(not cell["outputs"] for cell in cells if cell["cell_type"] == "code")
    path.write_text("an analyst's work", encoding="utf-8")
    assert working_copy(own_pack, "01", "synthetic", "U00005").read_text(encoding="utf-8") == "an analyst's work"


def answered(address: str, seconds: int = 20) -> bytes:
    """What a server that is still starting answers, once it does."""
    for _ in range(seconds * 4):
        try:
            with urllib.request.urlopen(address, timeout=seconds) as answer:
                return answer.read()
        except urllib.error.URLError:
            time.sleep(0.25)
    pytest.fail("the server did not answer")


def test_open_starts_jupyterlab_on_that_notebook(own_pack: Settings) -> None:
    """The server that it starts serves the copy, with its parameters, and stops when it is told to."""
    options = ["open", "04", "--place", "synthetic", "--pcn", "U00001", "--no-browser", "--allow-root"]
    with subprocess.Popen(
        [sys.executable, "-m", "pcn_analysis", *options],
        cwd=own_pack.root,
        env={**os.environ, ROOT_VARIABLE: str(own_pack.root)},
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            lines = iter(process.stderr.readline, "")
            address = next(
                found for line in lines if (found := re.search(r"http://127\.0\.0\.1:(\d+)/lab\S*token=(\w+)", line))
            )
            name = "notebooks/working/04_network_footprint_synthetic_U00001.ipynb"
            assert name in address[0]
            contents = f"http://127.0.0.1:{address[1]}/api/contents/{name}?token={address[2]}"
            cells = json.loads(answered(contents))["content"]["cells"]
            assert any('pcn_code = "U00001"' in cell["source"] for cell in cells)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)
