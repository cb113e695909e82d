"""Telephone numbers in texts, which are full of other numbers, and of contacts.

A number is compared as its digits: with the country code and no sign in front (4930901820), with
the zero of the trunk (030901820), or without area code (901820). These are three numbers.
"""
import re
from itertools import pairwise
from typing import NamedTuple

from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools import phone_validation

from .texts import Token

HYPHENS = '\u2010-\u2015\u2212-'
RUN = re.compile(rf'\d(?:[\s/().+{HYPHENS}]{{0,4}}\d){{5,}}')
GROUP = re.compile(r'\d+')
TYPED_NUMBER = re.compile(r'\+?\d(?:[\s/().-]{0,3}\d){5,}')  # with the signs of a telephone number
LOW_LINE = re.compile(r'(?<=\d)_(?=\d)')
SHORTEST, LONGEST = 6, 17  # digits
COMPLETE = 7  # digits that a number has at least, with its area code and the zero in front
# Signs that join a number to what it is a part of: S00042-231777, RE/2026/00005. A line break joins
# nothing, and `$` would look past one.
JOINING = re.compile(rf'[\w#@]\Z|\w[/{HYPHENS}]\Z|[\d_]\.\Z')
JOINED = re.compile(rf'[\w@]|[/{HYPHENS}]\w')
# Labels of other kinds of numbers: ISBN 3…, Artikelnummer: …
LABEL = re.compile(
    r'\b(?:isbn|issn|ean|gtin|iban|sku)(?:-1[03])?\W{0,3}\Z'
    r'|(?:(?:nr|nummer|number)\b|\bno[.:]|\bn[°º]|№)\W{0,3}\Z', re.IGNORECASE)
# A document may be meant by these, if its number is written in one: Auftrag 030901820.
DOCUMENT = re.compile(
    r'\b(?:rechnung|auftrag|bestellung|beleg|artikel|lieferschein|invoice|order|article|item)'
    r'\W{0,3}\Z', re.IGNORECASE)
TELEPHONE = re.compile(
    r'\btel(?![a-z])|\btel(?=-?(?:nr|nummer))|tele[fp](?:on|hon|ax)|\bfon\b|phone|mobil|handy'
    r'|\b(?:rück)?ruf|fax|festnetz', re.IGNORECASE)
LONGEST_LABEL = 30
MOST_GROUPS = 6  # of digits, of which each part may be a number
EXTENSION = re.compile(rf'[{HYPHENS}]\s?0\Z')  # of the switchboard
NATIONAL = 2  # a form of the library `phonenumbers`
BOOK = re.compile(
    rf'(?<![\d{HYPHENS}])(?:97[89](?:[\s{HYPHENS}]?\d){{10}}'
    rf'|(?=[\d\s{HYPHENS}]{{13}})\d{{1,5}}(?:[\s{HYPHENS}]\d{{1,7}}){{2}}[\s{HYPHENS}]\d)(?!\w)')
DATE = re.compile(r'\d{4}-\d\d-\d\d(?: \d\d)?|\d\d\.\d\d\.\d{4}')  # most runs in a database
# What often stands behind a number: 17 Uhr, 17:30, 2x, 12.05.
LATER = re.compile(r'\d{1,2}(?:\.\d{1,2}\.|:\d|\s?(?:uhr|h|x|mal)\b)', re.IGNORECASE)
# Countries whose numbers lose the zero behind the code, written all the same: +49 (0)30, +49 030.
ZERO_BEHIND_CODE = re.compile(r'(4[1349]|3[123])0')


class Number(NamedTuple):
    """A telephone number of a contact.

    :param set certain: how it is written with its area code; empty if that code is not known
    :param set possible: other ways to write it, which may also mean another number
    :param set local: how it is written without the area code that was typed. In texts of others
        that is another number
    """
    certain: set
    possible: set
    local: set = frozenset()


