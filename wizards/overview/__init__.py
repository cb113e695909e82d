from . import dsgvo_overview_report
