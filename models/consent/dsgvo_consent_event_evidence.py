import base64
import hashlib
import hmac
import mimetypes
import secrets

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.mimetypes import guess_mimetype

from .ledger import derive_key

SCANS_AT_ONCE = 100


class DsgvoConsentEvent(models.Model):
    """Note, signature and scan, which go with the person, and their digest, which stays."""
    _inherit = 'dsgvo.consent.event'

    @api.depends('signature')
    def _compute_proof(self):
        for event in self:
            proof = event.with_context(bin_size=False).signature
            mimetype = guess_mimetype(base64.b64decode(proof)) if proof else ''
            event.proof_is_image = mimetype.startswith('image/')
            event.proof_name = proof and f"proof{mimetypes.guess_extension(mimetype) or ''}"

    def _prepare_digest(self, vals):
        """Hash the evidence, which goes with the person: the hash of the row must outlive it."""
        evidence = [vals.get('note') or '', base64.b64decode(vals.get('signature') or b'')]
        salt = secrets.token_hex(16) if any(evidence) else False
        return {
            'evidence_salt': salt,
            'evidence_digest': salt and self._digest(salt, *evidence),
        }

    @api.model
    def _digest(self, salt, note, proof):
        """Return the hash of a note and the bytes of a signature or scan."""
        signature = base64.b64encode(proof).decode()  # one spelling, whatever the caller's was
        return hashlib.sha256('|'.join((salt, note, signature)).encode()).hexdigest()

    @api.model
    def _make_seal(self, event_id, salt, note, proof):
        """Return the keyed hash of the evidence of a decision as it is found."""
        key = derive_key(self.env['ir.config_parameter']._dsgvo_get_key())
        text = f'evidence|{event_id}|{self._digest(salt, note, proof)}'
        return hmac.digest(key, text.encode(), hashlib.sha256).hex()

    @api.model
    def _seal_legacy_evidence(self):
        """Seal what older versions left where their digest is another, before chains are sealed.

        They hashed a scan as it was passed, in any spelling of Base64, and before Odoo made a large
        picture smaller. Only decisions of chains without a seal are looked at.
        """
        unsealed = SQL("chain.seal IS NULL")
        for event_id, salt, note, proof in self._find_unproven(unsealed):
            if salt:
                self.env.cr.execute(SQL(
                    "UPDATE dsgvo_consent_event SET evidence_seal = %s WHERE id = %s",
                    self._make_seal(event_id, salt, note, proof), event_id))
        self.invalidate_model(['evidence_seal'])

    # === VERIFICATION === #

    @api.model
    def _find_changed_evidence(self):
        """Return an iterator over `(id, whether it was missing at the update already)`.

        These are the decisions whose note or proof is not the recorded one, nor the one that an
        update from an older version has found. Every scan is read, one at a time.
        """
        for event_id, salt, note, proof in self._find_unproven(SQL("TRUE")):
            # sudo: dsgvo.consent.event - the seal is compared, not shown
            seal = self.browse(event_id).sudo().evidence_seal
            is_sealed = bool(salt and seal) and hmac.compare_digest(
                seal, self._make_seal(event_id, salt, note, proof))
            if not (is_sealed and proof):
                yield event_id, is_sealed

    def _find_unproven(self, condition):
        """Yield `(event id, salt, note, bytes of the proof)` where the digest is another.

        :param condition: which decisions are looked at, on `event` and `chain`
        """
        self.flush_model()
        for event_id, salt, note in self.env.execute_query(SQL(
                """
                SELECT event.id, event.evidence_salt, event.note
                  FROM dsgvo_consent_event event
                  JOIN dsgvo_consent_chain chain ON chain.id = event.chain_id
                 WHERE coalesce(evidence_salt, note, evidence_digest) IS NOT NULL AND %s
                   AND NOT EXISTS (
                        SELECT FROM ir_attachment scan
                         WHERE scan.res_model = %s AND scan.res_field = 'signature'
                           AND scan.res_id = event.id)
                   AND CASE WHEN event.evidence_salt IS NOT NULL
                            THEN event.evidence_digest IS DISTINCT FROM encode(sha256(convert_to(
                                event.evidence_salt || '|' || coalesce(event.note, '') || '|',
                                'UTF8')), 'hex')
                            ELSE event.note IS NOT NULL
                                 OR event.evidence_digest IS NOT NULL AND NOT (%s) END
                 ORDER BY event.id
                """, condition, self._name, self._is_emptied_sql())):
            yield event_id, salt, note or '', b''
        last_id = 0
        while scans := self._read_scans(last_id, condition):
            last_id = scans[-1][0]
            for scan_id, event_id, salt, note, digest in scans:
                # sudo: ir.attachment - to be compared
                proof = self.env['ir.attachment'].sudo().browse(scan_id).raw or b''
                if not salt or digest != self._digest(salt, note or '', proof):
                    yield event_id, salt, note or '', proof
            self.env['ir.attachment'].invalidate_model(['raw'], flush=False)

    def _is_emptied_sql(self):
        """Return whether the evidence of an `event` may be gone. Extend with `OR`."""
        return SQL("event.partner_id IS NULL")

    def _read_scans(self, last_id, condition):
        return self.env.execute_query(SQL(
            """
            SELECT scan.id, event.id, event.evidence_salt, event.note, event.evidence_digest
              FROM ir_attachment scan
              JOIN dsgvo_consent_event event ON event.id = scan.res_id
              JOIN dsgvo_consent_chain chain ON chain.id = event.chain_id
             WHERE scan.res_model = %s AND scan.res_field = 'signature' AND scan.id > %s AND %s
             ORDER BY scan.id LIMIT %s
            """, self._name, last_id, condition, SCANS_AT_ONCE))
