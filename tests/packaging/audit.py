"""Asks the published advisories about everything that the locks name: `make audit`.

Exits with 1 if something is known to be vulnerable. Where the advisories cannot be reached nothing is known, which is
said in plain words and is no failure: a machine without that service must still be able to check the rest.
"""

import subprocess
import sys

import msgspec
from msgspec import Struct

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")


class Advisory(Struct):
    """One known fault of a package."""

    id: str
    fix_versions: list[str]


class Audited(Struct):
    """One package of a lock: what is known against it, or why nothing is."""

    name: str
    version: str = ""
    vulns: list[Advisory] = []
    skip_reason: str | None = None


class Report(Struct):
    """What pip-audit found."""

    dependencies: list[Audited]


def audit() -> Report:
    """Ask about all locks at once; nothing is installed or resolved for it."""
    wanted = [word for lock in LOCKS for word in ("-r", lock)]
    how = ("--no-deps", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
    command = [sys.executable, "-m", "pip_audit", *how, *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return msgspec.json.decode(done.stdout, type=Report)
    except msgspec.DecodeError:
        raise SystemExit(f"audit: pip-audit gave no report:\n{done.stderr.strip()}") from None


def verdict(report: Report) -> tuple[str, int]:
    """What to print about a report, and the exit code."""
    known = [one for one in report.dependencies if one.skip_reason is None]
    if not known:
        return "audit: NOT RUN: no advisory service answers here, so nothing is known of any package", 0
    said = [
        f"  {one.name} {one.version}: {fault.id}, mended in {', '.join(fault.fix_versions) or 'no version yet'}"
        for one in known
        for fault in one.vulns
    ]
    unknown = [one.name for one in report.dependencies if one.skip_reason is not None]
    if unknown:
        said.append(f"  nothing is known of {len(unknown)} packages: {', '.join(sorted(set(unknown)))}")
    faulty = any(one.vulns for one in known)
    return "\n".join([f"audit: {len(known)} packages, {'' if faulty else 'no '}known faults", *said]), int(faulty)


def main() -> int:
    """Audit and say so."""
    text, code = verdict(audit())
    print(text)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
