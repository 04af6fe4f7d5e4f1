"""Commands of the refresh engine."""
