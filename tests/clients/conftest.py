"""The scenarios stand in modules of their own; what they assert is explained as it is in test files."""

import pytest

pytest.register_assert_rewrite("tests.clients.cli", "tests.clients.python")
