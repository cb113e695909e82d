from odoo import fields, models


class DsgvoConsentChain(models.Model):
    """Length and last hash of the decisions of one person, kept by PostgreSQL (see ledger.py)."""
    _name = 'dsgvo.consent.chain'
    _description = "Chain of Consent Decisions"
    _log_access = False

    event_count = fields.Integer("Decisions", required=True, readonly=True)
    hash = fields.Char(readonly=True)
    legacy_count = fields.Integer(
        readonly=True, help="Number of the first decisions, which were hashed without a key.")
    seal = fields.Char(readonly=True, help="Keyed hash of the number of decisions and of the last.")
    person_seal = fields.Char(readonly=True, help="Keyed hash of the customer.")

    _positive_id = models.Constraint('CHECK (id > 0)', "Chains are numbered from 1.")
