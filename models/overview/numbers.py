"""Counts of the form `{row: {column: number}}`, plain values that JSON can store."""

OF_ALL = '_of_all'  # ends the names of counts of customers of no company in particular


def collect(cells):
    """Return the counts of triples of row, column and number."""
    counts = {}
    for row, column, number in cells:
        add(counts, {row: {column: number}})
    return counts


def add(counts, others):
    """Add other counts to these."""
    for row, columns in others.items():
        own = counts.setdefault(row, {})
        for column, number in columns.items():
            own[column] = own.get(column, 0) + number
