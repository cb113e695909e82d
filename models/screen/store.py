"""Covers what the browser gets of messages: `{model: [rows]}`, beside lists of recipients."""
from .covering import CONTACT, LIST, MASK, READING

THREAD = 'mail.thread'
EVENT = 'calendar.event'
# What rows of messages have beside fields.
OF_MESSAGES = {'default_subject': MASK, 'trackingValues': [], 'incoming_email_cc': False,
               'incoming_email_to': False}
CONTACT_ROW = {'id', 'name', 'email'}


class StoreCover:
    """Covers one answer; the one that is given stays as it is.

    :param env: environment of whoever answers
    :param set shown: the records that the screen shows, such as "res.partner,42"
    :param str way: LIST, or FORM where contacts have their names
    """

    def __init__(self, env, shown=frozenset(), way=LIST):
        # sudo: what is read here is in the answer, or says less
        self.env = env(su=True, context={**env.context, READING: way})
        self.shown = shown

    def cover(self, value):
        if isinstance(value, list):
            if value and all(
                    isinstance(part, dict) and part.keys() == CONTACT_ROW for part in value):
                return self._cover_rows(CONTACT, value)
            return [self.cover(part) for part in value if not _is_unknown_recipient(part)]
        if not isinstance(value, dict):
            return value
        if _is_recipient(value):
            [row] = self._cover_rows(CONTACT, [{
                'id': value['partner_id'], 'name': value.get('name')}])
            return value | {'name': row['name'], 'email': False}
        if self._is_alarm(value):
            return self._cover_alarm(value)
        return {
            name: self._cover_rows(name, part) if name in self.env and are_rows(part)
            else self.cover(part)
            for name, part in value.items()}

    def covers(self, records):
        """Return whether one of these records is a customer's and not shown."""
        return any(not self._is_shown(record) for record in self.env[records._name].browse(
            records._dsgvo_of_customers().ids))

    def _is_alarm(self, value):
        return EVENT in self.env and {'alarm_id', 'event_id', 'title', 'message'} <= value.keys()

    def _cover_alarm(self, value):
        """Leave when the appointment is, and not with whom or about what."""
        event = self.env[EVENT].browse(value['event_id']).exists()
        if not self.covers(event):
            return value
        return value | {'title': MASK, 'message': event.display_time}

    def _cover_rows(self, model, rows):
        rows = [{name: self.cover(part) for name, part in row.items()} for row in rows]
        by_model = {}
        for row in rows:
            by_model.setdefault(row.get('model') if model == THREAD else model, []).append(row)
        for name, some in by_model.items():
            if name in self.env:
                self._cover_records(self.env[name], some, model)
        return rows

    def _cover_records(self, Model, rows, kind):
        records = Model.browse([row['id'] for row in rows]).exists().filtered(
            lambda record: not self._is_shown(record))
        by_id = {record.id: record for record in records}
        rows = [row for row in rows if row['id'] in by_id]
        if kind != THREAD:
            records._dsgvo_cover(rows)
        of_customers = records._dsgvo_of_customers()
        for row in rows:
            if row.get('display_name'):
                row['display_name'] = by_id[row['id']].display_name
            if kind == 'mail.message' and by_id[row['id']] in of_customers:
                row.update({name: OF_MESSAGES[name] for name in row.keys() & OF_MESSAGES.keys()})

    def _is_shown(self, record):
        """Return whether the screen shows this record, or that on which it hangs."""
        for model, record_id in (('model', 'res_id'), ('res_model', 'res_id')):
            if {model, record_id} <= record._fields.keys() and (
                    f'{record[model]},{record[record_id]}' in self.shown):
                return True
        return f'{record._name},{record.id}' in self.shown


def are_rows(value):
    """Return whether a value is a list of rows of records."""
    return isinstance(value, list) and all(
        isinstance(row, dict) and isinstance(row.get('id'), int) for row in value)


def _is_recipient(value):
    return isinstance(value, dict) and {'email', 'partner_id'} <= value.keys() and (
        'id' not in value)


def _is_unknown_recipient(value):
    """Return whether a recipient has only an address, which the screen cannot send back."""
    return _is_recipient(value) and not value['partner_id']