def find_numbers(text, is_own=False):
    """Yield a `Token` for each run of digits in a reading that may be a telephone number.

    A part of a longer number is none, nor is one of an ISBN, EAN, or number of an order or article.

    :param bool is_own: whether the text is of the person whose number is looked for. A complete
        number is then found whatever it is called and joined to, as in "unter der Nummer 030…"
    """
    if is_own:
        text = LOW_LINE.sub('-', text)
    runs = [match.span() for match in RUN.finditer(text)]
    if any(BOOK.search(text, *run) for run in runs):
        text = BOOK.sub(_hide_book, text)
        runs = [match.span() for match in RUN.finditer(text)]
    for start, end in runs:
        if DATE.fullmatch(text, start, end):
            continue
        groups = [match.span() for match in GROUP.finditer(text, start, end)]
        parts = _split_later(text, groups)
        for part in parts:
            yield from _find_in_part(text, part, part is parts[0], part is parts[-1], is_own)


def find_possible(run):
    """Return whatever `find_numbers` finds in a run of digits, and more, in texts of others.

    What stands around the run is not asked.

    :return: the set of digits of numbers, None if there are too many groups of them
    """
    groups = [match.span() for match in GROUP.finditer(run)]
    if DATE.fullmatch(run):
        return set()
    if len(groups) > MOST_GROUPS:
        return None
    return {
        _normalize(way, plus)
        for start in range(len(groups)) for end in range(start + 1, len(groups) + 1)
        for digits in _join(run, groups[start:end]) for way in (digits, digits[:-1])
        if SHORTEST <= len(way) <= LONGEST for plus in (False, True)}


def _join(run, groups):
    """Return the digits of groups, without a zero in brackets; the last bracket may be missing."""
    digits = [run[start:end] for start, end in groups]
    kept = [digits[0], *(own for own, (start, end) in zip(digits[1:], groups[1:], strict=True)
                         if run[start - 1:end + 1] != '(0)')]
    ways = {''.join(kept)}
    if len(groups) > 1 and run[groups[-1][0] - 1:] == '(0':
        ways.add(''.join(kept[:-1]))
    return ways


def _hide_book(match):
    digits = re.sub(r'\D', '', match[0])
    is_book = _is_article(digits) if len(digits) == 13 else len(digits) == 10 and not sum(
        weight * int(digit) for weight, digit in enumerate(reversed(digits), 1)) % 11
    return '_' * len(match[0]) if is_book else match[0]


def _is_article(digits):
    """Whether 13 digits have the check digit of an EAN."""
    return not sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10


def _split_later(text, groups):
    """Return the groups of digits in parts; each part but the first starts as a time does."""
    if len(groups) == 1:
        return [groups]
    starts = [0, *(
        number for number in range(1, len(groups))
        if _is_apart(text, groups, number) and LATER.match(text, groups[number][0]))]
    return [groups[start:end]
            for start, end in zip(starts, [*starts[1:], len(groups)], strict=True)]


def _find_in_part(text, groups, is_first, is_last, is_own):
    """Yield the numbers of groups of digits: all of them, or several after one another."""
    start, end = groups[0][0], groups[-1][1]
    joined = is_first and not _has_plus(text, groups, 0) and (
        JOINING.search(text, max(start - 2, 0), start))
    closed = not is_last or not JOINED.match(text, end) or (
        len(groups) > 1 and text[end].isalpha())
    cuts = [*_find_cuts(text, groups, joined), len(groups)]
    for first, last in {(0, len(groups)), *pairwise(cuts)}:
        is_free = (first or not joined) and (last < len(groups) or closed)
        if is_free or is_own:
            yield from _make_tokens(
                text, groups[first:last], last - first == len(groups), is_free, is_own)


def _is_apart(text, groups, number):
    """Whether a blank separates a group of digits from the one before."""
    between = text[groups[number - 1][1]:groups[number][0]]
    return between == '+' or any(map(str.isspace, between))


def _has_plus(text, groups, number):
    start = groups[number][0]
    return text[start - 1:start] == '+' and (
        not number or groups[number - 1][1] != start - 1)


def _find_cuts(text, groups, joined):
    """Return the numbers of the groups with which a telephone number may start.

    A second one needs a plus in front, or a zero and enough digits before and behind it.
    """
    cuts, digits = [0], 0
    follows_other = joined or not (  # than a telephone number: 17 030 901820
        text[groups[0][0]] == '0' or _has_plus(text, groups, 0) or _is_even(groups))
    for number, (start, end) in enumerate(groups):
        starts = number and text[start] == '0' and _is_apart(text, groups, number) and (
            digits >= COMPLETE or (follows_other and len(cuts) == 1))
        if starts or (number and _has_plus(text, groups, number)):
            cuts.append(number)
            digits = 0
        digits += end - start
    return cuts if digits >= COMPLETE else cuts[:-1] or cuts


