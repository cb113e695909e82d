"""Tells at once, of many texts, which of them cannot hold any value: nearly all of them.

A `Recogniser` reads a text in several ways and looks at each word, address and number. The sieve
looks at pieces between blanks, of which a database repeats the same ones, and at digits. Whatever
may hold a value under any circumstances passes. What it passes by, a `Recogniser` need not read.
"""
import re
from bisect import bisect_right
from itertools import chain, compress, count

from ..map.numbers import HYPHENS, RUN, find_possible
from ..map.searching import SLICE
from ..map.texts import (
    ACCENTS,
    TAG_IN_WORD,
    TAG_OF_LOOKS,
    UNSEEN,
    decode_base64,
    find_emails,
    get_plain_texts,
    get_readings,
    get_words,
)

PAGE = SLICE  # characters of texts that are looked at as one
PIECES = 200_000  # that are remembered
LONGEST_PIECE = 200  # bytes of one that is remembered
END = '\0'  # of a text; PostgreSQL stores no such sign
ENDING_PIECE = END.encode()
INERT, START, SUSPICIOUS, ENDING = None, 1, 2, 3  # what a piece may be
# In these, something may begin that goes on behind a blank: (at), or a tag within a word. An
# address may go on behind the end of a line, too.
SIGN_OF_ADDRESS = r'(?:at|ät|@|dot|punkt)'
OPEN = re.compile(
    rf'\A@|[(\[]\s?(?:{SIGN_OF_ADDRESS}\s?(?:[)\]<]|\Z)|<|\Z)'
    rf'|<(?<=[\w@.]<)(?:{TAG_OF_LOOKS[1:]}<)*{TAG_OF_LOOKS[1:-1]}\Z', re.IGNORECASE)
ENCODED = re.compile(rf'[<>=%\\&{UNSEEN}{ACCENTS}]')
CHANGING = re.compile(rf'[=%][0-9a-f]{{2}}|[\\&{UNSEEN}{ACCENTS}]', re.IGNORECASE)
SPECIAL = re.compile(rf'[(\[@]|{ENCODED.pattern}')
# As pages and JSON write them. Numbers are looked for as if they were blanks and brackets.
BLANK = re.compile(r'&nbsp;|\\[bfnrt"/\\]')
BLANKS = (b'&nbsp;', b'\\b', b'\\f', b'\\n', b'\\r', b'\\t')
BRACKETS = {b'&lt;': b'<   ', b'&gt;': b'>   '}
BRACKET = re.compile('[<>]')
EDGE = re.compile(rf'[\d\s/().+{HYPHENS}]*')
DIGIT = re.compile(r'\d')
# As `SOFT_BREAK`, which is looked for without signs that nobody sees.
CUT_LINE = re.compile(rf'=[{UNSEEN}]*\r?[{UNSEEN}]*\n')
# A sign that is not of Latin-1 is a question mark here: it may be a blank or a hyphen.
GAPS = b' \t\n\r\x0b\f\x1c\x1d\x1e\x1f\x85\xa0\xad/().+-?"\\'
DIGITS = bytes(
    ord('0') if chr(sign) in '0123456789' else ord(' ') if sign in GAPS
    else sign if chr(sign) in f'<>{END}' else ord('x')
    for sign in range(256))
ASCII = bytes(range(128))
NUMBER = re.compile(rb'0(?: {0,24}0){5,}')
TAGGED_NUMBER = re.compile(rb'0 {0,24}(?:<[^<>%s]*> {0,24})+0' % ENDING_PIECE)  # in one text


