"""The number under the bar code of an article, typed or scanned."""
import re

from odoo.tools.barcode import check_barcode_encoding, get_barcode_check_digit

ENCODINGS = {8: 'ean8', 12: 'upca', 13: 'ean13'}
BOOKLAND = '978'  # what stands before the nine digits of an ISBN-10 in its EAN


def parse_code(text):
    """Return the EAN, UPC or ISBN in a text as the digits that a scanner reads.

    :raise ValueError: if its length or its check digit is wrong
    """
    code = re.sub(r'[\s\u2010-\u2015-]', '', text).upper()
    if re.fullmatch(r'\d{9}[\dX]', code):
        return _convert_isbn10(code)
    if not (code.isascii() and code.isdigit() and len(code) in ENCODINGS
            and check_barcode_encoding(code, ENCODINGS[len(code)])):
        raise ValueError("no EAN, UPC or ISBN")
    return code


def _convert_isbn10(code):
    digits = [10 if digit == 'X' else int(digit) for digit in code]
    if sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11:
        raise ValueError("wrong check digit of an ISBN-10")
    code = BOOKLAND + code[:9]
    return code + str(get_barcode_check_digit(code + '0'))
