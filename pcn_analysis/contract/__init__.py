"""The Network Contract: its years, and what it and its guidance say in each of them, with the source of every line.

``years.py`` reads the contract years (``contract_years.csv``); ``clauses.py`` reads ``tables/*.csv``, one row a clause
and run of years; ``lines.py`` reads which lines of money a contract year has (``contract_lines.csv``). A contract year
is added as rows of these files: no code names one.
"""