class Sieve:
    """Looks for what may be a value in many texts at once.

    :param HashedValues known: the values, in the spelling of today
    """

    def __init__(self, known):
        self._known = known
        self._pieces = _Verdicts(self._judge)
        self._runs = _Verdicts(self._is_run)

    def find(self, texts):
        """Return the numbers of the texts that may hold a value, in order.

        Texts are looked at as one, up to `PAGE`, so a longer one is better handed in by parts.
        """
        found, first = [], 0
        while first < len(texts):
            size, last = len(texts[first]), first + 1
            while last < len(texts) and size + len(texts[last]) <= PAGE:
                size += len(texts[last])
                last += 1
            found += sorted(first + place for place in self._find(texts[first:last]))
            first = last
        return found

    def _find(self, texts):
        """Return the places of the texts of one page that may hold a value."""
        found = {place for place, text in enumerate(texts) if END in text}
        texts = [text if place not in found else '' for place, text in enumerate(texts)]
        end = f' {END} '
        page = end.join(texts)
        content = page.encode()
        starts = [0]
        for text in texts:
            starts.append(starts[-1] + len(text) + len(end))
        places = chain(
            self._find_packed(page), self._find_numbers(page),
            _find_foreign_digits(page, content), _find_cut_lines(page))
        found.update(bisect_right(starts, place) - 1 for place in places)
        found.update(self._find_pieces(content))
        return found

    # === PIECES BETWEEN BLANKS: WORDS AND ADDRESSES === #

    def _find_pieces(self, content):
        """Yield the places of the texts that have a piece in which a value may begin."""
        pieces, place = content.split(), 0
        verdicts = list(map(self._pieces.__getitem__, pieces))
        for number in compress(count(), verdicts):
            if verdicts[number] == ENDING:
                place += 1
            elif verdicts[number] == SUSPICIOUS or self._begins(pieces, number):
                yield place

    def _begins(self, pieces, number):
        """Whether a value may begin with a word of a piece, and go on in the next ones."""
        words, lengths, wanted = [], {}, 1
        while len(words) < wanted and number < len(pieces) and pieces[number] != ENDING_PIECE:
            text = pieces[number].decode()
            if ENCODED.search(text):
                return True
            words += get_words(text)
            if not lengths:
                lengths = {start: own for start, word in enumerate(words)
                           if (own := self._known.get_lengths(word))}
                wanted = max(start + max(own) for start, own in lengths.items())
            number += 1
        return any(
            start + length <= len(words)
            and self._known.get_values(' '.join(words[start:start + length]))
            for start, own in lengths.items() for length in own)

    def _judge(self, piece):
        """Return what a piece is, in whatever way it is read."""
        if piece == ENDING_PIECE:
            return ENDING
        text = piece.decode()
        if not SPECIAL.search(text):
            return self._judge_words(get_words(text))
        texts = {text}
        if CHANGING.search(text):
            plain = {*get_plain_texts(text)} - texts
            if any(_differs_outside(text, own) for own in plain):
                return SUSPICIOUS
            texts.update(plain, (reading.text for reading in get_readings(text)))
            if plain and any(map(self._has_number, texts)):
                return SUSPICIOUS
        elif '<' in text:
            texts.add(TAG_IN_WORD.sub('', text))
        if any(map(OPEN.search, texts)) or any(map(self._has_email, texts)):
            return SUSPICIOUS
        return self._judge_words({word for own in texts for word in get_words(own)})

    def _judge_words(self, words):
        return START if any(map(self._known.get_lengths, words)) else INERT

    def _has_email(self, text):
        fold = self._known.spelling.fold_token
        return '@' in text and any(
            self._known.get_values(fold(token.text)) for token in find_emails(text))

    # === NUMBERS === #

    def _find_numbers(self, page):
        """Yield where a number stands that may be a value, also one that is cut by tags."""
        signs = page.encode('latin-1', 'replace')
        for blank in BLANKS:
            if blank[:1] in signs:
                signs = signs.replace(blank, b' ' * len(blank))
        digits = signs.translate(DIGITS)
        for match in NUMBER.finditer(digits):
            if self._runs[page[match.start():match.end()]]:
                yield match.start()
        yield from self._find_tagged_numbers(page, digits)
        if any(bracket in signs for bracket in BRACKETS):
            for bracket, plain in BRACKETS.items():
                signs = signs.replace(bracket, plain)
            yield from self._find_tagged_numbers(page, signs.translate(DIGITS))

    def _find_tagged_numbers(self, page, digits):
        position = 0
        while match := TAGGED_NUMBER.search(digits, position):
            start, end = page.rfind(END, 0, match.start()) + 1, page.find(END, match.end())
            end = len(page) if end < 0 else end
            if any(self._has_number(reading.text) for reading in get_readings(page[start:end])):
                yield match.start()
            position = end

    def _has_number(self, text):
        return any(self._runs[run] for run in RUN.findall(text))

    def _is_run(self, text):
        """Whether a number in a run of digits may be a value, whatever stands around it."""
        fold = self._known.spelling.fold_token
        for run in chain.from_iterable(map(RUN.findall, {text, *get_plain_texts(text)})):
            possible = find_possible(run)
            if possible is None or any(
                    self._known.get_values(fold(number)) for number in possible):
                return True
        return False

    def _find_packed(self, page):
        """Yield where a text stands in base64 that may hold a value."""
        for match, packed in decode_base64(page):
            if self.find([packed]):
                yield match.start()


class _Verdicts(dict):
    """Remembers the results for short pieces of text, at most `PIECES`.

    :param judge: returns it
    """

    def __init__(self, judge):
        super().__init__()
        self._judge = judge

    def __missing__(self, piece):
        verdict = self._judge(piece)
        if len(piece) <= LONGEST_PIECE:
            if len(self) >= PIECES:
                self.clear()
            self[piece] = verdict
        return verdict


def _find_foreign_digits(page, content):
    """Yield where a digit stands that is none of ours."""
    if DIGIT.search(content.translate(None, ASCII).decode()):
        yield from (match.start() for match in DIGIT.finditer(page) if not match[0].isascii())


def _find_cut_lines(page):
    """Yield where a line is cut as in a mail, so that a word may go on in the next one."""
    yield from (match.start() for match in CUT_LINE.finditer(page))


def _differs_outside(text, plain):
    """Whether a piece, read as plain text, may be a part of a number or tag that it is not as is.

    That is so if digits at its edges change, or at those of a tag.
    """
    text = BLANK.sub(lambda match: '\xa0' if match[0] == '&nbsp;' else ' ', text)
    text = text.replace('&lt;', '<').replace('&gt;', '>')
    parts, plain_parts = BRACKET.split(text), BRACKET.split(plain)
    return len(parts) != len(plain_parts) or any(
        part != own and _has_other_edges(part, own)
        for part, own in zip(parts, plain_parts, strict=True))


def _has_other_edges(text, plain):
    return EDGE.fullmatch(plain) or any(
        DIGIT.search(edge := EDGE.match(own)[0]) and edge != EDGE.match(other)[0]
        for own, other in ((plain, text), (plain[::-1], text[::-1])))
