"""Statistics held against workbooks of others: what each workbook is, what we give for its inputs, how far we are off.

Nothing of a workbook is kept here: ``measured.csv`` holds how many values there were and the largest difference. The
words of the page are in ``page.md``.
"""
