"""Several processes that do a job together, as workers of Odoo do."""
import subprocess
import sys
import time


def time_together(env, code, workers, start):
    """Return how many seconds so many processes need for a job; their own start is not counted.

    :param str code: what a shell of Odoo runs; prints a line once it waits for the job
    :param start: a function that makes the job due; it is committed then
    """
    runs = [subprocess.Popen(
        [sys.executable, '-m', 'odoo', 'shell', '-d', env.cr.dbname,
         '--no-http', '--log-level=error'],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _worker in range(workers)]
    for run in runs:
        run.stdin.write(code)
        run.stdin.close()
    for run in runs:
        run.stdout.readline()
    started = time.perf_counter()
    start()
    env.cr.commit()
    failed = [run for run in runs if run.wait()]
    assert not failed, f"{len(failed)} runs failed"
    return time.perf_counter() - started