def _is_even(groups):
    """Whether the digits are in groups of the same length, as those of cards and accounts."""
    lengths = [end - start for start, end in groups]
    return len(lengths) > 2 and len(set(lengths[:-1])) == 1 and lengths[-1] <= lengths[0]


def _make_tokens(text, groups, is_all, is_free, is_own):
    """Yield the number that the groups are, and the one without the extension -0."""
    start, end = groups[0][0], groups[-1][1]
    plus = _has_plus(text, groups, 0)
    if sum(last - first for first, last in groups) > LONGEST + 1 or (
            not plus and not (is_all or text[start] == '0')):
        return
    is_free = is_free and (plus or not _is_labelled(text, start, groups))
    if not is_free and not is_own:
        return
    digits = text[start:groups[0][1]] + ''.join(
        text[first:last] for first, last in groups[1:] if text[first - 1:last + 1] != '(0)')
    if not plus and len(groups) == 1 and len(digits) == 13 and _is_article(digits):
        return
    start -= plus or (text[start - 1:start] == '(' and ')' in text[start:end])
    ways = [digits]
    if EXTENSION.search(text, end - 3, end):
        ways.append(digits[:-1])
    for way in ways:
        if (SHORTEST if is_free else COMPLETE) <= len(way) <= LONGEST:
            yield Token(_normalize(way, plus), [(start, groups[0][1]), *groups[1:]])


def _is_labelled(text, start, groups):
    label = text[max(start - LONGEST_LABEL, 0):start]
    named = LABEL.search(label) or (len(groups) == 1 and DOCUMENT.search(label))
    return named and not TELEPHONE.search(label)


def _normalize(digits, plus):
    """Return the digits without the zeros that mean a plus, and without a zero behind the code."""
    if not plus and digits.startswith('0') and not digits.startswith('00'):
        return digits
    digits = digits.removeprefix('00')
    return digits[:2] + digits[3:] if ZERO_BEHIND_CODE.match(digits) else digits


def read_numbers(text, country_code, country_phone_code):
    """Return a `Number` for each telephone number that somebody typed into a field.

    :param str country_code: of the contact or the company, as in `res.country`
    :param int country_phone_code: its code of telephone numbers
    """
    return [
        _read_number(token.text, text[token.spans[0][0]:], country_code, country_phone_code)
        for token in find_numbers(text)]


def read_number(typed, country_code, country_phone_code):
    """Return the `Number` that a field holds which holds one, see `read_numbers`."""
    digits = _normalize(re.sub(r'\D', '', typed), typed.startswith('+'))
    return _read_number(digits, typed, country_code, country_phone_code)


def _read_number(digits, typed, country_code, phone_code):
    has_code = typed.startswith(('+', '00'))
    try:
        parsed = phone_validation.phone_parse(f'+{digits}' if has_code else digits, country_code)
    except UserError:
        parsed = None
    local = ''
    if parsed:
        library = phone_validation.phonenumbers
        own = library.national_significant_number(parsed)
        full = f'{parsed.country_code}{own}'
        home = re.sub(r'\D', '', library.format_number(parsed, NATIONAL))
        if area := library.length_of_geographical_area_code(parsed):
            local = own[area:]
    else:
        full, home = _guess(digits, has_code, phone_code)
    if not (has_code or digits in (full, home)) or (not has_code and len(digits) < COMPLETE):
        return Number(set(), {digits})
    ways = {full, home} - {None}
    certain = {way for way in ways if way == full or way.startswith('0')}
    return Number(certain, ways - certain, {local} if len(local) >= SHORTEST else set())


def _guess(digits, has_code, phone_code):
    """Return two ways to write a number that the library does not know; either may be None."""
    code = str(phone_code or '')
    if has_code:
        return digits, f'0{digits.removeprefix(code)}' if code and digits.startswith(code) else None
    if digits.startswith('0'):
        return code + digits[1:] if code else None, digits
    return None, None
