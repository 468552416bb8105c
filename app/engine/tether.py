"""Ties a process to the one that started it, then becomes the command it was given.

Run by path with `python -I -S tether.py PARENT SIGNAL COMMAND...`, standard library only: the kernel is asked to send
SIGNAL to this process when its parent ends, in whatever way (Linux only; elsewhere the reaper does it alone). A wrapper
and not code between fork and exec, which is unsafe in a process with threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Tie this process to PARENT and become COMMAND; exits with 1 if PARENT has ended or COMMAND cannot be run."""
    parent, signal_number, command = int(arguments[0]), int(arguments[1]), arguments[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
    try:
        os.execv(command[0], command)
    except OSError as fault:
        sys.exit(f"{command[0]} cannot be run: {fault.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
