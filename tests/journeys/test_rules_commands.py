"""Models from the command line: their faults, what a reviewer's change to one does, and pages to sign."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from test_bad_input import Outcome, new_project, refuses, run

from pcn_analysis.anticipatory.cohorts import COHORTS
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.prepared import save_place
from pcn_analysis.reports.catalogue import Report
from pcn_analysis.reports.changed_cells import ChangedCell, changed_cells
from pcn_analysis.reports.reference import KEPT_METADATA
from pcn_analysis.segmentation.models import MODELS, PUBLISHED, find_model
from pcn_analysis.services.catalogue import SERVICES
from pcn_analysis.settings import Settings
from pcn_analysis.synthetic.place import invent_place

pytestmark = pytest.mark.journey

SYSTEM_P = Path(str(PUBLISHED)) / "system_p.yaml"
COHORT = Path(__file__).parents[2] / "config" / "cohort_example.yaml"
SMALLEST = ("--place", "synthetic", "--pcn", "U00005", "--people", "synthetic")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which the invented place has been prepared."""
    folder = new_project(tmp_path_factory.mktemp("rules") / "root")
    save_place(invent_place(), folder / "data" / "processed")
    return folder


def edited(target: Path, within: str, before: str, after: str, *, count: int = 1) -> Path:
    """A copy of System P in which one thing is changed, in the element or segment that a text is of."""
    text = SYSTEM_P.read_text(encoding="utf-8")
    start = text.index(within)
    assert before in text[start:]
    target.write_text(text[:start] + text[start:].replace(before, after, count), encoding="utf-8")
    return target


# -- lint --------------------------------------------------------------------------------------------------


def test_the_faults_of_a_published_model_are_listed_by_kind_and_are_no_failure(root: Path) -> None:
    ended = run(root, "rules", "lint", "snee_published")
    assert ended.code == 0, ended.err
    first, *lines = ended.out.splitlines()
    assert re.match(r"snee_published: .* \(published\)\. \d+ faults: 1 unreachable, .*\.$", first)
    assert "  unreachable: Feel well, Anxiety: everyone who meets it is in Stay well, of higher priority" in lines
    kinds = [line.split(":")[0] for line in lines]
    assert kinds == sorted(kinds, key=list(dict.fromkeys(kinds)).index)


def test_a_mended_model_says_where_the_faults_of_the_publication_are(root: Path) -> None:
    assert "`pcn-analysis rules lint snee_published`" in run(root, "rules", "lint", "snee").out


def test_every_model_and_cohort_of_ours_can_be_linted_and_has_nothing_to_mend(root: Path) -> None:
    ended = run(root, "rules", "lint")
    assert ended.code == 0, ended.out + ended.err
    told = [line.split(":")[0] for line in ended.out.splitlines() if re.match(r"\w+: ", line)]
    assert told == [*MODELS, *COHORTS]


def test_the_faults_of_a_cohort_are_listed_with_its_step(root: Path) -> None:
    ended = run(root, "rules", "lint", "carers")
    assert (ended.code, ended.err) == (0, "")
    first, fault = ended.out.splitlines()
    assert first == "carers: Carers (cohort). 1 fault: 1 no codelist."
    assert fault.startswith("  no codelist: Has not declined the offer, Has not declined the offer: not held: ")


