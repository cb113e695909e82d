from . import dsgvo_job_failure, ir_cron
