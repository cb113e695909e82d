from . import information, xlsx
