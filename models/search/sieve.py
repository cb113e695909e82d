"""Tells at once, of many texts, which of them cannot hold any value: nearly all of them.

A `Recogniser` reads a text in several ways and looks at each word, address and number. The sieve
looks at pieces between blanks, of which a database repeats the same ones, and at digits. Whatever
may hold a value under any circumstances passes. What it passes by, a `Recogniser` need not read.
"""
import re
from bisect import bisect_right
from functools import lru_cache
from itertools import chain, compress, count, filterfalse

from ..map.numbers import HYPHENS, RUN, find_possible
from ..map.texts import (
    ACCENTS,
    SHORT_STREET,
    STREET,
    TAG_OF_LOOKS,
    UNSEEN,
    decode_base64,
    find_emails,
    get_plain_texts,
    get_readings,
    get_words,
)

PAGE = 50_000  # characters of texts that are looked at as one: their pieces stay in the cache
PIECES = 200_000  # that are remembered
PHRASES = 1 << 16  # names and streets, with what stands around them
LONGEST_PIECE = 200  # bytes of one that is remembered
END = '\0'  # of a text; PostgreSQL stores no such sign
ENDING_PIECE = END.encode()
START, OPEN, SUSPICIOUS = 1, 2, 3  # what a piece may be that is not inert
MOST_OPEN = 50  # pieces that are read on for one that is open
SIGN_OF_ADDRESS = r'(?:at|ät|@|dot|punkt)'
# An address may go on behind the end of a line.
ADDRESS = re.compile(rf'\A@|[(\[]\s?{SIGN_OF_ADDRESS}\s?[)\]]', re.IGNORECASE)
# In these, something begins that goes on behind a blank: (at), or a tag within it or a word.
OPENING = re.compile(
    rf'[(\[]\s?(?:{SIGN_OF_ADDRESS}\s?)?(?:<[^<>]*)?\Z'
    rf'|<(?<=[\w@.]<)(?:{TAG_OF_LOOKS[1:]}<)*{TAG_OF_LOOKS[1:-1]}\Z', re.IGNORECASE)
ENCODED = re.compile(rf'[<>=%\\&{UNSEEN}{ACCENTS}]')
CHANGING = re.compile(rf'[=%][0-9a-f]{{2}}|[\\&{UNSEEN}{ACCENTS}]', re.IGNORECASE)
SPECIAL = re.compile(rf'[(\[@<]|{CHANGING.pattern}', re.IGNORECASE)
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
# Of a text in ASCII, the signs of words as `get_words` finds them.
WORD_SIGNS = bytes(sign if chr(sign).isalnum() or chr(sign) == END else ord(' ') for sign in ASCII)
WORD_SIGNS += bytes(128)
# Written out, because a repeated group takes much longer.
NUMBER = re.compile(b'0%b(?: {0,24}0)*' % (b' {0,24}0' * 5))
TAGS = b'<[^<>%b]*> {0,24}' % ENDING_PIECE  # in one text
TAGGED_NUMBER = re.compile(b'0 {0,24}%b(?:%b)*0' % (TAGS, TAGS))


