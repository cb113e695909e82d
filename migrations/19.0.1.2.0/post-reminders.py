def migrate(cr, version):
    """Let the activities of consents to renew and of objections be those of `dsgvo.reminder`.

    The types are data that no update changes. The daily job makes the activities anew where
    something is left to do; those on contacts stayed although it was settled.
    """
    cr.execute("""
        WITH renewed AS (
            UPDATE mail_activity_type t SET res_model = 'dsgvo.reminder'
              FROM ir_model_data d
             WHERE d.module = 'dsgvo' AND d.res_id = t.id
               AND d.name IN ('activity_type_expiry', 'activity_type_objection')
            RETURNING t.id)
        DELETE FROM mail_activity WHERE res_model = 'res.partner' AND activity_type_id IN (
            SELECT id FROM renewed)""")
