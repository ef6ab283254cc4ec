"""An ArcGIS layer, asked for page by page and written as one file.

A layer of areas becomes GeoJSON in EPSG:4326; a table without geometry becomes CSV with the publisher's column names.
Rows are counted against what the service says that there are, and none may come twice.
"""

from __future__ import annotations

import csv
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from pcn_analysis.exceptions import PcnAnalysisError, nearest, problem
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pcn_analysis.downloads.catalogue import Download
    from pcn_analysis.downloads.transfer import Seen
    from pcn_analysis.downloads.web import Web

PAGE = 2000
"""Rows asked for at once; a service may give fewer."""
AGAIN = "Try again later; if it lasts, the layer is being changed."


class LayerPages:
    """A downloader for Pooch that pages through a layer; it begins anew when it was interrupted.

    Parameters
    ----------
    web
        The door to the network.
    download
        The layer wanted.
    seen
        Called with the bytes that have come.
    """

    def __init__(self, web: Web, download: Download, seen: Seen):
        self.facts: dict[str, str] = {}
        self._web, self._download, self._seen, self._come = web, download, seen, 0

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:  # noqa: ARG002 - as Pooch calls it
        """Write every row of a layer into a file.

        Raises
        ------
        PcnAnalysisError
            If there is no such layer, or rows are missing or come twice.
        """
        expected = self._ask(url, returnCountOnly="true", f="json").get("count")
        if not isinstance(expected, int) or not expected:
            raise problem(self._download.saved_as, f"{url} says that it holds no rows", "Check the layer's address.")
        features = self._features(url, expected)
        self._check(features, expected)
        if self._download.saved_as.endswith(".csv"):
            _write_csv(features, Path(output_file))
        else:
            _write_geojson(features, Path(output_file))
        self.facts = {"address": f"{url}/query?where={self._download.where}"}

    def _features(self, url: str, expected: int) -> list[dict[str, Any]]:
        """Ask for one page after the other, until the service says that there are no more."""
        features: list[dict[str, Any]] = []
        while True:
            page = self._ask(url, f="geojson", outSR="4326", resultOffset=len(features), resultRecordCount=PAGE)
            rows = page.get("features") or []
            features += rows
            more = page.get("exceededTransferLimit") or (page.get("properties") or {}).get("exceededTransferLimit")
            if not more or not rows or len(features) > expected:
                return features

    def _ask(self, url: str, **asked: Any) -> dict[str, Any]:
        query = urlencode({"where": self._download.where, "outFields": "*"} | asked)
        answer = self._web.json(self._download.saved_as, f"{url}/query?{query}")
        if not isinstance(answer, dict) or "error" in answer:
            raise self._withdrawn(url)
        self._come += len(json.dumps(answer))
        self._seen(self._come, None)
        return answer

    def _withdrawn(self, url: str) -> Exception:
        """Say that the service knows no such layer, and which it knows instead."""
        services, _, layer = url.partition("/services/")
        names: list[str] = []
        with suppress(PcnAnalysisError, AttributeError, TypeError):  # it is said of what is known, if anything is
            known = self._web.json(self._download.saved_as, f"{services}/services?f=json")
            names = [str(one["name"]) for one in known.get("services", [])]
        instead = f" {nearest(layer.split('/')[0], names)}" if names else ""
        return problem(
            self._download.saved_as,
            f"{urlsplit(url).netloc} gives no rows of the layer {layer.split('/')[0]}: renamed or withdrawn",
            f"Look at {self._download.page} and put its address into config/downloads.toml, as url under "
            f"[files.{self._download.name}].{instead}",
        )

    def _check(self, features: list[dict[str, Any]], expected: int) -> None:
        """Hold the rows against the count of the service; each may come once."""
        once = {json.dumps([one.get("id"), one.get("properties")], sort_keys=True) for one in features}
        twice = len(features) - len(once)
        if twice:
            raise problem(self._download.saved_as, f"{number(twice, 'row')} of the layer came twice", AGAIN)
        if len(features) != expected:
            came = f"{len(features):,} of {number(expected, 'row')} came"
            raise problem(self._download.saved_as, f"{came} of the layer", AGAIN)


def _write_csv(features: list[dict[str, Any]], path: Path) -> None:
    columns = list(dict.fromkeys(name for one in features for name in one.get("properties") or {}))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(one.get("properties") or {} for one in features)


def _write_geojson(features: list[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"type": "FeatureCollection", "features": [\n')
        stream.write(",\n".join(json.dumps(one, ensure_ascii=False) for one in features))
        stream.write("\n]}\n")