def test_a_cohort_of_ones_own_with_a_mistake_fails(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    again = "  - {step: Aged 16 or over, when: {number: age, at_least: 16}}\n"
    file.write_text(COHORT.read_text(encoding="utf-8"), encoding="utf-8")
    assert run(root, "rules", "lint", file).code == 0
    file.write_text(
        COHORT.read_text(encoding="utf-8").replace("  - step: Lives", f"{again}  - step: Lives"), encoding="utf-8"
    )
    ended = run(root, "rules", "lint", file)
    assert ended.code == 1
    where = "Aged 16 or over, Aged 16 or over"
    assert f"  takes nobody out: {where}: whoever came through the steps above meets it" in ended.out
    assert ended.err.startswith("1 fault to mend")


def test_what_is_wrong_in_the_file_of_a_cohort_is_told_as_of_a_cohort(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(COHORT.read_text(encoding="utf-8").replace("\ntitle:", "\nname:"), encoding="utf-8")
    said = "does not say its title. Compare with config/cohort_example.yaml"
    refuses(root, "rules", "lint", file, says=(said, "name says nothing here"))


def test_a_model_of_ones_own_with_a_mistake_fails(root: Path, tmp_path: Path) -> None:
    file = edited(tmp_path / "mine.yaml", "variant:", "variant: corrected", "variant: own")
    assert run(root, "rules", "lint", file).code == 0
    again = "      - {element: Dementia again, when: {recorded: dementia}}\n"
    file = edited(tmp_path / "mine.yaml", "  - segment: LTCs", "    elements:\n", f"    elements:\n{again}")
    ended = run(root, "rules", "lint", file)
    assert ended.code == 1
    assert "  unreachable: LTCs, Dementia again: everyone who meets it is in Frailty/Dementia" in ended.out
    assert ended.err.startswith("1 fault to mend")


def test_a_model_or_cohort_that_is_not_there_is_told(root: Path) -> None:
    refuses(root, "rules", "lint", "sne", says=("there is none called sne. Did you mean snee",))
    refuses(root, "rules", "lint", "carer", says=("there is none called carer. Did you mean carers",))


# -- diff --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reviewed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A reviewer copies System P, lets cancer count for one year instead of two, and asks what that does."""
    file = tmp_path_factory.mktemp("review") / "mine.yaml"
    edited(file, "element: Cancer in the last two years", "within_months: 24", "within_months: 12")
    return run(root, "rules", "diff", "system_p", file, *SMALLEST)


def test_a_reviewer_who_changes_one_threshold_is_told_which_rule_differs(reviewed: Outcome) -> None:
    assert reviewed.code == 0, reviewed.err
    first, rule = reviewed.out.splitlines()[:2]
    assert re.match(r"system_p → .*mine\.yaml: 1 rule differs\.$", first)
    assert rule.startswith("  Cancer, Cancer in the last two years: asks: cancer")
    assert "in the 24 months before the index date → " in rule
    assert rule.endswith("in the 12 months before the index date")


def test_the_reviewer_is_told_who_moves_and_for_which_element_in_rounded_counts(reviewed: Outcome) -> None:
    assert "SYNTHETIC PEOPLE: Old Priory PCN, 1 July 2026:\n" in reviewed.out
    assert re.search(r"^  \d+ of 1\d,\d{3} move \(0\.\d%\)\.$", reviewed.out, flags=re.MULTILINE)
    moves = re.findall(r"^  (\S.*) → (.*): (\d+|1 to 7, not shown)$", reviewed.out, flags=re.MULTILINE)
    assert {segment for segment, _, _ in moves} == {"Cancer"}
    assert "LTCs" in {following for _, following, _ in moves}
    behind = re.findall(r"^    (.*): (?:\d+|1 to 7, not shown)$", reviewed.out, flags=re.MULTILINE)
    assert set(behind) == {"no longer met: Cancer, Cancer in the last two years"}
    counts = [int(number.replace(",", "")) for number in re.findall(r": ([\d,]+)$", reviewed.out, flags=re.MULTILINE)]
    assert counts
    assert all(number % 5 == 0 and number >= 8 for number in counts)


def test_the_reviewer_is_told_which_cells_of_the_notebook_change(reviewed: Outcome) -> None:
    assert re.search(r"^02_segmentation: \d+ cells change\.$", reviewed.out, flags=re.MULTILINE)
    cells = dict(re.findall(r"^  cell \d+, ([^:]*): (.*)$", reviewed.out, flags=re.MULTILINE))
    assert "table" in cells["How many people are in each segment?"]
    assert "Why are they there?" in cells
    sentences = re.findall(r"^    (was|is): (.+)$", reviewed.out, flags=re.MULTILINE)
    assert [when for when, _ in sentences] == ["was", "is"] * (len(sentences) // 2) != []
    assert all(before != after for (_, before), (_, after) in zip(sentences[::2], sentences[1::2], strict=True))
    assert not {"Who are these people?", "How often were they seen in the last year?", "Method and sources"} & set(
        cells
    )


def test_nothing_of_a_review_is_left_behind(root: Path, reviewed: Outcome) -> None:
    assert list((root / "data" / "restricted" / "failed").iterdir()) == []
    assert not (root / "reports").exists() or list((root / "reports").iterdir()) == []


def test_two_different_models_are_crossed_and_their_agreement_is_told(root: Path, reviewed: Outcome) -> None:
    ended = run(root, "rules", "diff", "system_p", "snee", *SMALLEST)
    assert ended.code == 0, ended.err
    assert re.search(r"Adjusted Rand index 0\.\d\d ", ended.out)
    assert re.search(r"^  Frailty/Dementia \| Age well: [\d,]+$", ended.out, flags=re.MULTILINE)
    assert "cell" not in ended.out


def test_without_people_only_the_rules_are_compared(root: Path) -> None:
    ended = run(root, "rules", "diff", "system_p", "system_p")
    assert ended.out == "system_p → system_p: 0 rules differ.\n"


def test_sources_of_elements_that_differ_are_counted_and_not_named_one_by_one(root: Path) -> None:
    wording = run(root, "rules", "diff", "system_p", "system_p_published").out.splitlines()[-1]
    assert re.search(r"; what \d\d elements name as source\.$", wording)
    assert wording.count("(source)") == 1, "that of the model"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_a_file_is_held_against_itself_in_a_revision_of_git(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    shutil.copyfile(SYSTEM_P, file)
    who = ("-c", "user.name=A reviewer", "-c", "user.email=reviewer@example.org")
    for words in (("init", "--quiet"), ("add", "mine.yaml"), (*who, "commit", "--quiet", "--message", "As it was")):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    edited(file, 'Complex Lives: frequent A&E attendance"\n        when', "at_least: 20", "at_least: 10")
    since = run(root, "rules", "diff", file, "--since", "HEAD")
    assert since.code == 0, since.err
    assert "mine.yaml: 1 rule differs.\n" in since.out
    assert "20 or more → " in since.out
    assert run(root, "rules", "diff", f"{file}@HEAD", file).out == since.out
    lists = f"`git -C {tmp_path} log --oneline -- mine.yaml` lists those that changed it"
    refuses(
        root, "rules", "diff", file, "--since", "HEAD~9", says=(f"mine.yaml: git knows no revision HEAD~9. {lists}",)
    )
    logged = subprocess.run(lists.split("`")[1].split(), cwd=root, capture_output=True, text=True, check=True)
    assert logged.stdout.endswith("As it was\n"), "the command works from any folder"
    other = shutil.copyfile(SYSTEM_P, tmp_path / "other.yaml")
    refuses(root, "rules", "diff", other, "--since", "HEAD", says=("other.yaml: is not in the revision HEAD",))


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_the_page_of_a_file_in_a_branch_is_called_as_the_file(root: Path, tmp_path: Path) -> None:
    shutil.copyfile(SYSTEM_P, tmp_path / "mine.yaml")
    who = ("-c", "user.name=A reviewer", "-c", "user.email=reviewer@example.org")
    last = (("add", "mine.yaml"), (*who, "commit", "--quiet", "--message", "As it was"), ("branch", "origin/v1.0"))
    for words in (("init", "--quiet"), *last):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    ended = run(root, "rules", "document", f"{tmp_path / 'mine.yaml'}@origin/v1.0", "--to", tmp_path / "pages")
    assert ended.code == 0, ended.err
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["mine.md"]


def test_a_file_outside_git_and_options_without_effect_are_told(root: Path, tmp_path: Path) -> None:
    file = shutil.copyfile(SYSTEM_P, tmp_path / "mine.yaml")
    refuses(root, "rules", "diff", file, "--since", "HEAD", says=("mine.yaml: does not lie in a git repository",))
    refuses(root, "rules", "diff", "system_p", says=("needs a second model or a revision",))
    refuses(root, "rules", "diff", "system_p", "snee", "--pcn", "U00005", says=("--pcn: has no effect without",))
    refuses(root, "rules", "diff", "system_p", "snee", "--place", "synthetic", says=("--pcn: .* has 5 networks",))


# -- document ----------------------------------------------------------------------------------------------


def test_pages_to_sign_are_written_for_every_model_or_for_one_of_ones_own(root: Path, tmp_path: Path) -> None:
    ended = run(root, "rules", "document")
    assert ended.out == (
        f"Wrote {len(MODELS)} pages to docs/rules.\nWrote {len(COHORTS)} pages to docs/rules/cohorts.\n"
        f"Wrote {len(SERVICES)} pages to docs/rules/services.\n"
    )
    rules = root / "docs" / "rules"
    for folder, stems in ((rules, MODELS), (rules / "cohorts", COHORTS), (rules / "services", SERVICES)):
        assert {path.name for path in folder.glob("*.md")} == {"README.md", *(f"{stem}.md" for stem in stems)}
    file = shutil.copyfile(SYSTEM_P, tmp_path / "mine.yaml")
    assert run(root, "rules", "document", file, "--to", tmp_path / "pages").code == 0
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["mine.md"]


# -- cells -------------------------------------------------------------------------------------------------


def tiny_report(root: Path, *cells: str) -> Report:
    """A report whose notebook takes a model and has some cells, each below a heading of its own."""
    notebook = nbformat.v4.new_notebook(metadata=KEPT_METADATA)
    notebook.cells = [nbformat.v4.new_code_cell('model_name: str = "none"', metadata={"tags": ["parameters"]})]
    for number, source in enumerate(cells, 2):
        notebook.cells += [nbformat.v4.new_markdown_cell(f"## Number {number}"), nbformat.v4.new_code_cell(source)]
    nbformat.write(notebook, root / "notebooks" / "09_tiny.ipynb")
    return Report("09_tiny", "Tiny", "Which cells change?")


SHOW = "from pcn_analysis.display.output import show_html\nshow_html({}, 'show_reading', 'a sentence')"


def test_a_cell_that_says_only_another_title_has_not_changed(root: Path) -> None:
    report = tiny_report(
        root, SHOW.format("f'People by segment of {model_name}'"), SHOW.format("f'{len(model_name)} people'"), "1 + 1"
    )
    titles = ("Ours", "Ours & theirs")
    models = [(title, replace(find_model("system_p"), title=title)) for title in titles]
    found = changed_cells(report, models, {"place": "synthetic"}, Settings(root))
    assert found == [ChangedCell("09_tiny", 3, "Number 3", ("sentence",), ("4 people", "13 people"))]


def test_a_notebook_that_fails_under_a_model_is_told_without_what_it_held(root: Path) -> None:
    report = tiny_report(root, "raise ValueError('SECRETPERSON')")
    models = [(name, find_model(name)) for name in ("system_p", "snee")]
    with pytest.raises(PcnAnalysisError) as raised:
        changed_cells(report, models, {}, Settings(root))
    assert re.match(r"09_tiny: fails: .*ValueError in cell \d", str(raised.value))
    assert "SECRETPERSON" not in str(raised.value)
