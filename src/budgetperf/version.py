"""The version of the program, as it stands in everything that it writes."""

__version__ = "0.1.0"
