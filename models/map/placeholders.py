"""Values that people type into a field that must be filled: they identify nobody."""
import re
from itertools import pairwise

from odoo.addons.phone_validation.tools.phone_validation import phone_get_region_data_for_number

from .texts import get_words

REPEATED = re.compile(r'(\d)\1{5,}$')  # 0172 222222; a real number may have more behind it
NOTHING = """
    kein keine keiner keines ohne nichts unbekannt unknown none no nobody niemand anonym anonymous
    dummy fake test platzhalter noreply donotreply nomail noemail keinemail keineemail
"""
# Words beside one of them: keine.email@…, no-reply@…; alone they may be somebody's: mail@…. A
# domain alone tells nothing: people live in Leer, and work for Test.
BESIDE = "mail email e adresse mailadresse emailadresse angabe vorhanden bekannt reply do not"
NOTHING, BESIDE = (frozenset(words.split()) for words in (NOTHING, BESIDE))


def is_placeholder(kind, value):
    """Return whether a normalised e-mail address or telephone number says that there is none.

    :param str kind: email or phone
    :param str value: a number with the code of its country, +49…
    """
    if kind == 'email':
        return is_placeholder_email(value)
    # To take a number apart is slow, and the last digits of most tell that they are somebody's.
    return is_placeholder_number(value.lstrip('+')[-3:]) and is_placeholder_number(
        phone_get_region_data_for_number(value)['national_number'] or value.lstrip('+'))


def is_placeholder_email(email):
    """Return whether an e-mail address says that there is none: keine@…, no-reply@…, xx@xx.de."""
    local, _at, domain = email.partition('@')
    words = get_words(local)
    return ((not NOTHING.isdisjoint(words) and NOTHING.union(BESIDE).issuperset(words))
            or len(set(filter(str.isalnum, local + domain.rpartition('.')[0]))) == 1)


def is_placeholder_number(digits):
    """Return whether a telephone number repeats one digit, or counts: 0000000000, 0123456789.

    :param str digits: without the code of the country
    """
    digits = digits.lstrip('0')
    steps = {(int(behind) - int(before)) % 10 for before, behind in pairwise(digits)}
    return len({*digits}) < 2 or steps in ({1}, {9}) or bool(REPEATED.search(digits))
