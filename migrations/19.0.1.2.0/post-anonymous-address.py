"""Give anonymous customers the street and ZIP without which some fiscal exports stop."""


def migrate(cr, version):
    cr.execute("""
        UPDATE res_partner anonymous SET street = '-', zip = '00000'
          FROM res_company company
         WHERE company.dsgvo_anonymous_partner_id = anonymous.id
           AND coalesce(anonymous.street, '') = '' AND coalesce(anonymous.zip, '') = ''
    """)
