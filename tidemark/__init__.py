"""The runner: applies SQL files, keeps stored views fresh, reports; it decides nothing about the business."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("tidemark")
except PackageNotFoundError:  # run straight from a checkout that was never installed
    __version__ = "0+checkout"

__all__ = ["__version__"]
