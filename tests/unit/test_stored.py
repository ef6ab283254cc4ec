"""Folders that are stored whole or not at all, however a run ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pcn_analysis import stored
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.stored import BEFORE, clear_leftovers, locked, make_private, recover, replacing, seal

pytestmark = pytest.mark.unit

CLOSE = "Close what uses it."


@pytest.fixture
def target(tmp_path):
    """A folder that holds one older file."""
    folder = tmp_path / "stored"
    folder.mkdir()
    (folder / "older.txt").write_text("older")
    return folder


def held(folder):
    """What a folder holds, and the names beside it."""
    files = {path.name: path.read_text() for path in folder.iterdir()} if folder.exists() else {}
    return files, sorted(path.name for path in folder.parent.iterdir())


def store(target, text="newer"):
    with replacing(target, close=CLOSE) as folder:
        (folder / "newer.txt").write_text(text)


# -- all went well -----------------------------------------------------------------------------------------


def test_newer_takes_the_place_of_older_and_nothing_else_is_left(target):
    store(target)
    assert held(target) == ({"newer.txt": "newer"}, ["stored"])


def test_a_folder_that_does_not_exist_is_made_with_those_above_it(tmp_path):
    target = tmp_path / "people" / "place" / "stored"
    store(target)
    assert held(target) == ({"newer.txt": "newer"}, ["stored"])


def test_what_was_stored_before_stands_until_the_end(target):
    with replacing(target, close=CLOSE) as folder:
        assert list(folder.iterdir()) == []
        assert folder.parent == target.parent
        (folder / "newer.txt").write_text("newer")
        assert held(target)[0] == {"older.txt": "older"}


@pytest.mark.skipif(os.name == "nt", reason="folders have no such permissions there")
def test_only_the_owner_may_look_inside_during_and_after(target):
    target.chmod(0o755)
    with replacing(target, close=CLOSE) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
    assert target.stat().st_mode & 0o777 == 0o700


# -- something failed --------------------------------------------------------------------------------------


def test_a_failure_keeps_the_old_and_leaves_nothing_else(target):
    with pytest.raises(TypeError):
        store(target, text=None)
    assert held(target) == ({"older.txt": "older"}, ["stored"])


def test_a_failure_where_nothing_was_stored_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), replacing(tmp_path / "stored", close=CLOSE):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_being_interrupted_is_a_failure_too(target):
    with pytest.raises(KeyboardInterrupt), replacing(target, close=CLOSE):
        raise KeyboardInterrupt
    assert held(target) == ({"older.txt": "older"}, ["stored"])


def test_a_file_that_is_open_is_told_with_what_to_do(target):
    told = pytest.raises(PcnAnalysisError, match=f"stored: a file of it is open or may not be written. {CLOSE}")
    with told, replacing(target, close=CLOSE):
        raise PermissionError
    assert held(target) == ({"older.txt": "older"}, ["stored"])


@pytest.mark.parametrize("failing", [1, 2], ids=["old aside", "new into place"])
@pytest.mark.parametrize(("error", "told"), [(PermissionError, PcnAnalysisError), (OSError, OSError)])
def test_a_rename_that_fails_keeps_the_old(target, monkeypatch, failing, error, told):
    rename, calls = Path.replace, []

    def rename_or_fail(self, other):
        calls.append((self, other))
        if len(calls) == failing:
            raise error
        return rename(self, other)

    monkeypatch.setattr(Path, "replace", rename_or_fail)
    with pytest.raises(told):
        store(target)
    assert held(target) == ({"older.txt": "older"}, ["stored"])
    store(target)
    assert held(target) == ({"newer.txt": "newer"}, ["stored"])


# -- a process was killed ----------------------------------------------------------------------------------

KILLED = """
import os, sys
from pathlib import Path
from pcn_analysis import stored
rename = Path.replace
def killed(self, other):
    rename(self, other)
    if sys.argv[2] == "between":
        os._exit(9)
Path.replace = killed
with stored.replacing(Path(sys.argv[1]), close="") as folder:
    (folder / "newer.txt").write_text("newer")
    if sys.argv[2] == "writing":
        os._exit(9)
