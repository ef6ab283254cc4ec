"""The rules of each service specification, for a clinician to read and sign."""
