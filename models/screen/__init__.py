from . import (
    base,
    dsgvo_data_rule,
    ir_http,
    res_company,
    res_partner,
    res_users,
    sale_order,
    sale_order_line,
    stock_forecasted,
)
