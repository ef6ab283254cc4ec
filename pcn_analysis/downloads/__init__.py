"""Published files downloaded from their publishers, each with a note of where it came from.

``catalogue.toml`` says what there is and where; :mod:`~pcn_analysis.downloads.catalogue` reads it.
:mod:`~pcn_analysis.downloads.fetching` puts what is missing into ``data/raw``;
:mod:`~pcn_analysis.downloads.notes` keeps and verifies the checksums.
"""
