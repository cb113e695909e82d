# isort: off
# Each room extends classes of the rooms before it.
from . import (
    jobs,
    consent,
    map,
    erasure,
    suppression,
    search,
    notification,
    marketing,
    screen,
    till,
    gate,
    documents,
    overview,
)
