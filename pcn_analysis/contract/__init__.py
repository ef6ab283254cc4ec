"""The Network Contract: its years, and what it and its guidance say in each of them, with the source of every line.

``years.py`` knows the contract years; ``clauses.py`` reads ``tables/*.csv``, one row a clause and run of years.
"""
