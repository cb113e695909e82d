from . import base, mailing_mailing, res_partner
