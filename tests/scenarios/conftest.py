"""The spines of the use cases' tests."""

from tests.usecases.conftest import open_spine, spine

__all__ = ["open_spine", "spine"]
