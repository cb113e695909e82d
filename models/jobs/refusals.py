"""Refusals that name a customer are for the screen, and for nowhere else."""
import logging


def unlogged(error):
    """Return an error whose text Odoo does not write to the log of the server.

    Odoo logs a refusal as a warning, with its text. A log is one more copy of the name, and no
    erasure reaches it.
    """
    error.loglevel = logging.DEBUG  # read by `odoo.http.Application`
    return error