class Sieve:
    """Looks for what may be a value in many texts at once.

    :param HashedValues known: the values, in the spelling of today
    """

    def __init__(self, known):
        self._known = known
        self._pieces = _Verdicts(self._judge_pieces)
        self._words = _Verdicts(self._judge_words)
        self._runs = _Verdicts(self._judge_runs)
        self._count_wanted = lru_cache(PHRASES)(self._look_up_wanted)
        self._has_phrase = lru_cache(PHRASES)(self._look_up_phrase)

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
        if b'\\' in content:  # a page in JSON, whose pieces become those of the page itself
            content = content.replace(b'\\"', b'"').replace(b'\\n', b' \\n')
            content = content.replace(b'\\ \\n', b'\\\\n')  # not the end of a line
        pieces = content.split()
        for place, number, verdict in self._pieces.find(pieces):
            goes_on = self._is_open if verdict == OPEN else self._begins
            if verdict == SUSPICIOUS or goes_on(pieces, number):
                yield place

    def _is_open(self, pieces, number):
        """Whether a value may stand in an open piece, read up to where it is not open any more."""
        text = pieces[number]
        for piece in pieces[number + 1:number + MOST_OPEN]:
            if piece == ENDING_PIECE:
                break
            text += piece if piece.startswith(b'\\n') else b' ' + piece  # which is a blank itself
            if (verdict := self._judge(text.decode())) != OPEN:
                return bool(verdict)
        return True

    def _begins(self, pieces, number):
        """Whether a value may begin with a word of a piece, and go on in the next ones."""
        wanted = self._count_wanted(pieces[number])
        for size in range(2, MOST_OPEN):
            own = pieces[number:number + size]
            is_last = len(own) < size or own[-1] == ENDING_PIECE
            if own[-1] == ENDING_PIECE:
                own.pop()
            if (verdict := self._has_phrase(b' '.join(own), 0 if is_last else wanted)) is not None:
                return verdict
        return True

    def _look_up_wanted(self, piece):
        """Return how many words are enough to see all values that begin in a piece, or 0."""
        return max((
            start + max(lengths) for text in _read(piece) for start, word in enumerate(
                get_words(text)) if (lengths := self._known.get_lengths(word))), default=0)

    def _look_up_phrase(self, pieces, wanted):
        """Return whether a value may stand in pieces; None if more of them must be read for that.

        :param int wanted: how many words are enough, 0 if these are
        """
        if b'\\' in pieces:
            return True
        texts = _read(pieces)
        if wanted and any(text.rfind('<') > text.rfind('>') for text in texts):
            return None  # a tag goes on, which may stand within a word
        readings = [get_words(text) for text in texts]
        if any(len(words) < wanted for words in readings):
            return None
        return any(
            self._known.get_values(' '.join(words[start:start + length]))
            for words in readings for start, word in enumerate(words)
            for length in self._known.get_lengths(word) or () if start + length <= len(words))

    def _judge_pieces(self, pieces):
        """Return `{piece: what it is}`, in whatever way it is read, of those that are not inert."""
        texts = b' '.join(pieces).decode().split(' ')
        special = set(filter(SPECIAL.search, texts))
        verdicts = dict.fromkeys(self._find_starts(filterfalse(special.__contains__, texts)), START)
        verdicts.update((text, verdict) for text in special if (verdict := self._judge(text)))
        return {text.encode(): verdict for text, verdict in verdicts.items()}

    def _judge(self, text):
        """Return what a piece is in which something may be encoded, open or an address, or None."""
        text = _without_quotes(text)
        texts = {text, *(reading.text for reading in get_readings(text))}
        if CHANGING.search(text) and (plain := {*get_plain_texts(text)} - {text}):
            texts |= plain
            if any(_differs_outside(text, own) for own in plain) or (
                    any(map(self._has_number, texts))):
                return SUSPICIOUS
        if any(map(ADDRESS.search, texts)) or any(map(self._has_email, texts)):
            return SUSPICIOUS
        if any(map(OPENING.search, texts)):
            return OPEN
        return START if any(map(self._has_start, texts)) else None

    def _find_starts(self, texts):
        """Yield those of the texts that have a word with which a value may begin."""
        plain, others = [], []
        for text in texts:
            (plain if text.isascii() else others).append(text)
        page = f' {END} '.join(plain).lower().replace(STREET, SHORT_STREET)
        for place, *_word in self._words.find(page.encode().translate(WORD_SIGNS).split()):
            yield plain[place]
        yield from filter(self._has_start, others)

    def _has_start(self, text):
        return any(map(self._known.get_lengths, get_words(text)))

    def _judge_words(self, words):
        return {word: START for word in words if self._known.get_lengths(word.decode())}

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
        spans = [match.span() for match in NUMBER.finditer(digits)]
        for _place, number, _verdict in self._runs.find([page[slice(*span)] for span in spans]):
            yield spans[number][0]
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
        return any(map(self._is_run, RUN.findall(text)))

    def _judge_runs(self, runs):
        return dict.fromkeys(filter(self._is_run, runs), START)

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


class _Verdicts:
    """Remembers what short pieces of text are, at most `PIECES` of them.

    :param judge: returns `{piece: what it is}` of those of a set of pieces that are not inert
    """

    def __init__(self, judge):
        self._judge = judge
        self._known = set()
        self._active = {}  # those that are not inert

    def find(self, pieces):
        """Yield `(number of the text, number of the piece, what it is)` of what is not inert.

        :param pieces: those of many texts, with `ENDING_PIECE` between two texts
        """
        own = set(pieces) - {ENDING_PIECE}
        active = {piece: self._active[piece] for piece in own & self._active.keys()}
        if new := own - self._known:
            active |= (found := self._judge(new))
            self._remember(new, found)
        if active:
            active[ENDING_PIECE] = place = 0
            for number in compress(count(), map(active.__contains__, pieces)):
                if verdict := active[pieces[number]]:
                    yield place, number, verdict
                else:
                    place += 1

    def _remember(self, new, found):
        short = [piece for piece in new if len(piece) <= LONGEST_PIECE][:PIECES]
        if len(self._known) + len(short) > PIECES:
            self._known.clear()
            self._active.clear()
        self._known.update(short)
        self._active.update((piece, found[piece]) for piece in found.keys() & short)


def _read(pieces):
    """Return the readings of pieces as texts."""
    text = _without_quotes(pieces.decode())
    return [reading.text for reading in get_readings(text)] if ENCODED.search(text) else [text]


def _without_quotes(text):
    return text.replace('"', ' ')  # as which it reads where it was escaped


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
