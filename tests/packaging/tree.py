"""The project's tree as the packaging tests see it."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("app", "graph", "workers", "cypher")


def tracked_files() -> list[str]:
    """Paths of the files under version control, or of a source distribution, with forward slashes."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.split("\0")
        # A file that somebody is removing is still listed.
        return [name for name in listed if name and (ROOT / name).is_file()]
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [path.as_posix() for path in found if path.parts[0] != ".venv" and "__pycache__" not in path.parts]
