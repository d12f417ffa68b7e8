"""The staff at their browsers, as for the other screens of the admin."""

from tests.admin.conftest import aziza, parvin, root, rustam

__all__ = ["aziza", "parvin", "root", "rustam"]
