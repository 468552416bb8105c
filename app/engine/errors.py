"""What can go wrong in the local engine, as one tree.

::

    EngineFault
    ├── FetchFault     a jar cannot be fetched, or is not the one that the lock names
    ├── PortFault      a port is taken
    ├── HomeFault      the home is in use, not writable or damaged
    ├── MachineFault   too little disk or memory, no suitable Java, an unsupported platform
    └── StartFault     a part did not start, or a given server does not answer
"""


class EngineFault(Exception):
    """Root of the engine's errors: the message is one line for the person at the console, without secrets."""


class FetchFault(EngineFault):
    """A jar cannot be fetched, or is not the one that the lock names."""


class PortFault(EngineFault):
    """A port is taken; the line names the port, who needs it and the option that moves it."""


class HomeFault(EngineFault):
    """The home is in use, not writable or damaged."""


class MachineFault(EngineFault):
    """The machine lacks something: disk, memory, a suitable Java, a supported platform."""


class StartFault(EngineFault):
    """A part did not start, or a given server does not answer."""
