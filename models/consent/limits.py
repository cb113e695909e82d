"""How long periods in the settings may be: no calendar and no column counts further."""
from odoo.exceptions import ValidationError

LONGEST = {'years': 100, 'months': 1_200, 'days': 36_500, 'hours': 10_000}


def check_longest(records, names, unit):
    """Refuse a period that is longer than anybody can mean.

    :param names: the fields that hold a number of this unit
    :param str unit: a key of `LONGEST`
    :raise ValidationError: with the label of the field
    """
    for name in names:
        if any(record[name] > LONGEST[unit] for record in records):
            raise ValidationError(records.env._(
                "“%(field)s” can be %(most)s at most. Enter a smaller number.",
                field=records._fields[name]._description_string(records.env), most=LONGEST[unit]))
