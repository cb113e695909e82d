"""The number under the bar code of an article, typed or scanned."""
import re

from odoo.tools.barcode import get_barcode_check_digit

LENGTHS = (8, 12, 13)  # of EAN-8, UPC-A, and EAN-13
PREFIX = re.compile(r'^\s*ISBN(?:-1[03])?[\s:]*', re.IGNORECASE)  # as it is printed in books
BOOKLAND = '978'  # what stands before the nine digits of an ISBN-10 in its EAN
# Stored with hyphens, blanks or the word ISBN, and what it is without. Alike in the index and in
# the query.
APART = "{0} ~* '^(isbn|[0-9]*[^0-9a-z])'"
TOGETHER = "upper(regexp_replace({0}, '^isbn|[^0-9a-z]', '', 'gi'))"


def parse_code(text):
    """Return the EAN, UPC or ISBN in a text as the digits that a scanner reads.

    :raise ValueError: if its length or its check digit is wrong
    """
    code = re.sub(r'[\s\u2010-\u2015-]', '', PREFIX.sub('', text)).upper()
    if re.fullmatch(r'[0-9]{9}[0-9X]', code):
        return _convert_isbn10(code)
    if not (code.isascii() and code.isdigit() and len(code) in LENGTHS
            and get_barcode_check_digit(code) == int(code[-1])):
        raise ValueError("no EAN, UPC or ISBN")
    return code


def get_spellings(code):
    """Return how the code of `parse_code` may be stored, but for hyphens and blanks."""
    spellings = [code]
    if len(code) == 12:
        spellings.append(f'0{code}')
    elif len(code) == 13 and code.startswith('0'):
        spellings.append(code[1:])
    elif len(code) == 13 and code.startswith(BOOKLAND):
        digits = code[len(BOOKLAND):-1]
        check = -_weigh_isbn10(map(int, digits)) % 11
        spellings += [f'{digits}{check}'] if check < 10 else [f'{digits}X', f'{digits}x']
    return spellings


def _weigh_isbn10(digits):
    return sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=False))


def _convert_isbn10(code):
    if _weigh_isbn10(10 if digit == 'X' else int(digit) for digit in code) % 11:
        raise ValueError("wrong check digit of an ISBN-10")
    code = BOOKLAND + code[:9]
    return code + str(get_barcode_check_digit(code + '0'))
