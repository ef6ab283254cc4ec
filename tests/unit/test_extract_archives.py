"""A zip that somebody sent: what is in it lands inside the folder, or nothing of it is used."""

import struct
import zipfile

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import archives
from pcn_analysis.extracts.archives import unpacked

pytestmark = pytest.mark.unit


def zipped(path, *members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def refusal(path, target):
    """What is said where a zip is refused; None where it is unpacked."""
    try:
        unpacked(path, target)
    except PcnAnalysisError as error:
        return str(error)
    return None


def everything(folder):
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def test_folders_in_a_zip_are_kept(tmp_path):
    path = zipped(tmp_path / "a.zip", ("persons.csv", "x"), ("sub/more.csv", "y"), ("empty/", ""))
    target = unpacked(path, tmp_path / "out")
    assert everything(target) == ["persons.csv", "sub/more.csv"]
    assert (target / "sub" / "more.csv").read_text() == "y"


@pytest.mark.parametrize("name", ["../x.csv", "a/../../x.csv", "/etc/x.csv", "..\\x.csv", "\\x.csv", "C:\\x.csv",
                                  "c:x.csv", "a/..", "\\\\server\\x.csv"])  # fmt: skip
def test_a_name_outside_the_folder_is_refused_before_anything_is_written(tmp_path, name):
    path = zipped(tmp_path / "a.zip", ("good.csv", "x"), (name, "y"))
    with pytest.raises(PcnAnalysisError, match="1 file named so as to lie outside the folder"):
        unpacked(path, tmp_path / "out")
    assert everything(tmp_path) == ["a.zip"]


def test_a_link_becomes_a_file_and_links_nowhere(tmp_path):
    (tmp_path / "secret").write_text("secret")
    link = zipfile.ZipInfo("persons.csv")
    link.external_attr = 0o120777 << 16
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, str(tmp_path / "secret"))
    target = unpacked(path, tmp_path / "out")
    assert not (target / "persons.csv").is_symlink()
    assert "secret\n" not in (target / "persons.csv").read_text()


def test_more_than_it_may_hold_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.csv", "x" * 600), ("b.csv", "x" * 600))
    with pytest.raises(PcnAnalysisError, match="unpacks to 1,200 bytes in 2 files, more than it may"):
        unpacked(path, tmp_path / "out", largest=1000)


def test_what_unpacks_to_many_times_its_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "SMALL", 100_000)
    with pytest.raises(PcnAnalysisError, match="more than it may"):
        unpacked(zipped(tmp_path / "a.zip", ("a.csv", "0" * 2_000_000)), tmp_path / "out")


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    with pytest.raises(PcnAnalysisError, match="in 3 files"):
        unpacked(zipped(tmp_path / "a.zip", *((f"{row}.csv", "") for row in range(3))), tmp_path / "out")


def test_a_file_that_is_larger_than_the_zip_says_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.csv", "x" * 5000))
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 5000), struct.pack("<I", 10)))
    with pytest.raises(PcnAnalysisError, match=r"larger than the zip says|damaged"):
        unpacked(path, tmp_path / "out")
    assert all(one.stat().st_size <= 11 for one in (tmp_path / "out").rglob("*.csv"))


def test_every_truncation_and_damage_is_one_line(tmp_path):
    whole = zipped(tmp_path / "whole.zip", ("a.csv", "abc,def\n" * 100), ("b.csv", "y" * 50)).read_bytes()
    refused = 0
    for at in range(0, len(whole), 3):
        for content in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            path = tmp_path / "broken.zip"
            path.write_bytes(content)
            said = refusal(path, tmp_path / f"out{at}")
            refused += said is not None
            assert said is None or (said.startswith("broken.zip: ") and "\n" not in said)
    assert refused > len(whole) // 3


def test_a_locked_zip_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.csv", "x"))
    content = bytearray(path.read_bytes())
    for at in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[at] |= 1
    path.write_bytes(content)
    with pytest.raises(PcnAnalysisError, match="locked"):
        unpacked(path, tmp_path / "out")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.csv", "a.csv"), ("b/a.csv", "b\\a.csv")])
def test_two_files_of_one_name_are_refused(tmp_path, names):
    path = zipped(tmp_path / "a.zip", *((name, "x") for name in names))
    with pytest.raises(PcnAnalysisError, match="two files in it have the same name"):
        unpacked(path, tmp_path / "out")


@pytest.mark.parametrize("names", [("a", "a/b.csv"), ("x" * 300 + ".csv",), ("a\0b.csv", "c.csv")])
def test_names_that_are_not_possible_are_refused_or_made_possible(tmp_path, names):
    path = zipped(tmp_path / "a.zip", *((name, "x") for name in names))
    assert "could not be unpacked" in (refusal(path, tmp_path / "out") or "could not be unpacked")


def test_what_is_no_zip_is_refused(tmp_path):
    (tmp_path / "a.zip").write_text("id,sex\n")
    with pytest.raises(PcnAnalysisError, match="damaged or cut short"):
        unpacked(tmp_path / "a.zip", tmp_path / "out")
