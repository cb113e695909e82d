"""The files of attachments, wherever Odoo keeps them, and those in columns of other tables."""
import base64
import binascii
import os

from odoo.tools import SQL

from .files import FileReader

# Scripts and styles that Odoo makes of the files of addons, and of attachments and views, which are
# read themselves. It is the condition by which Odoo deletes them before it makes them anew.
IS_ASSET = SQL("url LIKE '/web/assets/%%' AND res_model = 'ir.ui.view' AND res_id = 0 AND public"
               " AND create_uid = 1")
LARGEST = 50 * 1024 * 1024  # bytes of a file that is not in a folder of this server


class AttachmentTexts(FileReader):
    """Reads the files of attachments.

    :param env: environment with the rights of the superuser
    """

    def __init__(self, env):
        super().__init__()
        self.env = env

    def get_texts(self, ids):
        """Yield `(id, text, kind)` of the attachments that have a file, in the order of their ids.

        `kind` is one of `files.KINDS` if the text is not all of it, else None.
        """
        for row_id, *attachment in self.env.execute_query(SQL(
                """
                SELECT id, type, coalesce(name, ''), coalesce(mimetype, ''), store_fname,
                       res_field IS NOT NULL, greatest(file_size, octet_length(db_datas))
                  FROM ir_attachment
                 WHERE id = ANY(%s) AND (%s) IS NOT TRUE
                   AND CASE type WHEN 'binary' THEN num_nonnulls(store_fname, db_datas) > 0
                                 WHEN 'url' THEN url LIKE '%%://%%' ELSE TRUE END
                 ORDER BY id
                """, ids, IS_ASSET)):
            yield row_id, *self._read_one(row_id, *attachment)

    def _read_one(self, row_id, kind, name, mimetype, store_name, is_field, size):
        if kind != 'binary':
            return '', 'outside'
        if is_field and mimetype.startswith('image/') and 'svg' not in mimetype:
            return '', 'field_picture'  # pictures that Odoo itself has drawn or made smaller
        Attachment = self.env['ir.attachment']
        path = store_name and Attachment._full_path(store_name)
        if path and os.path.exists(path):
            return self.get_text(name, mimetype, path)
        if (size or 0) > LARGEST:
            return '', 'large'
        content = Attachment._file_read(store_name) if store_name else self._read_column(
            'ir_attachment', 'db_datas', row_id)
        if not content and size != 0:
            return '', 'missing'
        return self.get_text(name, mimetype, content=content)

    def get_column_texts(self, table, names, ids):
        """Yield `(id, [(column, text, kind)])` of the rows of a table that have files."""
        columns = [SQL.identifier(name) for name in names]
        for row_id, *sizes in self.env.execute_query(SQL(
                "SELECT id, %s FROM %s WHERE id = ANY(%s) AND num_nonnulls(%s) > 0 ORDER BY id",
                SQL(", ").join(SQL("octet_length(%s)", column) for column in columns),
                SQL.identifier(table), ids, SQL(", ").join(columns))):
            yield row_id, [
                (name, *self._read_file_column(table, name, row_id, size))
                for name, size in zip(names, sizes, strict=True) if size]

    def _read_file_column(self, table, name, row_id, size):
        if size > LARGEST:
            return '', 'large'
        text, kind = self.get_text('', '', content=_decode_column(
            self._read_column(table, name, row_id)))
        return text, 'field_picture' if kind == 'picture' else kind

    def _read_column(self, table, name, row_id):
        contents = self.env.execute_query(SQL(
            "SELECT %s FROM %s WHERE id = %s",
            SQL.identifier(name), SQL.identifier(table), row_id))
        return bytes(contents[0][0] or b'') if contents else b''


def _decode_column(content):
    """Return a file that Odoo keeps in a column in base64, or as it is."""
    try:
        return base64.b64decode(content.translate(None, b'\r\n'), validate=True)
    except binascii.Error:
        return content
