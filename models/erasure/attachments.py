"""The files of attachments, wherever Odoo keeps them."""
import os

from odoo.tools import SQL

from .files import FileReader

ASSETS = "/web/assets/%"  # made of the code of the addons
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
                 WHERE id = ANY(%s) AND type != 'url' AND (url IS NULL OR url NOT LIKE %s)
                   AND (type != 'binary' OR num_nonnulls(store_fname, db_datas) > 0)
                 ORDER BY id
                """, ids, ASSETS)):
            yield row_id, *self._read_one(row_id, *attachment)

    def _read_one(self, row_id, kind, name, mimetype, store_name, is_field, size):
        if kind != 'binary':
            return '', 'outside'
        if is_field and mimetype.startswith('image/') and 'svg' not in mimetype:
            return '', 'field_picture'  # what Odoo itself has drawn or made smaller
        Attachment = self.env['ir.attachment']
        path = store_name and Attachment._full_path(store_name)
        if path and os.path.exists(path):
            return self.get_text(name, mimetype, path)
        if (size or 0) > LARGEST:
            return '', 'large'
        content = Attachment._file_read(store_name) if store_name else self._read_column(row_id)
        if size and not content:
            return '', 'missing'
        return self.get_text(name, mimetype, content=content)

    def _read_column(self, row_id):
        [[content]] = self.env.execute_query(SQL(
            "SELECT db_datas FROM ir_attachment WHERE id = %s", row_id))
        return bytes(content or b'')
