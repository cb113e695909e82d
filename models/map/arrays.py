"""Passes long lists to PostgreSQL."""


def as_array(values):
    """Return numbers, days or hashes as one text, to stand before a cast: `%s::int[]`.

    Otherwise PostgreSQL parses the list as an expression with a term for each value. That takes
    longer than most of the statements that need the list.

    :param values: none of them may hold a character that an array quotes
    """
    return f"{{{','.join(map(str, values))}}}"
