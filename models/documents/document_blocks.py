"""What a kind of document is made of: blocks of text and of data."""
from typing import NamedTuple

from odoo.tools.translate import LazyGettext


class Block(NamedTuple):
    """A piece of a document that demands an article, and that the shop can word anew."""
    code: str
    """Its name within the kind of document. It never changes: own texts of shops hang on it."""
    title: LazyGettext
    article: LazyGettext
    text: LazyGettext
    """Paragraphs, lists with dashes, and `{names}` of values of `dsgvo.document._get_values`."""
    data: str = ''
    """What follows the text: the method `_list_<data>` of `dsgvo.document`. If that returns None,
    the block is left out."""
    is_boxed: bool = False


class Kind(NamedTuple):
    """A kind of document."""
    name: LazyGettext
    article: LazyGettext
    blocks: list
    made_for: str = ''
    """`person` if it can be made for one customer, `party` if it is made with somebody."""
    is_letter_size: bool = True
    """A4. Otherwise A5, for the counter, without table of contents and articles."""
