"""Scores of a person: the electronic frailty index and the number of long-term conditions."""
