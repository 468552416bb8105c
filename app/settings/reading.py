"""Typed values out of an environment."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit


class SettingsFault(Exception):
    """A setting is missing or breaks its rule; the message names the variable and the rule."""


class Reader:
    """Takes typed values out of an environment; an empty value counts as unset."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment

    def text(self, *names: str) -> str | None:
        """The first of these variables that is set."""
        for name in names:
            value = self.environment.get(name, "").strip()
            if value:
                return value
        return None

    def secret(self, name: str) -> str | None:
        """The variable `name`, else the content of the file that `name`_FILE names."""
        value, file = self.text(name), self.text(f"{name}_FILE")
        if value is not None or file is None:
            return value
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else "it is not UTF-8"
            raise SettingsFault(f"{name}_FILE cannot be read: {reason}") from fault

    def url(self, default: str, schemes: frozenset[str], *names: str) -> str:
        """An address of one of these schemes."""
        value = self.text(*names) or default
        scheme = urlsplit(value).scheme
        if scheme not in schemes:
            raise SettingsFault(f"{names[0]} must start with one of {', '.join(sorted(schemes))} followed by ://")
        return value

    def integer(self, default: int, name: str, minimum: int = 1, maximum: int = 2**31) -> int:
        """A whole number within bounds."""
        value = self.seconds(default, name, minimum, maximum, "a whole number")
        if value != int(value):
            raise SettingsFault(f"{name} must be a whole number")
        return int(value)

    def seconds(
        self, default: float, name: str, minimum: float = 0.0, maximum: float = 1e9, kind: str = "a number of seconds"
    ) -> float:
        """A number within bounds."""
        value = self.text(name)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            raise SettingsFault(f"{name} must be {kind}") from None
        if not minimum <= number <= maximum:
            raise SettingsFault(f"{name} must be {kind} from {minimum:g} to {maximum:g}")
        return number

    def folder(self, name: str) -> Path | None:
        """A folder that exists."""
        value = self.text(name)
        if value is None:
            return None
        folder = Path(value).expanduser()
        if not folder.is_dir():
            raise SettingsFault(f"{name} must be a folder")
        return folder

    def flag(self, default: bool, name: str) -> bool:
        """Yes or no, in a few spellings."""
        value = (self.text(name) or "").lower()
        if not value:
            return default
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise SettingsFault(f"{name} must be true or false")
