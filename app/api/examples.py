"""One example of each object of the API, by the name of its schema; a test holds them against the schemas."""

from collections.abc import Mapping
from types import MappingProxyType

EXAMPLES: Mapping[str, object] = MappingProxyType({})
