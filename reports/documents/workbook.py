"""Writes tables as XLSX, row by row: nothing but the row at hand is in memory."""
from datetime import date, datetime
from typing import NamedTuple

import xlsxwriter

LAST_ROW = 1_048_575  # of a sheet, counted from 0
LONGEST_TEXT = 32_767  # in units of UTF-16, of which an emoji has two
LONGEST_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys('[]:*?/\\', ' '))
FIRST_YEAR = 1900  # before it, tables know no days
WIDTHS = (8, 60)  # of a column, in characters
DAYS = {'de': 'dd.mm.yyyy', 'en': 'yyyy-mm-dd'}


class Table(NamedTuple):
    """A table that gets sheets of its own."""
    name: str
    head: list
    rows: iter
    """Yields lists with a value for each head: text, number, date, naive datetime or bool."""


def write(target, tables, title, lang, words):
    """Write a workbook.

    :param target: a path, or a file that is open for writing bytes
    :param str lang: of the reader, for the format of days
    :param tuple words: what stands for true and for false
    :return: how many rows there are in all tables
    """
    book = _Book(target, lang, words)
    with book.workbook:
        book.workbook.set_properties({'title': title})
        return sum([book.add(table) for table in tables])


def _shorten(text):
    if 2 * len(text) <= LONGEST_TEXT:
        return text
    return text.encode('utf-16-le', 'replace')[:2 * LONGEST_TEXT].decode('utf-16-le', 'ignore')


class _Book:
    def __init__(self, target, lang, words):
        self.workbook = xlsxwriter.Workbook(target, {
            'constant_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False,
            'strings_to_numbers': False})
        self.words = words
        day = DAYS['de' if lang.startswith('de') else 'en']
        add = self.workbook.add_format
        self.head = add({'bold': True, 'bg_color': '#e9ecef', 'bottom': 1, 'valign': 'top'})
        self.day = add({'num_format': day, 'align': 'left'})
        self.time = add({'num_format': f'{day} hh:mm', 'align': 'left'})
        self.number = add({'num_format': '#,##0.##'})
        self.whole = add({'num_format': '#,##0'})

    def add(self, table):
        """Write a table, on more than one sheet if it is longer than a sheet can be."""
        total = number = 0
        sheet = None
        for cells in table.rows:
            if sheet is None or sheet.is_full():
                number += 1
                sheet = self._start(table, sheet, number)
            sheet.add_row(cells)
            total += 1
        (sheet or self._start(table, None, 1)).finish()
        return total

    def _start(self, table, full, number):
        if full:
            full.finish()
        suffix = f' {number}' if number > 1 else ''
        name = table.name.translate(FORBIDDEN).strip("' ")[:LONGEST_NAME - len(suffix)] + suffix
        return _Sheet(self, self.workbook.add_worksheet(name), table.head)


class _Sheet:
    def __init__(self, book, sheet, head):
        self.book, self.sheet, self.row = book, sheet, 0
        self.widths = [WIDTHS[0]] * len(head)
        for column, text in enumerate(head):
            self._text(column, text, book.head)
        sheet.freeze_panes(1, 0)

    def is_full(self):
        return self.row == LAST_ROW

    def add_row(self, cells):
        self.row += 1
        for column, value in enumerate(cells):
            if isinstance(value, bool):
                self._text(column, self.book.words[not value])
            elif isinstance(value, str):
                if value:
                    self._text(column, value)
            elif isinstance(value, datetime):
                self._day(column, value, self.book.time, 16)
            elif isinstance(value, date):
                self._day(column, value, self.book.day, 11)
            elif isinstance(value, int):
                self.sheet.write_number(self.row, column, value, self.book.whole)
            elif value is not None:
                self.sheet.write_number(self.row, column, value, self.book.number)

    def finish(self):
        self.sheet.autofilter(0, 0, self.row, len(self.widths) - 1)
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)

    def _text(self, column, text, cell_format=None):
        self.sheet.write_string(self.row, column, _shorten(text), cell_format)
        if self.widths[column] < WIDTHS[1]:
            longest = (max(map(len, text.splitlines())) if '\n' in text else len(text)) + 2
            self.widths[column] = min(max(self.widths[column], longest), WIDTHS[1])

    def _day(self, column, value, cell_format, width):
        if value.year < FIRST_YEAR:
            self._text(column, value.isoformat(' ') if isinstance(value, datetime)
                       else value.isoformat())
            return
        self.sheet.write_datetime(self.row, column, value, cell_format)
        self.widths[column] = max(self.widths[column], width)
