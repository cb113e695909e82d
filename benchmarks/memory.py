"""How much memory this process took."""
import gc


def reset_peak():
    gc.collect()
    with open('/proc/self/clear_refs', 'w') as file:
        file.write('5')


def get_peak():
    """Return the largest size of this process since `reset_peak`, in MB."""
    with open('/proc/self/status') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmHWM')) / 1024
