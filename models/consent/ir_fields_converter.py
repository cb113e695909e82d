from odoo import api, fields, models
from odoo.tools.translate import code_translations

from .res_partner import CONSENT_FIELDS

FIRST_YEAR = 1900  # of a decision: an earlier one is a slip of the pen


class IrFieldsConverter(models.AbstractModel):
    """What an imported cell says about a consent: a known word, nothing, or an error."""
    _inherit = 'ir.fields.converter'

    @api.model
    def _str_to_selection(self, model, field, value, savepoint):
        """Take no cell for a decision that is none, whatever the import shall do with unknown ones.

        :raise ValueError: naming the words that are allowed
        """
        if not self.env['ir.default']._dsgvo_is_guarded(model._name, field.name):
            return super()._str_to_selection(model, field, value, savepoint)
        if field.name not in CONSENT_FIELDS:
            strict = self.with_context(import_skip_records=[], import_set_empty_fields=[])
            return super(IrFieldsConverter, strict)._str_to_selection(
                model, field, value, savepoint)
        words = self._dsgvo_words(field)
        word = str(value).strip().lower()
        if word and word not in words:
            raise self._format_import_error(
                ValueError,
                self.env._(
                    "“%(value)s” in the column “%%(field)s” is no decision. Write one of these"
                    " words: %(words)s. Leave the cell empty if the customer was never asked."),
                {'value': str(value), 'words': ", ".join(words)})
        return words.get(word, False), []

    @api.model
    def _str_to_date(self, model, field, value, savepoint):
        """Take no day on which nobody can have decided; Odoo cannot read years before 1000 again.

        :raise ValueError: naming the cell
        """
        day, warnings = super()._str_to_date(model, field, value, savepoint)
        if (day and self.env['ir.default']._dsgvo_is_guarded(model._name, field.name)
                and fields.Date.from_string(value).year < FIRST_YEAR):
            raise self._format_import_error(
                ValueError,
                self.env._(
                    "On “%(value)s”, in the column “%%(field)s”, no customer can have decided."
                    " Write the day of the decision, the year with four digits: 2026-03-31."),
                {'value': value})
        return day, warnings

    @api.model
    def _dsgvo_words(self, field):
        """Return `{word in lower case: decision}`, in English and in the language of the user."""
        words = {}
        for lang in ('en_US', self.env.lang or self.env.user.lang or 'en_US'):
            env = self.with_context(lang=lang).env
            for value, label in field._description_selection(env):
                words |= {value: value, label.lower(): value}
            # Odoo's own translation: an import of yes and no knows the same words.
            own = code_translations.get_python_translations('base', lang)
            words |= {own.get("yes", "yes"): 'granted', own.get("no", "no"): 'refused'}
        return words
