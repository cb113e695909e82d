"""Jobs that still run at the time of day of the installation run at night from now on.

A shop that chose another time keeps it.
"""
from odoo.tools import SQL

NIGHT = {
    'ir_cron_expire': '00:00', 'ir_cron_note_ledger': '00:15', 'ir_cron_find': '00:30',
    'ir_cron_replay': '01:45', 'ir_cron_verify_ledger': '02:00', 'ir_cron_find_gaps': '02:30'}
# Seconds between the start of the installation and that of the job; the change of the clock moves
# a job by an hour.
LATE, HOUR = 900, 3600


def migrate(cr, version):
    for name, time in NIGHT.items():
        cr.execute(SQL(
            """
            WITH job AS (
                SELECT id, extract(epoch FROM nextcall::time - create_date::time)::int AS apart
                  FROM ir_cron WHERE id = (
                    SELECT res_id FROM ir_model_data
                     WHERE module = 'dsgvo' AND model = 'ir.cron' AND name = %s)
            )
            UPDATE ir_cron SET nextcall = (nextcall::date + 1) + %s::time
              FROM job
             WHERE job.id = ir_cron.id AND ir_cron.nextcall::time > '03:00'
               AND least(abs(apart), abs(apart - %s), abs(apart + %s)) <= %s
            """, name, time, HOUR, HOUR, LATE))
