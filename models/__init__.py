# isort: off
# Each room extends what the rooms before it define.
from . import (
    jobs,
    consent,
    map,
    erasure,
    suppression,
    search,
    notification,
    marketing,
    till,
    gate,
)
