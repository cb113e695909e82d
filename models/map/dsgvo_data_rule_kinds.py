from typing import NamedTuple

from odoo import api, models


class KindOfData(NamedTuple):
    """The map's knowledge of one category, in the language of the reader."""
    label: str
    models: list
    """The labels of the models in which it lies, in the order of the alphabet."""
    periods: list
    """How long it is kept, a sentence for each class."""


class DsgvoDataRule(models.Model):
    """The map for documents: which data there are, and how long they are kept."""
    _inherit = 'dsgvo.data.rule'

    @api.model
    def _get_kinds_of_data(self):
        """Return `{category: KindOfData}` of what this database holds of persons."""
        labels = dict(self._fields['category']._description_selection(self.env))
        rules = self._get_all()._awake().filtered(lambda rule: not rule._is_exemption())
        return {
            category: KindOfData(
                labels[category], some._get_model_labels(), some._describe_periods())
            for category, some in rules.grouped('category').items()}

    def _get_model_labels(self):
        own = self.filtered(lambda rule: rule.is_about_person and rule.model in self.env)
        return sorted(set(self._name_kinds(own.mapped('model')).values()))

    def _describe_periods(self):
        """Return sentences: how long the law keeps these places, or that nothing keeps them."""
        holding = self.filtered(lambda rule: rule.erase == 'hold')
        kept = self.retention_id.filtered('is_on')
        with_customer = holding.retention_id
        sentences = [
            self.env._("%(documents)s: %(period)s", documents=one.name, period=one.period)
            if one in with_customer else self.env._(
                "%(documents)s: %(period)s, without the customer",
                documents=one.name, period=one.period)
            for one in kept]
        sentences += dict.fromkeys(
            self.env._("%(documents)s: %(period)s", documents=row['name'], period=row['period'])
            for row in self._get_rows_without_class())
        alone, beside_others = self._describe_rest()
        if not sentences:
            return [alone]
        return [*sentences, beside_others] if self - holding else sentences

    def _get_rows_without_class(self):
        """Return those of these places that the law keeps for years of their own, as plain values.

        They are dicts with `name`, `basis` and `period`, as of the classes (`dsgvo.retention`).
        """
        own = self.filtered(lambda rule: rule.erase == 'hold' and not rule.retention_id)
        names = self._name_kinds(own.mapped('model'))
        return [{
            'name': names[rule.model], 'basis': rule.basis or '',
            'period': self.env._("%(years)s years from the end of the calendar year",
                                 years=rule.retention_years),
        } for rule in own]

    @api.model
    def _describe_rest(self):
        """Return how long data stay that no law keeps: said alone, and beside other periods."""
        return (self.env._("Until the customer is erased"),
                self.env._("All other data: until the customer is erased"))
