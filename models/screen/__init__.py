from . import (
    base,
    base_customer_rows,
    bus_bus,
    dsgvo_data_rule,
    ir_http,
    mail_activity,
    res_company,
    res_partner,
    res_users,
    sale_order,
    sale_order_line,
    stock_forecasted,
)
