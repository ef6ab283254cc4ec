"""Statistics held against workbooks of others: what each workbook is, what we give for its inputs, how far we are off.

Of a workbook no more is kept here than one value for each method: ``measured.csv`` holds how many values there were
and, where ours and theirs differ most, both and the difference. The words of the page are in ``page.md``.
"""
