"""Population health analysis for NHS Primary Care Networks."""