"""


def kill(target, when):
    done = subprocess.run([sys.executable, "-c", KILLED, str(target), when], check=False, timeout=120)
    assert done.returncode == 9
    return held(target)


def test_what_a_killed_process_left_is_removed_by_the_next(target):
    files, beside = kill(target, "writing")
    assert files == {"older.txt": "older"}
    assert len(beside) == 3, "what was written, and the lock that nobody holds any more"
    store(target)
    assert held(target) == ({"newer.txt": "newer"}, ["stored"])


def test_what_was_put_aside_when_killed_between_renames_comes_back(target):
    files, beside = kill(target, "between")
    assert files == {}
    assert f".stored{BEFORE}" in beside
    recover(target)
    assert held(target)[0] == {"older.txt": "older"}


def test_storing_after_being_killed_between_renames_needs_no_other_help(target):
    kill(target, "between")
    store(target)
    assert held(target) == ({"newer.txt": "newer"}, ["stored"])


def test_failing_after_being_killed_between_renames_still_keeps_the_old(target):
    kill(target, "between")
    with pytest.raises(RuntimeError), replacing(target, close=CLOSE):
        raise RuntimeError
    assert held(target) == ({"older.txt": "older"}, ["stored"])


def test_what_is_older_still_is_not_put_back_over_the_newer(target):
    aside = target.with_name(f".stored{BEFORE}")
    aside.mkdir()
    (aside / "oldest.txt").write_text("oldest")
    recover(target)
    assert held(target)[0] == {"older.txt": "older"}
    store(target)
    assert held(target) == ({"newer.txt": "newer"}, ["stored"])


def test_folders_of_others_are_left_alone(target):
    for name in (".stored-too.123", ".other.123", "stored.123", ".stored.notes"):
        (target.parent / name).mkdir()
    store(target)
    assert held(target)[1] == [".other.123", ".stored-too.123", ".stored.notes", "stored", "stored.123"]


def test_nothing_to_put_back_is_no_error(tmp_path):
    recover(tmp_path / "stored")
    assert list(tmp_path.iterdir()) == []


# -- two runs at once --------------------------------------------------------------------------------------

POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
HOLDING = """
import sys
from pathlib import Path
from pcn_analysis.stored import replacing
with replacing(Path(sys.argv[1]), close="") as folder:
    (folder / "first.txt").write_text("first")
    print("holding", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(stored, "WAIT", 0.1)


@pytest.fixture
def another(target):
    """Another process that stores the same; it ends when it is told to."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()


def test_a_second_run_is_told_to_wait_and_harms_the_first_in_nothing(target, another, impatient):
    with pytest.raises(PcnAnalysisError, match=r"^stored: another run is storing it\. Wait for that run to end"):
        store(target)
    recover(target)
    clear_leftovers(target.parent)
    another.communicate("\n", timeout=60)
    assert another.returncode == 0
    assert held(target) == ({"first.txt": "first"}, ["stored"])


def test_a_second_run_that_waits_long_enough_stores_after_the_first(target, another):
    another.stdin.write("\n")
    another.stdin.flush()
    store(target)
    assert held(target) == ({"newer.txt": "newer"}, ["stored"])


def test_a_run_that_is_killed_holds_nothing_any_more(target, another, impatient):
    another.kill()
    another.wait()
    store(target)
    assert held(target) == ({"newer.txt": "newer"}, ["stored"])


def test_a_reader_between_the_two_renames_leaves_the_writer_alone(target, monkeypatch, impatient):
    rename = Path.replace

    def rename_while_someone_reads(self, other):
        rename(self, other)
        if self == target:
            recover(target)

    monkeypatch.setattr(Path, "replace", rename_while_someone_reads)
    store(target)
    assert held(target) == ({"newer.txt": "newer"}, ["stored"])


def test_what_killed_runs_left_is_cleared_at_any_depth_and_nothing_else(tmp_path):
    people = tmp_path / "people" / "place"
    for name in ("pcn_code=U1", ".pcn_code=U1.77", ".pcn_code=U2.before", ".notes", ".busy.88"):
        (people / name).mkdir(parents=True)
    (people / ".pcn_code=U1.lock").touch()
    with locked(people / "busy"):
        clear_leftovers(tmp_path)
        names = sorted(path.name for path in people.iterdir())
    assert names == [".busy.88", ".busy.lock", ".notes", "pcn_code=U1", "pcn_code=U2"]


def test_what_begins_alike_is_not_taken_for_a_leftover(target):
    (target.parent / ".stored.1.123").mkdir()
    store(target)
    assert held(target)[1] == [".stored.1.123", "stored"]


# -- for the owner only ------------------------------------------------------------------------------------


def modes(folder):
    return {oct(path.stat().st_mode & 0o777) for path in (folder, *folder.rglob("*")) if path.is_dir()}, {
        oct(path.stat().st_mode & 0o777) for path in folder.rglob("*") if path.is_file()
    }


@POSIX
def test_what_is_private_is_closed_on_every_level_also_where_it_was_open_before(tmp_path):
    people = tmp_path / "people"
    before = people / "place" / "records" / "pcn_code=U1"
    before.mkdir(parents=True)
    (before / "persons.parquet").touch(mode=0o644)
    with replacing(people / "place" / "synthetic" / "pcn_code=U2", close=CLOSE, private=people) as folder:
        (folder / "persons.parquet").touch(mode=0o644)
        assert modes(people)[0] == {"0o700"}
    assert modes(people) == ({"0o700"}, {"0o600"})


@POSIX
def test_links_are_not_followed_to_what_lies_elsewhere(tmp_path):
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.touch()
    elsewhere.chmod(0o644)
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "link").symlink_to(elsewhere)
    make_private(tmp_path / "people")
    assert elsewhere.stat().st_mode & 0o777 == 0o644


# -- the seal ----------------------------------------------------------------------------------------------


def test_a_seal_changes_with_everything_that_is_written_and_with_nothing_else():
    facts = {"name": "Marlhaven", "covered": ["asthma", "copd"], "provenance": {"people": True}}
    same = {"provenance": {"people": True}, "covered": ["asthma", "copd"], "name": "Marlhaven", "seal": "any"}
    assert seal(facts) == seal(same)
    assert len(seal(facts)) == 64
    others = [
        facts | {"name": "Oldmoor"},
        facts | {"covered": ["copd", "asthma"]},
        facts | {"provenance": {"people": False}},
        facts | {"more": None},
        {name: value for name, value in facts.items() if name != "covered"},
    ]
    assert len({seal(facts), *map(seal, others)}) == 6


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    target = tmp_path / "told.json"
    for text in ("first", "second"):
        with stored.replacing_file(target) as aside:
            aside.write_text(text)
        assert target.read_text() == text
    with pytest.raises(UnicodeEncodeError), stored.replacing_file(target) as aside:
        aside.write_text("half \udce9", encoding="utf-8")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("told.json", "second")]
