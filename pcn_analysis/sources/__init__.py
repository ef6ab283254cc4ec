"""Where tables come from: published files of a real place; each adapter ends at :mod:`pcn_analysis.tables`."""
