"""What can be downloaded: the files of each vintage, their publishers and their addresses.

The catalogue is data, in ``catalogue.toml`` beside this module. A project whose publishers have moved something
says so in ``config/downloads.toml``::

    [files.practice-map-2026-07]        # what differs: url, page, link, where or sha256
    url = "https://files.digital.nhs.uk/98/8142DB/gp-reg-pat-prac-map.zip"

    [transfer]                          # as in Limits
    read_seconds = 120
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pcn_analysis.downloads.web import Limits
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem

CATALOGUE = Path(__file__).with_name("catalogue.toml")
OVERRIDES = "config/downloads.toml"
"""Where a project says that something has moved."""
SIDECAR = ".source.json"
"""Ending of the note beside a file that says where it came from."""
ENDINGS = (".csv", ".zip", ".parquet", ".geojson", ".gpkg")
"""What the name of a published file ends in; what else lies beside it is passed over, as the readers do."""
MAY_DIFFER = ("url", "page", "link", "where", "sha256")
"""What a project may say of a file."""
LIMITS = [one.name for one in fields(Limits)]


@dataclass(frozen=True)
class Download:
    """A published file, and where its publisher keeps it; ``catalogue.toml`` explains each field."""

    name: str
    vintages: tuple[str, ...]
    title: str
    publisher: str
    period: str
    licence: str
    attribution: str
    saved_as: str
    patterns: tuple[str, ...]
    original: str
    kind: str
    page: str
    url: str = ""
    link: str = ""
    where: str = "1=1"
    member: str = ""
    columns: tuple[str, ...] = ()
    sha256: str = ""
    optional: bool = False

    def found(self, folder: Path) -> list[Path]:
        """Files of a folder that fit the file's name patterns, fetched or put there by hand."""
        fitting = {path for pattern in self.patterns for path in folder.glob(pattern) if path.is_file()}
        return sorted(path for path in fitting if path.suffix.lower() in ENDINGS)


@dataclass(frozen=True)
class Catalogue:
    """Every file that can be downloaded, and how far a download may go.

    Parameters
    ----------
    downloads
        In the order of the catalogue.
    limits
        Patience and largest size.
    """

    downloads: tuple[Download, ...]
    limits: Limits = field(default_factory=Limits)

    def of_vintage(self, vintage: str) -> list[Download]:
        """Files that a vintage needs, and those that it can use.

        Raises
        ------
        PcnAnalysisError
            If there is no such vintage.

        Examples
        --------
        >>> len(load_catalogue().of_vintage("2023-07"))
        5
        """
        known = {one for download in self.downloads for one in download.vintages}
        if vintage not in known:
            raise problem("--vintage", f"there is no vintage {vintage!r}", nearest(vintage, known))
        return [download for download in self.downloads if vintage in download.vintages]

    def named(self, names: list[str]) -> list[Download]:
        """Files by the names of the catalogue, or by those that they are saved under.

        Raises
        ------
        PcnAnalysisError
            With one problem for each unknown name.
        """
        known = {download.name: download for download in self.downloads}
        known |= {download.saved_as: download for download in self.downloads}
        unknown = [name for name in names if name not in known]
        if unknown:
            shown = [download.name for download in self.downloads]
            raise PcnAnalysisError(
                *(Problem(name, "there is no such file in the catalogue", nearest(name, shown)) for name in unknown)
            )
        return list(dict.fromkeys(known[name] for name in names))


def load_catalogue(overrides: Path | None = None) -> Catalogue:
    """Load the catalogue, with what a project says of moved files where it says so.

    Parameters
    ----------
    overrides
        ``config/downloads.toml`` of the project; it need not exist.

    Raises
    ------
    PcnAnalysisError
        If that file is no valid TOML, or names a file or an entry that there is not.
    """
    values = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    publishers = values["publishers"]
    downloads = tuple(_download(entry, publishers[entry["by"]]) for entry in values["file"])
    catalogue = Catalogue(downloads)
    return _with_overrides(catalogue, overrides) if overrides and overrides.exists() else catalogue


def _download(entry: dict[str, Any], publisher: dict[str, str]) -> Download:
    values: dict[str, Any] = {name: value for name, value in (publisher | entry).items() if name != "by"}
    for name in ("vintages", "patterns", "columns"):
        values[name] = tuple(values.get(name, ()))
    return Download(**values)


def _with_overrides(catalogue: Catalogue, path: Path) -> Catalogue:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise problem(path.name, "not valid TOML", "See docs/decisions/0018-open-data-downloads.md.") from error
    files, transfer = values.pop("files", {}), values.pop("transfer", {})
    problems = [Problem(path.name, f"unknown entry {name!r}", nearest(name, ["files", "transfer"])) for name in values]
    known = [download.name for download in catalogue.downloads]
    if not isinstance(files, dict) or not all(isinstance(entry, dict) for entry in files.values()):
        problems.append(Problem(path.name, "files holds something else than a table each", "Write [files.NAME]."))
        files = {}
    for name, entry in files.items():
        if name not in known:
            problems.append(Problem(path.name, f"there is no file {name!r} in the catalogue", nearest(name, known)))
        problems += _wrong(path, name, entry, dict.fromkeys(MAY_DIFFER, str))
    numbers = dict.fromkeys(LIMITS, (int, float))
    problems += _wrong(path, "transfer", transfer if isinstance(transfer, dict) else {"transfer": ""}, numbers)
    if problems:
        raise PcnAnalysisError(*problems)
    downloads = tuple(_moved(download, files.get(download.name, {})) for download in catalogue.downloads)
    return Catalogue(downloads, replace(catalogue.limits, **transfer))


def _wrong(path: Path, table: str, entry: dict[str, Any], kinds: dict[str, Any]) -> list[Problem]:
    """Entries of a table that are unknown, wrongly typed, or not above 0."""
    problems = []
    for name, value in entry.items():
        where = f"{path.name}, {table}"
        if name not in kinds:
            problems.append(Problem(where, f"unknown entry {name!r}", nearest(name, kinds)))
        elif not isinstance(value, kinds[name]) or isinstance(value, bool):
            problems.append(Problem(where, f"{name} has the wrong type of value", "Write text or a number."))
        elif not isinstance(value, str) and value <= 0:
            problems.append(Problem(where, f"{name} is not above 0", "Write a number above 0."))
    return problems


def _moved(download: Download, entry: dict[str, Any]) -> Download:
    """Say of a file what the project says; one of a publication page that is given an address needs no page."""
    kind = "direct" if download.kind == "page" and "url" in entry else download.kind
    return replace(download, kind=kind, **entry)
