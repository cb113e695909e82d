def migrate(cr, version):
    """Take away the page of settings that the page of the company replaces, and its restriction.

    The old views name fields that are gone, so the update could not read what inherits from Odoo's
    page. A menu that no longer names groups keeps those of the version before.
    """
    cr.execute("""
        WITH old AS (
            DELETE FROM ir_model_data
             WHERE module = 'dsgvo' AND model = 'ir.ui.view'
               AND name ~ '^res_config_settings_view_form(_erasure)?$'
            RETURNING res_id)
        DELETE FROM ir_ui_view WHERE id IN (SELECT res_id FROM old)
            OR inherit_id IN (SELECT res_id FROM old)""")
    cr.execute("""
        DELETE FROM ir_ui_menu_group_rel WHERE menu_id IN (
            SELECT res_id FROM ir_model_data
             WHERE module = 'dsgvo' AND model = 'ir.ui.menu' AND name = 'menu_settings')""")
