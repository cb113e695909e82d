import base64
import hashlib
import mimetypes
import secrets

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.image import ImageProcess
from odoo.tools.mimetypes import guess_mimetype

SCANS_AT_ONCE = 100
RESIZED_TO = 1920  # pixels, by ir.attachment, which decisions of older versions did not prevent


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
        """Hash what goes with the person, so that the hash of the row outlives it."""
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

    # === VERIFICATION === #

    @api.model
    def _find_changed_evidence(self):
        """Return an iterator over the ids of decisions whose note or proof is not the recorded one.

        Every scan is read, one at a time.
        """
        self.flush_model()
        for event_id, in self.env.execute_query(SQL(
                """
                SELECT event.id FROM dsgvo_consent_event event
                 WHERE coalesce(evidence_salt, note, evidence_digest) IS NOT NULL
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
                """, self._name, self._is_emptied_sql())):
            yield event_id
        last_id = 0
        while scans := self._read_scans(last_id):
            last_id = scans[-1][0]
            for scan_id, event_id, salt, note, digest, is_legacy in scans:
                # sudo: ir.attachment - to be compared
                proof = self.env['ir.attachment'].sudo().browse(scan_id).raw or b''
                if not salt or (digest != self._digest(salt, note or '', proof) and not (
                        is_legacy and self._was_resized(proof))):
                    yield event_id
            self.env['ir.attachment'].invalidate_model(['raw'], flush=False)

    def _is_emptied_sql(self):
        """Return whether the evidence of an `event` may be gone. Extend with `OR`."""
        return SQL("event.partner_id IS NULL")

    def _read_scans(self, last_id):
        return self.env.execute_query(SQL(
            """
            SELECT scan.id, event.id, event.evidence_salt, event.note, event.evidence_digest,
                   event.position <= chain.legacy_count
              FROM ir_attachment scan
              JOIN dsgvo_consent_event event ON event.id = scan.res_id
              JOIN dsgvo_consent_chain chain ON chain.id = event.chain_id
             WHERE scan.res_model = %s AND scan.res_field = 'signature' AND scan.id > %s
             ORDER BY scan.id LIMIT %s
            """, self._name, last_id, SCANS_AT_ONCE))

    @api.model
    def _was_resized(self, proof):
        """Whether Odoo made a picture smaller when it was recorded: it cannot be compared."""
        if not guess_mimetype(proof).startswith('image/'):
            return False
        try:
            picture = ImageProcess(proof, verify_resolution=False).image
        except Exception:  # no picture: Odoo cannot have made it smaller
            return False
        return bool(picture) and max(picture.size) == RESIZED_TO
